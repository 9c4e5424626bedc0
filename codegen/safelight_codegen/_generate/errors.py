"""What can go wrong while generating, as one sentence for the command line."""


class GenerationError(Exception):
    """Nothing was generated; the message says what is wrong, where, and what to do."""
