"""Converts documents: `normalise` from OpenAPI 3.0 or 3.1 to 3.1.2, `join` from several to one."""
