"""Level 0's set: what its shell wears, and what hangs and stands in it."""
