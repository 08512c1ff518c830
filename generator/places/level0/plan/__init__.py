"""Rules of Level 0's plan: blocks of rooms about a maze, their openings, partitions and lamps."""
