"""What must be there before an act, each need by the name the tables use."""
