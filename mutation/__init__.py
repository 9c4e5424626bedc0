"""How much our tests notice: mutants with names, and a sweep over all of `core` and `wire`."""
