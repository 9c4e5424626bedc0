"""The files of ours that decide what generated code looks like."""

from pathlib import Path

from safelight_codegen._generate.file_tree import read_tree

TEMPLATES = Path(__file__).parent / "templates"
CLIENT_TEMPLATES = TEMPLATES / "client"
CLIENT_SETTINGS = TEMPLATES / "openapi-python-client.yaml"


def house_template(name: str) -> str:
    """Read one of the modules that is generated as it stands."""
    return (TEMPLATES / "house" / f"{name}.py.txt").read_text(encoding="utf-8")


def template_inputs() -> dict[str, bytes]:
    """Read every template and setting by the name the manifest gives it."""
    return {f"codegen/templates/{name}": content for name, content in read_tree(TEMPLATES).items()}
