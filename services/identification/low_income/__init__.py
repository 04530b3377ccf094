"""The low-income database: who is in which group, since when, from where, and what before."""
