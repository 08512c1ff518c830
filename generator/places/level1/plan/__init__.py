"""The car park in plan: movement joints, tiles of one grid each, and what stands and is painted on them."""
