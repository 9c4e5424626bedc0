"""The examples as the mock server takes them."""

from pathlib import Path

from safelight_mock import Spec

FOLDER = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/lifecycle.overlay.yaml"))
SPECS = [
    Spec(next((FOLDER / name).glob("[os]*.yaml")), FOLDER / name / "lifecycle.overlay.yaml", name=name)
    for name in NAMES
]
