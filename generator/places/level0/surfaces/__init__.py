"""Level 0's materials: papers, carpet, tile, lens and the solid stuff of its props."""
