"""Comparison: other departments' lists set against the register, month by month."""
