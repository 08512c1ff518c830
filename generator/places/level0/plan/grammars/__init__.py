"""Grammars of districts: how 60 to 200 m of floor are divided, one file each."""
