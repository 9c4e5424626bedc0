"""Built-in inputs for tests, such as `safelight://coffee.jpg`."""

from collections.abc import Callable, Mapping
from importlib.resources import files

from safelight_mock.outgoing.urls import UrlError


def _photograph(name: str) -> bytes:
    return (files("safelight_mock.inputs") / "samples" / name).read_bytes()


def _damaged() -> bytes:
    whole = _photograph("coffee.jpg")
    return whole[: len(whole) // 2]


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "coffee.jpg": lambda: _photograph("coffee.jpg"),
    "chelsea.jpg": lambda: _photograph("chelsea.jpg"),
    "damaged.jpg": _damaged,  # with a valid header: its job is accepted and fails
    "text.txt": lambda: b"This is no picture.\n",
}


def sample(name: str) -> bytes:
    """Return the bytes of a sample; raises UrlError for an unknown name."""
    if name not in SAMPLES:
        raise UrlError(f"there is no sample {name}; there are {', '.join(SAMPLES)}")
    return SAMPLES[name]()
