"""The roster workbook: how a county's register comes in as a file, and how it goes back."""
