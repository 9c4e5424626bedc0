"""How much the tests notice: copies of the checkout to break, and a sweep by mutmut."""
