"""A subcommand of `safelight-codegen` imports only what it needs."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from safelight_codegen._cli import SUBCOMMANDS, main

ROOT = Path(__file__).parents[2]
DOCUMENT = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {get: {operationId: pets}}}\n"
FIX = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions: [{target: $.info, update: {title: Cats}}]\n"

OURS = frozenset({"drift", "generate", "overlay", "spec"})
LIBRARIES = frozenset(
    {"httpx", "jinja2", "jsonpath_rfc9535", "jsonschema_rs", "openapi_python_client"}
    | {"openapi_spec_validator", "pydantic", "ruamel"}
)
SMALL = frozenset({"jsonpath_rfc9535", "jsonschema_rs", "ruamel"})  # 0.1 s together

# What a command may import of ours and of the libraries above.
NEEDS = [
    (("--help",), frozenset(), frozenset()),
    (("overlay", "--help"), {"overlay"}, SMALL),
    (("overlay", "apply", "{folder}/a.yaml", "{folder}/fix.yaml"), {"overlay"}, SMALL),
    (("check-sources",), {"overlay", "spec"}, SMALL),
    (("drift", "{folder}/a.yaml", "{folder}/a.yaml"), OURS, SMALL),
    (("generate", "--help"), OURS - {"drift"}, LIBRARIES),
]
TELL = """
import sys
from safelight_codegen._cli import main
main(sys.argv[1:], standalone_mode=False)
print(*("/".join(name.split(".")[:2]) for name in sys.modules))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "ours", "libraries"),
    NEEDS,
    ids=[" ".join(row[0][:2]).replace("{folder}/", "") for row in NEEDS],
)
def test_a_command_imports_only_what_it_needs(
    tmp_path: Path, command: tuple[str, ...], ours: frozenset[str], libraries: frozenset[str]
) -> None:
    (tmp_path / "a.yaml").write_text(DOCUMENT)
    (tmp_path / "fix.yaml").write_text(FIX)
    words = [word.format(folder=tmp_path) for word in command]

    ran = subprocess.run(
        [sys.executable, "-c", TELL, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )

    loaded = ran.stdout.splitlines()[-1].split()
    packages = {name.partition("/")[0] for name in loaded}
    assert {name.removeprefix("safelight_codegen/") for name in loaded} & OURS <= ours
    assert packages & LIBRARIES <= libraries


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_line_of_the_help_is_about_a_command_that_exists(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name
    assert f"{name:13}  {SUBCOMMANDS[name].help}\n" in CliRunner().invoke(main, ["--help"]).stdout


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_command_prints_each_of_its_options(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None

    ran = CliRunner().invoke(main, [name, "--help"])

    assert ran.exit_code == 0
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert all(one.opts[-1] in ran.stdout for one in options)


def test_an_unknown_command_is_rejected_by_name() -> None:
    ran = CliRunner().invoke(main, ["drfit"])

    assert ran.exit_code == 2
    assert "No such command 'drfit'" in ran.stderr
