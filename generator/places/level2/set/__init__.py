"""What the tunnels' shell wears, and what stands and hangs in them."""
