"""One client for each vendor; `client_methods` are what all of them have."""
