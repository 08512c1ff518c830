"""Level 1: one endless concrete structure; so far its car park."""
