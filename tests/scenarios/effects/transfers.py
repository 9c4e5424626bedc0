"""What each effect of `transfer` and `respond` is seen to do to one exchange."""

import json
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any, NamedTuple

from tests.scenarios.effects.apis import START
from tests.scenarios.effects.seen import Ending, Seen

# Real seconds, which pass over a socket alone.
PAUSES = {"socket": 0.2, "process": 30.0}
PATIENT = {"socket": 5.0, "process": 120.0}
BETWEEN = {"socket": 0.04, "process": 30.0}


class Exchange(NamedTuple):
    """A request under an effect; `plain` is the response without it, `see` makes it with a patience.

    `size` is how many bytes of a body drip at a time; `is_file` whether the file host responds.
    """

    transport: str
    plain: Seen
    see: Callable[..., Seen]
    size: int
    is_file: bool


Effect = Mapping[str, Any]
Check = Callable[[Exchange], None]


def delay(one: Exchange) -> None:
    pause = PAUSES[one.transport]
    seen, impatient = one.see(patience=PATIENT[one.transport]), one.see(patience=pause / 3)

    assert (seen.ending, seen.body) == (Ending.WHOLE, one.plain.body)
    assert (seen.head_after >= pause) == (one.transport == "socket")
    assert (impatient.ending, impatient.status) == (Ending.SILENT, 0)


def first_byte(one: Exchange) -> None:
    pause = PAUSES[one.transport]
    seen, impatient = one.see(patience=PATIENT[one.transport]), one.see(patience=pause / 3)

    assert (seen.ending, seen.body) == (Ending.WHOLE, one.plain.body)
    assert (seen.pieces[0][0] - seen.head_after >= pause * 0.9) == (one.transport == "socket")
    assert (impatient.ending, impatient.body) == (Ending.SILENT, b"")


def drip(one: Exchange) -> None:
    every, pauses = BETWEEN[one.transport], (len(one.plain.body) - 1) // one.size
    seen, impatient = one.see(patience=PATIENT[one.transport]), one.see(patience=every / 4)

    assert pauses >= 2
    assert (seen.ending, seen.body) == (Ending.WHOLE, one.plain.body)
    took = seen.pieces[-1][0] - seen.head_after
    assert (took >= every * (pauses - 1)) == (one.transport == "socket")
    assert (len(seen.pieces) > 1) == (one.transport == "socket")
    assert impatient.ending is Ending.SILENT
    assert one.plain.body.startswith(impatient.body)
    assert len(impatient.body) < len(one.plain.body)


def reset_before(one: Exchange) -> None:
    seen = one.see()

    assert (seen.ending, seen.status, seen.body) == (Ending.RESET, 0, b"")


def reset_during(one: Exchange) -> None:
    seen, half = one.see(), len(one.plain.body) // 2

    assert (seen.ending, seen.status, seen.announced) == (Ending.RESET, one.plain.status, len(one.plain.body))
    assert seen.body == one.plain.body[:half]


def reset_after(one: Exchange) -> None:
    seen = one.see(linger=5)

    assert seen.body == one.plain.body
    assert seen.ending is (
        Ending.RESET if one.transport == "socket" else Ending.WHOLE
    )  # httpx looks no further


def hang(one: Exchange) -> None:
    seen = one.see(patience=0.3)

    assert (seen.ending, seen.status, seen.body) == (Ending.SILENT, 0, b"")


def truncate(one: Exchange) -> None:
    seen, half = one.see(), len(one.plain.body) // 2

    assert (seen.ending, seen.announced) == (Ending.CLOSED, len(one.plain.body))
    assert seen.body == one.plain.body[:half]


def longer(one: Exchange) -> None:
    seen = one.see()

    assert (seen.ending, seen.announced) == (Ending.CLOSED, len(one.plain.body) + 7)
    assert seen.body == one.plain.body


def shorter(one: Exchange) -> None:
    seen, announced = one.see(linger=5), len(one.plain.body) - 7

    assert seen.announced == announced
    if one.transport == "socket":  # the rest is sent, and is no part of the response
        assert (seen.ending, seen.body) == (Ending.CLOSED, one.plain.body)
    else:
        assert (seen.ending, seen.body) == (Ending.WHOLE, one.plain.body[:announced])


