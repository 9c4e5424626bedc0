"""Configuration: what can be chosen, and what follows from it.

Which module to open:

- `settings`: every setting of a twin; `parsing` reads durations and addresses
- `services`: the vendors that are served, their settings (also those whose default a document declares), and which
  of them a request is for
- `base_urls`: what generated links begin with
"""
