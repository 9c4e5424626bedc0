"""Verify the signature of a Claid webhook: `python verify.py SECRET SIGNATURE < body`."""

import hmac
import sys


def is_genuine(body: bytes, secret: str, signature: str) -> bool:
    """Compute the signature of the raw body and compare in constant time."""
    made = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode())


if __name__ == "__main__":
    print(is_genuine(sys.stdin.buffer.read(), *sys.argv[1:]))  # noqa: T201 - a program that prints
