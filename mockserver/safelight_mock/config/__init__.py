"""Configuration: what can be chosen, and what follows from it.

Which module to open:

- `settings`: every setting of a twin; `parsing` reads durations and addresses
- `services`: the vendors that are served, which of them a request is for, their settings and the defaults
  that documents declare
- `engines`: opens a sandbox with the lifecycle and the settings of its vendor
- `base_urls`: what generated links begin with
"""
