"""JSON and YAML as plain values: `documents` reads and writes both, `core_yaml` is YAML 1.2 alone."""
