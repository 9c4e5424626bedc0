"""Built-in pictures that any test can name as an input: `safelight://coffee.jpg`."""

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
    "damaged.jpg": _damaged,  # its header is whole: a job takes it and fails
    "text.txt": lambda: b"This is no picture.\n",
}


def sample(name: str) -> bytes:
    """Return a sample's bytes; raises UrlError for a name that is none."""
    if name not in SAMPLES:
        raise UrlError(f"there is no sample {name}; there are {', '.join(SAMPLES)}")
    return SAMPLES[name]()
