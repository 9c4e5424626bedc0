"""Without the extra `openapi` the error names what to install."""

import subprocess
import sys


def test_a_name_that_needs_the_extra_names_what_to_install() -> None:
    program = "import sys; sys.modules['ruamel.yaml.error'] = None; import safelight_openapi as it; it.JSON"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    sentence = "safelight_openapi needs ruamel.yaml.error; run: pip install 'safelight[openapi]'"
    assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: {sentence}"
