"""What a request asks for in one form: shorthands written out, and nothing where null was written."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from safelight_mock.core.job import Job
from safelight_mock.core.picture import Format
from safelight_mock.wire.messages import JSON, Request

Options = Mapping[str, JSON]

REMEMBERED = 1_000
NOTHING: Options = {}
JPEG = {"type": "jpeg"}  # documented: the format when none is named
REQUEST, ABSENT_SIDE = "request", "absent_side"  # a job's details
CROP = "crop"  # how a picture fits when nothing is said; observed: also of options without a type
IGNORED = (
    "operations.background.blur.category",
    "operations.background.blur.selective",
    "operations.background.remove.category",
    "operations.background.remove.selective",
    "output.metadata.color_space.color_profile",
    "input.recursive",
)
# A background that is removed is not blurred.
REMOVE, BLUR = "operations.background.remove", "operations.background.blur"
FORM = "data"  # the field of a form that holds what is a whole body elsewhere
AUTO, KEPT = "auto", "kept"  # what becomes of a side that is not given


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One image's edit: its operations, each with its options, and what becomes of the result."""

    restorations: Options
    adjustments: Options
    background: Options
    resizing: Options
    padding: str
    privacy: Options
    style: Options
    format: Options
    metadata: Options
    destination: str
    destination_place: str
    absent_side: str

    @property
    def file(self) -> Format:
        """The format of the result."""
        return Format(self.format["type"])

    @property
    def fit(self) -> Options:
        """How the picture comes to its size."""
        return {"type": CROP, **named(self.resizing.get("fit") or CROP)}

    @property
    def removal(self) -> Options | None:
        """How the ground is removed, if it is."""
        return _switched(self.background.get("remove"))

    @property
    def blur(self) -> Options | None:
        """How the ground is blurred, if it is."""
        return _switched(self.background.get("blur"))

    @property
    def is_clipped(self) -> bool:
        """Whether the picture is cut to its subject."""
        return self.removal is not None and self.removal.get("clipping", False)


def read(request: Options, absent_side: str = AUTO) -> Edit:
    """Read a request that keeps to its schema.

    `absent_side` is the setting of that name: a crop makes a side that is not given "auto", or keeps it.
    """
    operations, told = _whole(request.get("operations", NOTHING)), _whole(request.get("output"))
    output = _output(told)
    return Edit(
        **{name: operations.get(name) or NOTHING for name in ("restorations", "adjustments", "background")},
        **{name: operations.get(name) or NOTHING for name in ("resizing", "privacy")},
        padding=operations.get("padding") or "",
        style=(operations.get("generative") or NOTHING).get("style_transfer") or NOTHING,
        format=named(output.get("format") or JPEG),
        metadata=output.get("metadata") or NOTHING,
        destination=output.get("destination") or "",
        destination_place="output" if isinstance(told, str) else "output.destination",
        absent_side=absent_side,
    )


@lru_cache(REMEMBERED)
def _recall(request: str, absent_side: str) -> tuple[Options, Edit]:
    told = msgspec.json.decode(request)
    return told, read(told, absent_side)


def _recalled(job: Job) -> tuple[Options, Edit]:
    return _recall(str(job.details[REQUEST]), str(job.details.get(ABSENT_SIDE, AUTO)))


def details(request: Options, absent_side: str) -> Mapping[str, str]:
    """Return what a job keeps of a request and of how it was read."""
    kept = {} if absent_side == AUTO else {ABSENT_SIDE: absent_side}
    return {REQUEST: msgspec.json.encode(request).decode(), **kept}


def sent(call: Request) -> Options:
    """Return a request as it was sent, without the defaults that its values were filled with."""
    request: Options = msgspec.json.decode(call.body) if isinstance(call.body, bytes) else NOTHING
    return request


def request_of(job: Job) -> Options:
    """Return the request of a job, as it was sent."""
    return _recalled(job)[0]


def edit_of(job: Job) -> Edit:
    """Return what was asked for by the request of a job that is the edit of one image."""
    return _recalled(job)[1]


def ignored_fields(_: str, call: Request) -> Iterator[str]:
    """Yield the paths of fields without effect: hints to neural networks, and what another field undoes."""
    is_form = FORM in call.values
    request, below = (call.values[FORM], f"{FORM}.") if is_form else (call.values, "")
    yield from (f"{below}{place}" for place in IGNORED if _at(request, place) is not None)
    if _at(request, REMOVE) and _at(request, BLUR):
        yield f"{below}{BLUR}"


def named(choice: JSON) -> Options:
    """Return a choice with its options, where its name alone stands for it too."""
    return {"type": choice} if isinstance(choice, str) else choice


def _whole(told: JSON) -> JSON:
    """Return a document with 2 where it has 2.0, which is a whole number to its schema, too."""
    if isinstance(told, Mapping):
        return {name: _whole(value) for name, value in told.items()}
    return int(told) if isinstance(told, float) and told.is_integer() else told


def _switched(choice: JSON) -> Options | None:
    """Return the options of what is either off, on as it is, or on with options."""
    if isinstance(choice, Mapping):
        return choice
    return NOTHING if choice else None


def _output(told: JSON) -> Options:
    """Return what becomes of the result; of a destination that stands alone the ending names the format."""
    if not isinstance(told, str):
        return told or NOTHING
    ending = told.rpartition(".")[2].lower()
    return {"destination": told, "format": {"type": ENDINGS.get(ending, "jpeg")}}


def _at(told: JSON, place: str) -> JSON:
    """Return the value at a dotted path; None, if there is none."""
    for name in place.split("."):
        told = told.get(name) if isinstance(told, Mapping) else None
    return told


ENDINGS: Mapping[str, str] = {
    "tif": "tiff",
    **{name: name for name in ("png", "webp", "avif", "tiff")},
}
