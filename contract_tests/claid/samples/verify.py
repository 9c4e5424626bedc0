"""Tell whether a webhook of Claid's is genuine: `python verify.py SECRET SIGNATURE < body`."""

import hmac
import sys


def is_genuine(body: bytes, secret: str, signature: str) -> bool:
    """Make the signature again from the body's very bytes, and compare in constant time."""
    made = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode())


if __name__ == "__main__":
    print(is_genuine(sys.stdin.buffer.read(), *sys.argv[1:]))  # noqa: T201 - a program that tells
