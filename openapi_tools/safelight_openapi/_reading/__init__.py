"""JSON and YAML as plain values: `documents` reads and writes both, `core_yaml` only YAML 1.2."""
