"""The pipes: which lines run where, how they go round corners and end, and their supports, bands and labels."""
