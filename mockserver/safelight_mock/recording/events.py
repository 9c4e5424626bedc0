"""Server-sent events (HTML, section 9.2) as they come from a service."""

import json
import re

from safelight_mock.recording.exchange import ReceivedEvent
from safelight_mock.wire.messages import JSON

EVENT_END = re.compile(rb"(?<=\n\n)|(?<=\r\n\r\n)")


def received_event(text: bytes, at: float) -> ReceivedEvent | None:
    """Return an event that came at a moment; None for a comment."""
    fields: dict[str, list[str]] = {}
    for line in text.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name, []).append(value.removeprefix(" "))
    if "data" not in fields:
        return None
    event, id_ = (fields.get(name, [""])[-1] for name in ("event", "id"))
    return ReceivedEvent(at=at, event=event, id=id_, data=_data("\n".join(fields["data"])))


def with_data(text: bytes, data: JSON) -> bytes:
    """Return an event with other data."""
    kept = [line for line in text.splitlines() if line and not line.startswith(b"data:")]
    sent = json.dumps(data, ensure_ascii=False) if isinstance(data, dict | list) else str(data)
    return b"\n".join([*kept, *(b"data: " + line.encode() for line in sent.split("\n")), b"", b""])


def _data(text: str) -> JSON:
    """Return an object or a list, and anything else as a text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, dict | list) else text
