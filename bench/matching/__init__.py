"""A month's comparison beside DuckDB alone, over the same keyed lists."""