def corrupt(one: Exchange) -> None:
    seen, plain = one.see(), one.plain.body
    other = [n for n, (a, b) in enumerate(zip(seen.body, plain, strict=True)) if a != b]

    assert (seen.ending, other) == (Ending.WHOLE, [len(plain) // 2])


def media_type(one: Exchange) -> None:
    seen = one.see()

    assert (seen.headers["content-type"], seen.body) == ("text/wrong", one.plain.body)


def unavailable(one: Exchange) -> None:
    seen = one.see()

    assert (seen.ending, seen.status) == (Ending.WHOLE, 503)
    _assert_own_dialect(one, seen)


def refused(one: Exchange) -> None:
    seen = one.see()

    assert seen.ending is Ending.WHOLE
    assert 400 <= seen.status < 600
    _assert_own_dialect(one, seen)


def worded(one: Exchange) -> None:
    seen = one.see()

    assert seen.status == 503
    assert b"Back at noon." in seen.body


def seconds(one: Exchange) -> None:
    assert one.see().headers["retry-after"] == "7"


def date(one: Exchange) -> None:
    now = START.timestamp() + 60  # when the job was looked at, by the clock of the sandbox
    assert one.see().headers["retry-after"] == formatdate(now + 30, usegmt=True)


def headers(one: Exchange) -> None:
    assert one.see().headers["x-served-by"] == "a proxy"


def json_body(one: Exchange) -> None:
    seen = one.see()

    assert (seen.status, seen.headers["content-type"]) == (200, "application/json")
    assert json.loads(seen.body) == {"a": [1]}


def text(one: Exchange) -> None:
    seen = one.see()

    assert seen.headers["content-type"].startswith("text/plain")
    assert seen.body == b"no such luck"


def html(one: Exchange) -> None:
    seen = one.see()

    assert seen.headers["content-type"].startswith("text/html")
    assert seen.body == b"<p>Sorry</p>"


def csv(one: Exchange) -> None:
    seen = one.see()

    assert (seen.headers["content-type"], seen.body) == ("text/csv", b"a,b")


def _assert_own_dialect(one: Exchange, seen: Seen) -> None:
    """An API's errors are JSON; those of the file host are like an object store's."""
    if one.is_file:
        assert b"<Error>" in seen.body
    else:
        assert json.loads(seen.body)


def transfers(transport: str, size: int) -> dict[str, tuple[Effect, Check]]:
    """Return the effects of `transfer`, and how each is seen."""
    pause, every = PAUSES[transport], BETWEEN[transport]
    return {
        "late head": ({"delay": pause}, delay),
        "late body": ({"first_byte": pause}, first_byte),
        "drip": ({"drip": {"bytes": size, "every": every}}, drip),
        **AT_ONCE,
    }


AT_ONCE: dict[str, tuple[Effect, Check]] = {
    "reset before": ({"reset": "before"}, reset_before),
    "reset during": ({"reset": "during"}, reset_during),
    "reset after": ({"reset": "after"}, reset_after),
    "hang": ({"hang": True}, hang),
    "truncate": ({"truncate": 0.5}, truncate),
    "longer": ({"length": 7}, longer),
    "shorter": ({"length": -7}, shorter),
    "corrupt": ({"corrupt": True}, corrupt),
    "media type": ({"media_type": "text/wrong"}, media_type),
}
TRANSFERS = ("late head", "late body", "drip", *AT_ONCE)
ERRORS = (
    "unauthorized",
    "forbidden",
    "limited",
    "no-credits",
    "unknown-job",
    "wrong-state",
    "bad-field",
    "bad-body",
    "unsupported-type",
    "too-large",
    "broken",
)
RESPONSES: dict[str, tuple[Effect, Check]] = {
    "status": ({"status": 503}, unavailable),
    **{error: ({"error": error}, refused) for error in ERRORS},
    "message": ({"status": 503, "message": "Back at noon."}, worded),
    "seconds to wait": ({"status": 503, "retry_after": 7}, seconds),
    "date to wait for": ({"status": 503, "retry_after": {"date": 30}}, date),
    "headers": ({"status": 503, "headers": {"X-Served-By": "a proxy"}}, headers),
    "json": ({"status": 200, "json": {"a": [1]}}, json_body),
    "text": ({"status": 200, "text": "no such luck"}, text),
    "html": ({"status": 502, "html": "<p>Sorry</p>"}, html),
    "other media type": ({"status": 200, "text": "a,b", "media_type": "text/csv"}, csv),
}
