"""Schemathesis, with our checks and explained failures, finds a server that is wrong in one way."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from contract_tests.fuzz.fuzz_run import LINK_SEQUENCES, Asgi, FuzzRun, Spoil
from contract_tests.fuzz.keys import OWNER, STRANGER
from contract_tests.fuzz.runner import fuzz
from safelight_mock.adapters.asgi import Scope
from safelight_mock.adapters.faulty_sending import Send
from safelight_mock.adapters.held_requests import Receive

pytestmark = [pytest.mark.slow, pytest.mark.fuzz]

FUZZING, COVERAGE = {"fuzzing"}, {"coverage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a twin answers to whom."""

    method: str
    path: str
    status: int
    headers: dict[bytes, bytes]
    body: bytes


Change = Callable[[Answer], Answer]


def answering(change: Change) -> Spoil:
    """Change what a twin answers."""

    def around(app: Asgi) -> Asgi:
        async def spoilt(scope: Scope, receive: Receive, send: Send) -> None:
            text: list[Scope] = []

            async def listen(message: Scope) -> None:
                text.append(message)

            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            await app(scope, receive, listen)
            response = change(
                Answer(
                    method=scope["method"],
                    path=scope["path"],
                    status=text[0]["status"],
                    headers=dict(text[0]["headers"]),
                    body=b"".join(message.get("body", b"") for message in text[1:]),
                )
            )
            headers = {**response.headers, b"content-length": b"%d" % len(response.body)}
            await send({**text[0], "status": response.status, "headers": [*headers.items()]})
            await send({"type": "http.response.body", "body": response.body})

        return spoilt

    return around


def change_headers(change: Callable[[dict[bytes, bytes]], dict[bytes, bytes]]) -> Spoil:
    """Change the headers of requests to a twin."""

    def around(app: Asgi) -> Asgi:
        async def spoilt(scope: Scope, receive: Receive, send: Send) -> None:
            headers = change(dict(scope.get("headers", ())))
            await app({**scope, "headers": [*headers.items()]}, receive, send)

        return spoilt

    return around


def deleting_nothing(app: Asgi) -> Asgi:
    async def spoilt(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "DELETE" and "/status/" in scope["path"]:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await app(scope, receive, send)

    return spoilt


def plain(response: Answer) -> Answer:
    return replace(response, headers={**response.headers, b"content-type": b"text/plain"})


def lenient(response: Answer) -> Answer:
    is_list = response.method == "GET" and response.path.endswith("/artworks")
    return replace(response, status=200, body=b"[]") if is_list and response.status == 400 else response


def refusing(response: Answer) -> Answer:
    return replace(response, status=400) if response.status == 202 else response


def torn(response: Answer) -> Answer:
    is_picture = response.headers.get(b"content-type", b"").startswith(b"image/")
    return replace(response, body=response.body[: len(response.body) // 2]) if is_picture else response


def as_owner(headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return {**headers, b"authorization": b"Bearer " + OWNER.encode()}


def strangers_too(headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return {name: value.replace(STRANGER.encode(), OWNER.encode()) for name, value in headers.items()}


@pytest.mark.parametrize(
    ("vendor", "phases", "spoil", "checks"),
    [
        ("tengr", FUZZING, answering(plain), {"content_type_conformance", "refusal"}),
        ("tengr", COVERAGE, answering(lenient), {"negative_data_rejection"}),
        ("tengr", FUZZING, answering(refusing), {"positive_data_acceptance"}),
        ("tengr", FUZZING, change_headers(as_owner), {"ignored_auth"}),
        ("tengr", LINK_SEQUENCES, change_headers(strangers_too), {"separate_keys"}),
        ("topaz", LINK_SEQUENCES, deleting_nothing, {"use_after_free", "gone_after_deletion"}),
        ("topaz", FUZZING, answering(torn), {"response_schema_conformance"}),
    ],
)
def test_a_server_with_a_defect_fails_the_checks(
    vendor: str, phases: set[str], spoil: Spoil, checks: set[str]
) -> None:
    run = FuzzRun(vendor=vendor, strict=False, seed="amber", cases=2, phases=frozenset(phases), spoil=spoil)

    outcome = fuzz(run)

    assert checks <= {finding.check for finding in outcome.findings}
