"""A client loads what it needs when it is created, and nothing of another vendor."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

CLIENTS = {
    "Claid": "Claid(api_key='k')",
    "Tengr": "Tengr(api_key='k', base_url='https://tengr.example')",
    "Topaz": "Topaz(api_key='k')",
}


def loaded_by(program: str) -> set[str]:
    """Return the modules that a program loads into a new interpreter."""
    listed = f"{program}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_errors_and_types_need_no_other_package() -> None:
    names = "SafelightError, ApiError, Job, JobStatus, Polling, State, EditResult, ImageSource"

    loaded = loaded_by(f"from safelight import {names}")

    packages = {name.partition(".")[0] for name in loaded}
    assert {name for name in packages if name.startswith("safelight")} == {"safelight", "safelight_lifecycle"}
    assert packages.isdisjoint({"attrs", "click", "httpx", "rich"})


@pytest.mark.parametrize("vendor", CLIENTS)
def test_a_class_loads_neither_httpx_nor_models(vendor: str) -> None:
    loaded = loaded_by(f"from safelight import {vendor}")

    assert {"httpx", "attrs"}.isdisjoint(loaded)
    assert not any(name.startswith("safelight_clients") for name in loaded)


@pytest.mark.parametrize("vendor", CLIENTS)
def test_a_client_loads_httpx_and_nothing_of_other_vendors(vendor: str) -> None:
    loaded = loaded_by(f"from safelight import {vendor}; {CLIENTS[vendor]}")

    clients = {name.split(".")[1] for name in loaded if name.startswith("safelight_clients.")}
    assert "httpx" in loaded
    assert clients == {vendor.lower()}
    assert {name for name in loaded if name.startswith("safelight._vendors.")} == {
        f"safelight._vendors.{vendor.lower()}"
    }
