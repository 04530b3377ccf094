"""What was answered under idempotency keys: every process of ours empties its own."""

from typing import Final

HELD: Final = """
SELECT created_at AS since FROM idempotency WHERE county = :county AND body IS NOT NULL
"""
