"""Why an input or a webhook address of a submission is not accepted."""

from safelight_lifecycle import AcceptedInput, Expression, Lifecycle
from safelight_mock.core.picture import LONGEST_SIDES, Picture
from safelight_mock.vendors.generic.bodies.media_types import FORMAT_TYPES
from safelight_mock.vendors.generic.submission.public_hosts import error_of_address
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.setting import Setting

FAIL_LATE, STRICT_WEBHOOKS = "fail_late", "strict_webhooks"
LONGEST_SIDE = 65_535  # ours, in pixels of a result
NAMES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "image/tiff": "TIFF"}


def settings_of(lifecycle: Lifecycle) -> dict[str, Setting]:
    """Return the settings that a lifecycle has for what it accepts."""
    found: dict[str, Setting] = {}
    if lifecycle.accepts is not None:
        about = "Accept unusable inputs and let their jobs fail, instead of rejecting the submission."
        found[FAIL_LATE] = Setting(default=False, about=about)
    if any(one.is_public for one in lifecycle.deliver):
        about = "Reject webhooks that are not HTTPS on a public host, as the service does."
        found[STRICT_WEBHOOKS] = Setting(default=False, about=about)
    return found


def check_input(accepted: AcceptedInput, error: str, request: Request) -> None:
    """Raise Problem for an unusable input, unless a setting lets its job fail instead."""
    if error and not request.options.get(FAIL_LATE):
        raise Problem(Kind.BAD_FIELD, field=name_of(accepted.place), detail=error)


def check_targets(lifecycle: Lifecycle, targets: dict[Expression, JSON], request: Request) -> None:
    """Raise Problem for the address of a webhook that must be a public one and is none."""
    for place in (one.target for one in lifecycle.deliver if one.is_public and one.target):
        address = targets.get(place)
        error = error_of_address(address, strict=bool(request.options.get(STRICT_WEBHOOKS)))
        if error:
            raise Problem(Kind.BAD_FIELD, field=name_of(place), detail=error)


def error_of(accepted: AcceptedInput, source: Picture, output: Picture) -> str:
    """Return why an image is not accepted; empty if it is."""
    if accepted.media and FORMAT_TYPES[source.format] not in accepted.media:
        *first, last = (NAMES.get(one, one) for one in accepted.media)
        listed = f"{', '.join(first)} or {last}" if first else last
        return f"an image is {listed}, not {source.format.upper()}"
    if accepted.pixels is not None and source.width * source.height > accepted.pixels:
        return f"{source.width} x {source.height} pixels are more than {accepted.pixels}"
    longest = LONGEST_SIDES.get(output.format, LONGEST_SIDE)
    if max(output.width, output.height) > longest:
        return f"a result of {output.width} x {output.height} pixels has a side longer than {longest}"
    return ""


def name_of(place: Expression) -> str:
    """Return the name of a field or parameter, as error messages have it."""
    return ".".join(place.pointer) or place.name
