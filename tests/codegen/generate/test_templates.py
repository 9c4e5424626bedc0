"""A few of the generator's templates are replaced; each has the digest of its original."""

import hashlib
from importlib.metadata import version
from importlib.resources import files

import pytest

from safelight_codegen._generate.file_tree import read_tree
from safelight_codegen._generate.templates import CLIENT_TEMPLATES

ORIGINALS = {  # sha256
    "endpoint_module.py.jinja": "c1b2628053eb4875ba59566baa5ae907666f9cbfafa308d93f970a4404b7cd52",
    "package_init.py.jinja": "ac15907e32dc39bd9b83ea6f2002fb87514f2182b97f88231b5a9c47321f6210",
    "property_templates/boolean_property.py.jinja": (
        "df1821adba9279487e424d6f75a59bfd1c4638136385f2857fd1013a630e0735"
    ),
    "str_enum.py.jinja": "e4979a5e6b338351eda8bdac534017cfbeb51a809b494fd3c632db39414817fc",
    "types.py.jinja": "93df9d75883a4eafac77dd21bc6907f3ef612e3f7841e08656618dcf6c4ce494",
}


def test_every_owned_template_has_a_noted_original() -> None:
    assert read_tree(CLIENT_TEMPLATES).keys() == ORIGINALS.keys()


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_original_is_still_the_one_a_template_was_adapted_from(name: str) -> None:
    original = files("openapi_python_client").joinpath("templates", name).read_bytes()

    assert hashlib.sha256(original).hexdigest() == ORIGINALS[name], "compare, adapt ours, note the new hash"


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_template_names_the_generator_version_it_was_adapted_from(name: str) -> None:
    first_line = read_tree(CLIENT_TEMPLATES)[name].decode().splitlines()[0]

    assert f"openapi-python-client {version('openapi-python-client')} " in first_line
