"""The error of generation."""


class GenerationError(Exception):
    """Nothing was generated; the message says what is wrong, where, and what to do."""
