"""Without the extra `openapi` the error names what to install."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # processes


def test_a_name_that_needs_the_extra_names_what_to_install() -> None:
    program = (
        "import sys; sys.modules['ruamel.yaml.error'] = None; import safelight_openapi as it; it.JSONValue"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    sentence = "safelight_openapi needs ruamel.yaml.error; run: pip install 'safelight[openapi]'"
    assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: {sentence}"


def test_a_check_without_the_extra_says_what_was_not_checked() -> None:
    program = (
        "import sys; sys.modules['openapi_spec_validator'] = None; from pathlib import Path;"
        "from safelight_openapi import check_document;"
        "print(check_document(Path('examples/luma/openapi.yaml')).as_text())"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "note: whether OpenAPI allows every member was not checked; run: pip install" in done.stdout
