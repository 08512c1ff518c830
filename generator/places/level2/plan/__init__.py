"""The tunnels in plan: a graph on a lattice of its own, its legs and nodes, the ground between them, the lamps."""
