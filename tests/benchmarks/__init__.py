"""Figures that are measured, not asserted: each ``bench_*.py`` has ``rows() -> (name, value, unit, goal)``."""
