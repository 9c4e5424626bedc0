"""A client for each vendor: a session, and the vendor's operations as methods.

- `topaz`, `claid`, `tengr`: the built-in vendors.
- `job_api`: the jobs of any API.
"""
