"""JSON and YAML as plain values: `documents` reads and writes both.

- `core_yaml`: YAML 1.2 of any kind; `libyaml`: plain YAML, which is most, and is read faster.
"""
