"""The command runs one job for one image, and reports errors in one line."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from safelight import Job, Topaz
from safelight._cli import main
from safelight_mock import MockServer, Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(job_speedup=50)) as running:
        yield running


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    Image.linear_gradient("L").convert("RGB").save(tmp_path / "photo.jpg")
    return tmp_path / "photo.jpg"


def run(server: MockServer, *arguments: str | Path, key: str = "sk-secret") -> Result:
    environment = {
        "SAFELIGHT_TOPAZ_API_KEY": key,
        "SAFELIGHT_TOPAZ_BASE_URL": server.url("topaz"),
    }
    return CliRunner().invoke(main, ["topaz", *map(str, arguments)], env=environment)


def jobs(server: MockServer) -> list[Job]:
    with Topaz(api_key="sk-secret", base_url=server.url("topaz")) as topaz:
        return topaz.jobs()


def test_the_command_enhances_an_image_with_the_options(
    server: MockServer, photo: Path, tmp_path: Path
) -> None:
    output = tmp_path / "large.png"

    result = run(
        server, "enhance", photo, "-o", output, "--set", "output_width=400", "--set", "output_format=png"
    )

    assert (result.exit_code, result.stdout) == (0, f"{output}\n")
    with Image.open(output) as picture:
        assert (picture.format, picture.size) == ("PNG", (400, 400))
    assert "Completed" in result.stderr


def test_an_api_error_is_one_line_without_the_key(server: MockServer, photo: Path, tmp_path: Path) -> None:
    result = run(server, "denoise", photo, "-o", tmp_path / "quiet.jpg", key="invalid-key")

    assert result.exit_code == 1
    assert result.output.endswith("/denoise/async returned 401: Unauthorized\n")
    assert result.output.count("\n") == 1
    assert "invalid-key" not in result.output


def test_a_value_the_service_does_not_know_is_one_line(
    server: MockServer, photo: Path, tmp_path: Path
) -> None:
    result = run(server, "matte", photo, "-o", tmp_path / "cut.png", "--set", "output_format=jpeg")

    assert result.exit_code == 1
    assert result.output.startswith("Error: 'jpeg' is not a valid")


@pytest.mark.parametrize("setting", ["output_width", "=2000", "image=other.jpg"])
def test_a_setting_without_a_name_or_a_value_is_a_usage_error(
    server: MockServer, photo: Path, tmp_path: Path, setting: str
) -> None:
    result = run(server, "enhance", photo, "-o", tmp_path / "large.jpg", "--set", setting)

    assert result.exit_code == 2
    assert f"'{setting}' is not NAME=VALUE" in result.output


def test_nothing_is_sent_if_the_folder_of_the_output_does_not_exist(
    server: MockServer, photo: Path, tmp_path: Path
) -> None:
    result = run(server, "enhance", photo, "-o", tmp_path / "missing" / "large.jpg")

    assert result.exit_code == 2
    assert "does not exist" in result.output


def test_the_input_image_is_rejected_as_output_and_nothing_is_sent(
    server: MockServer, photo: Path, tmp_path: Path
) -> None:
    before = jobs(server)
    original = photo.read_bytes()
    (tmp_path / "link.jpg").symlink_to(photo)
    (tmp_path / "hard.jpg").hardlink_to(photo)
    (tmp_path / "folder").mkdir()

    for output in (
        photo,
        tmp_path / "folder" / ".." / "photo.jpg",
        tmp_path / "link.jpg",
        tmp_path / "hard.jpg",
    ):
        result = run(server, "enhance", photo, "-o", output)
        assert result.exit_code == 2
        assert "is the input image, which would be overwritten" in result.output
    assert run(server, "enhance", tmp_path / "link.jpg", "-o", photo).exit_code == 2

    assert photo.read_bytes() == original
    assert jobs(server) == before


def test_a_pipe_is_not_replaced_and_nothing_is_sent(server: MockServer, photo: Path, tmp_path: Path) -> None:
    before = jobs(server)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    (tmp_path / "file").touch()
    (tmp_path / "stdout").symlink_to(tmp_path / "file")  # as /dev/stdout is, where that is a file

    for output in ("pipe", "link", "stdout"):
        result = run(server, "denoise", photo, "-o", tmp_path / output)
        assert result.exit_code == 2
        assert f"{output} is not a regular file; use - for standard output" in result.output

    assert (tmp_path / "pipe").is_fifo()
    assert jobs(server) == before


def test_another_file_is_replaced(server: MockServer, photo: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.jpg"
    older.write_bytes(b"older")

    assert run(server, "denoise", photo, "-o", older).exit_code == 0

    assert older.read_bytes() != b"older"


def test_a_dash_is_standard_output(
    server: MockServer, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run(server, "enhance", photo, "-o", "-", "--set", "output_format=png")

    assert result.exit_code == 0
    with Image.open(BytesIO(result.stdout_bytes)) as picture:
        assert picture.format == "PNG"
    assert "Completed" in result.stderr
    assert [*tmp_path.iterdir()] == [photo]


def test_a_file_that_is_named_dash_can_be_written(
    server: MockServer, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(server, "denoise", photo, "-o", "./-").exit_code == 0

    assert (tmp_path / "-").stat().st_size > 0


def test_a_key_goes_unencrypted_to_another_machine_only_if_allowed(photo: Path, tmp_path: Path) -> None:
    arguments = ["topaz", "denoise", str(photo), "-o", str(tmp_path / "quiet.jpg"), "--api-key", "sk-secret"]
    with_url = [*arguments, "--base-url", "http://0.0.0.0:9/topaz/image/v1"]

    refused = CliRunner().invoke(main, with_url)
    by_option = CliRunner().invoke(main, [*with_url, "--insecure"])
    by_environment = CliRunner().invoke(main, with_url, env={"SAFELIGHT_TOPAZ_INSECURE": "1"})

    assert (
        "the API key would be sent to 0.0.0.0 unencrypted; use https, or insecure=True (--insecure)"
        in refused.output
    )
    assert [it.exit_code for it in (refused, by_option, by_environment)] == [1, 1, 1]
    assert all("no response: " in it.output for it in (by_option, by_environment))


def test_without_its_extra_the_command_names_what_to_install() -> None:
    program = "import sys; sys.modules['rich.console'] = None; from safelight.__main__ import main; main()"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "safelight needs rich.console; run: pip install 'safelight[cli]'\n"
