"""What comes in by other hands than the applicant's own: requests at one door, calls and lists."""
