"""What the car park's shell wears, and what stands and hangs in it."""
