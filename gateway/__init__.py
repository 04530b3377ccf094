"""The only door: whose token, which scope, which service."""
