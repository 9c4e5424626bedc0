"""What is said when a file cannot be compared with what was vendored."""


class DriftError(ValueError):
    """There is nothing to compare; the message is one sentence that names the file."""
