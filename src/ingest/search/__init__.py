"""Search text and queries, worked out by us so that every database is given the same terms to look for."""
