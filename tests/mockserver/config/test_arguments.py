"""Wrong arguments from Python raise an error that has the name, the value and what is allowed."""

import re
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight_mock import App, MockServer, Settings, Spec, Twin, TwinTransport


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"strict": "yes"}, "strict must be True or False, not 'yes'"),
        ({"max_jobs": 1.5}, "max_jobs must be a whole number above zero, not 1.5"),
        ({"clock_rate": "fast"}, "clock_rate must be a number above zero, not 'fast'"),
        (
            {"allowed_input_hosts": "localhost"},
            "allowed_input_hosts must be a set or list of hosts, not 'localhost'",
        ),
        ({"vendors": "topaz"}, "vendors must be a set or list of names, not 'topaz'"),
        ({"retention": 5}, "retention must be a datetime.timedelta, not 5"),
        ({"data_dir": "data"}, "data_dir must be a pathlib.Path, not 'data'"),
        ({"api_keys": "secret"}, "api_keys must be a set of API keys, not a str"),
        ({"api_keys": {5}}, "a key of api_keys must be a string, not an int"),
        ({"seed": 3}, "seed must be a string, not an int"),
        ({"control_token": None}, "control_token must be a string, not None"),
        ({"scenario": 3}, "scenario must be a name, a pathlib.Path or a mapping, not 3"),
        ({"scenario": ["x"]}, "scenario must be a name, a pathlib.Path or a mapping, not a list"),
        ({"scenario_files": ("x.yaml",)}, "a value of scenario_files must be a pathlib.Path, not 'x.yaml'"),
        ({"public_url": 3}, "public_url must be a URL, not 3"),
        ({"files_url": None}, "files_url must be a URL, or a mapping from vendors to URLs, not None"),
        ({"files_url": {"topaz": 3}}, "files_url of topaz must be a URL, not 3"),
        (
            {"allowed_webhook_hosts": {3}},
            "a value of allowed_webhook_hosts must be the name or address of a host",
        ),
        ({"options": 3}, 'options must be a mapping such as {"topaz.credits": 100}, not 3'),
    ],
)
def test_a_setting_of_another_type_is_a_type_error(setting: dict[str, Any], error: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(error)}"):
        Settings(**setting)


def test_keys_may_be_a_list_but_not_empty() -> None:
    assert Settings(api_keys=["a", "b"]).api_keys == {"a", "b"}  # type: ignore[arg-type] # from Python
    with pytest.raises(ValueError, match="a key of api_keys is empty; leave api_keys out to accept any key"):
        Settings(api_keys=frozenset({""}))


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"max_storage": 0}, "max_storage must be a whole number above zero, not 0"),
        ({"body_timeout": float("nan")}, "body_timeout must be a number above zero, not nan"),
        ({"shutdown_timeout": -1}, "shutdown_timeout must be a number from zero, not -1"),
        ({"retention": timedelta(-1)}, "retention must be a positive duration, not -1 day, 0:00:00"),
        *(
            (
                {"allowed_input_hosts": {host}},
                f"{host!r} is not a host; use a name or an IP address, without scheme",
            )
            for host in ("://", "", "a b", "https://images.example", "images.example:80")
        ),
    ],
)
def test_a_setting_out_of_range_is_a_value_error(setting: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        Settings(**setting)


@pytest.mark.parametrize(
    "host",
    ["images.example", "IMAGES.example.", "my_container", "10.0.0.5", "::1", "[::1]", "bücher.example"],
)
def test_names_and_addresses_of_hosts_are_accepted(host: str) -> None:
    assert Settings(allowed_input_hosts=frozenset({host})).allowed_input_hosts == {host}


@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        (-1, "seconds must be a number from zero, not -1"),
        (float("inf"), "seconds must be a number from zero, not inf"),
        (1e12, "the clock ends at 100000000000, in the year 5138; "),
    ],
)
def test_a_clock_is_advanced_neither_back_nor_beyond_its_end(seconds: float, error: str) -> None:
    twin = Twin()

    with pytest.raises(ValueError, match=error):
        twin.advance(seconds, vendor="topaz", key="k")

    twin.close()


def test_an_unknown_vendor_is_named_with_the_known_ones() -> None:
    error = "unknown vendor 'nobody'; use one of topaz, claid, tengr"
    with MockServer() as server:
        for call in (
            lambda: server.url("nobody"),
            lambda: server.twin.advance(1, vendor="nobody", key="k"),
            lambda: server.twin.snapshot(vendor="nobody", key="k"),
        ):
            with pytest.raises(ValueError, match=error):
                call()


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_out_of_range_is_a_value_error(port: int) -> None:
    with pytest.raises(ValueError, match=f"port must be a port from 0 .any free one. to 65535, not {port}"):
        MockServer(port=port)


def test_no_port_stays_open_if_the_other_one_is_in_use() -> None:
    """A port that is left open would be a ResourceWarning, which is an error here."""
    with closing(socket.create_server(("127.0.0.1", 0))) as bound, pytest.raises(OSError, match="in use"):
        MockServer(files_port=bound.getsockname()[1])


def test_a_mock_server_starts_once() -> None:
    server = MockServer()
    with server:
        pass

    with pytest.raises(RuntimeError, match="a MockServer can be started only once; make another one"), server:
        pass


@pytest.mark.parametrize("make", [App, TwinTransport])
def test_an_adapter_takes_a_twin(make: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="twin must be a Twin, not a Settings"):
        make(Settings())


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Twin("api.yaml"), "not 'api.yaml'; pass documents as specs=['api.yaml']"),  # type: ignore[arg-type] # the error
        (lambda: Twin(specs="api.yaml"), "specs must be a set or list of documents, not 'api.yaml'"),
        (lambda: Spec(5), "path must be the path of a document, not 5"),  # type: ignore[arg-type] # the error
    ],
)
def test_documents_are_passed_as_a_list_of_paths(make: Callable[..., object], error: str) -> None:
    with pytest.raises(TypeError, match=re.escape(error)):
        make()


def test_a_snapshot_is_not_saved_to_a_missing_folder(tmp_path: Path) -> None:
    twin = Twin()

    with pytest.raises(FileNotFoundError, match="gone does not exist; create it"):
        twin.save_snapshot(tmp_path / "gone" / "box.zip", vendor="topaz", key="k")

    twin.close()
