"""Papers of a case: kept sealed, filed under nine items, written as letters, printed."""
