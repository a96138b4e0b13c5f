"""`make bench`: pages a second, memory, and the cost of look-ups in a large store."""
