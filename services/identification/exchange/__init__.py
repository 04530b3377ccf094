"""The exchange with the province: files in and out by templates that are data."""
