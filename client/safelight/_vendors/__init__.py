"""A client for each vendor: a session, and the vendor's operations as methods."""
