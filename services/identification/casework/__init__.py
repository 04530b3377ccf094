"""Casework: an application on its path from a knock on the door to a decision."""
