"""The machines' face: banks and agencies ask for tokens here."""
