"""From effective specifications to everything under `generated/`."""
