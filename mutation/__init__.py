"""Mutation tests: copies of the checkout to break, and a sweep by mutmut."""
