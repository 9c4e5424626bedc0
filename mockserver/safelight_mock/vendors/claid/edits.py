"""Edit requests in one form: shorthands expanded, null like an absent field."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from safelight_mock.core.job import Job
from safelight_mock.core.picture import Format
from safelight_mock.wire.messages import JSON, Request

EditOptions = Mapping[str, JSON]

REMEMBERED = 1_000
NOTHING: EditOptions = {}
JPEG = {"type": "jpeg"}  # documented: the format when none is named
REQUEST, ABSENT_SIDE = "request", "absent_side"  # a job's details
CROP = "crop"  # the default fit; observed: also for options without a type
IGNORED = (
    "operations.background.blur.category",
    "operations.background.blur.selective",
    "operations.background.remove.category",
    "operations.background.remove.selective",
    "output.metadata.color_space.color_profile",
    "input.recursive",
)
# Removing a background leaves nothing to blur.
REMOVE, BLUR = "operations.background.remove", "operations.background.blur"
FORM = "data"  # the field of a form that holds the JSON body of other operations
AUTO, KEPT = "auto", "kept"  # how an absent side of a crop is read


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """The edit of one image: operations with their options, format and destination of the result."""

    restorations: EditOptions
    adjustments: EditOptions
    background: EditOptions
    resizing: EditOptions
    padding: str
    privacy: EditOptions
    style: EditOptions
    format: EditOptions
    metadata: EditOptions
    destination: str
    destination_field: str
    absent_side: str

    @property
    def file(self) -> Format:
        """The format of the result."""
        return Format(self.format["type"])

    @property
    def fit(self) -> EditOptions:
        """How the image is fitted to its size."""
        return {"type": CROP, **named(self.resizing.get("fit") or CROP)}

    @property
    def removal(self) -> EditOptions | None:
        """Options of background removal; None: off."""
        return _switched(self.background.get("remove"))

    @property
    def blur(self) -> EditOptions | None:
        """Options of background blur; None: off."""
        return _switched(self.background.get("blur"))

    @property
    def is_clipped(self) -> bool:
        """Whether the image is cropped to its subject."""
        return self.removal is not None and self.removal.get("clipping", False)


def read(edit_request: EditOptions, absent_side: str = AUTO) -> Edit:
    """Read a valid request.

    `absent_side` is the setting of that name: an absent side of a crop is "auto", or keeps its length.
    """
    operations, written = _whole(edit_request.get("operations", NOTHING)), _whole(edit_request.get("output"))
    output = _output(written)
    return Edit(
        **{name: operations.get(name) or NOTHING for name in ("restorations", "adjustments", "background")},
        **{name: operations.get(name) or NOTHING for name in ("resizing", "privacy")},
        padding=operations.get("padding") or "",
        style=(operations.get("generative") or NOTHING).get("style_transfer") or NOTHING,
        format=named(output.get("format") or JPEG),
        metadata=output.get("metadata") or NOTHING,
        destination=output.get("destination") or "",
        destination_field="output" if isinstance(written, str) else "output.destination",
        absent_side=absent_side,
    )


@lru_cache(REMEMBERED)
def _recall(edit_request: str, absent_side: str) -> tuple[EditOptions, Edit]:
    decoded = msgspec.json.decode(edit_request)
    return decoded, read(decoded, absent_side)


def _recalled(job: Job) -> tuple[EditOptions, Edit]:
    return _recall(str(job.details[REQUEST]), str(job.details.get(ABSENT_SIDE, AUTO)))


def details(edit_request: EditOptions, absent_side: str) -> Mapping[str, str]:
    """Return the details of a job: the request, and the setting under which it was read."""
    kept = {} if absent_side == AUTO else {ABSENT_SIDE: absent_side}
    return {REQUEST: msgspec.json.encode(edit_request).decode(), **kept}


def as_sent(request: Request) -> EditOptions:
    """Return the body as sent, without the defaults in `request.values`."""
    edit_request: EditOptions = (
        msgspec.json.decode(request.body) if isinstance(request.body, bytes) else NOTHING
    )
    return edit_request


def request_of(job: Job) -> EditOptions:
    """Return the request of a job, as sent."""
    return _recalled(job)[0]


def edit_of(job: Job) -> Edit:
    """Return the edit of a job of one image."""
    return _recalled(job)[1]


def ignored_fields(_: str, request: Request) -> Iterator[str]:
    """Yield the paths of fields without effect: hints to neural networks, and a blur that removal undoes."""
    is_form = FORM in request.values
    edit_request, below = (request.values[FORM], f"{FORM}.") if is_form else (request.values, "")
    yield from (f"{below}{path}" for path in IGNORED if _at(edit_request, path) is not None)
    if _at(edit_request, REMOVE) and _at(edit_request, BLUR):
        yield f"{below}{BLUR}"


def named(choice: JSON) -> EditOptions:
    """Return a choice with its options; its name alone is a shorthand."""
    return {"type": choice} if isinstance(choice, str) else choice


def _whole(value: JSON) -> JSON:
    """Return a value with 2 in place of 2.0, which JSON Schema counts as an integer too."""
    if isinstance(value, Mapping):
        return {name: _whole(member) for name, member in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _switched(choice: JSON) -> EditOptions | None:
    """Return the options of a choice that is false, true, or options; None: off."""
    if isinstance(choice, Mapping):
        return choice
    return NOTHING if choice else None


def _output(output: JSON) -> EditOptions:
    """Return the options of the output; a destination alone has the format of its file extension."""
    if not isinstance(output, str):
        return output or NOTHING
    ending = output.rpartition(".")[2].lower()
    return {"destination": output, "format": {"type": ENDINGS.get(ending, "jpeg")}}


def _at(value: JSON, path: str) -> JSON:
    """Return the value at a dotted path, or None."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


ENDINGS: Mapping[str, str] = {
    "tif": "tiff",
    **{name: name for name in ("png", "webp", "avif", "tiff")},
}
