"""Templates and settings for generated code."""

from pathlib import Path

from safelight_codegen._generate.file_tree import read_tree

TEMPLATES = Path(__file__).parent / "templates"
CLIENT_TEMPLATES = TEMPLATES / "client"
CLIENT_SETTINGS = TEMPLATES / "openapi-python-client.yaml"


def module_template(name: str) -> str:
    """Return a module that is part of the output."""
    return (TEMPLATES / "house" / f"{name}.py.txt").read_text(encoding="utf-8")


def template_inputs() -> dict[str, bytes]:
    """Return every template and setting by its name in the manifest."""
    return {f"codegen/templates/{name}": content for name, content in read_tree(TEMPLATES).items()}
