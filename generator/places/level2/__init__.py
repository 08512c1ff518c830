"""Level 2: an endless graph of service tunnels, and the pipes in them."""
