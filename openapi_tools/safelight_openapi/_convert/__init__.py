"""Documents into one form: `normalise` makes OpenAPI 3.1.2 of 3.0 and 3.1, `join` makes one of several."""
