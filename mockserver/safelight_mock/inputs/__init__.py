"""Inputs that a request names by a URL.

Which module to open:

- `loader`: which are fetched, replaced by a placeholder or rejected, and loading them into storage
- `fetch`: downloads one over HTTP, with limits
- `placeholder`, `samples`: images made from a URL, and built-in ones
- `made_files`: generated test cards, clips (`clips`, which writes MP4), tones and texts
"""

from safelight_mock.inputs.loader import UrlInputLoader

__all__ = ["UrlInputLoader"]
