"""The error for files that cannot be compared."""


class DriftError(ValueError):
    """A file cannot be compared; the message is one sentence that begins with its name."""
