"""Configuration: what can be chosen, and what follows from it.

Which module to open:

- `settings`: every setting of a twin; `parsing` reads durations and addresses
- `services`: the vendors that are served, and which of them a request is for
- `documented`, `webhook_policy`: defaults that a vendor's document states
- `base_urls`: what generated links begin with
"""
