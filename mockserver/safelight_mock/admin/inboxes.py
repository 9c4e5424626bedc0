"""The twin's own inboxes: what arrived, and what is answered to what arrives next."""

from collections.abc import Mapping

from safelight_mock.admin import auth
from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.webhooks.inbox import CapturedRequest, Inbox
from safelight_mock.wire.messages import JSON, Response

NO_ANSWER = 504  # to what came through a socket, where nobody would wait for the vendor's patience to end


def show(asked: AdminRequest) -> Response:
    """Answer showInbox: letters in the order in which they arrived."""
    return Response.json(200, _body(asked.backend.dispatcher.inboxes[asked.parameters["name"]]))


def set_answers(asked: AdminRequest) -> Response:
    """Answer setInbox."""
    name, inboxes = asked.parameters["name"], asked.backend.dispatcher.inboxes
    inboxes.configure(name, asked.values.get("answers", ()), asked.values.get("rest", 200))
    return Response.json(200, _body(inboxes[name]))


def empty(asked: AdminRequest) -> Response:
    """Answer emptyInbox."""
    asked.backend.dispatcher.inboxes.empty(asked.parameters["name"])
    return Response(status=204)


def receive(asked: AdminRequest) -> Response:
    """Answer receiveLetter, as the inbox was told to."""
    body = asked.call.body if isinstance(asked.call.body, bytes) else b""
    letter = CapturedRequest(at=asked.at, sandbox="", headers=_headers(asked), body=body)
    _, status = asked.backend.dispatcher.inboxes.take(asked.parameters["name"], letter)
    return Response(status=status or NO_ANSWER)


def _headers(asked: AdminRequest) -> Mapping[str, str]:
    """Return the headers of a letter, without the twin's own token."""
    told = dict(asked.call.headers)
    if auth.bears(asked.call, asked.backend.settings.control_token):
        del told["authorization"]
    return told


def _body(box: Inbox) -> Mapping[str, JSON]:
    return {"answers": [*box.answers], "rest": box.rest, "letters": [_letter(one) for one in box.letters]}


def _letter(letter: CapturedRequest) -> Mapping[str, JSON]:
    return {
        "at": letter.at,
        "sandbox": letter.sandbox,
        "headers": letter.headers,
        "body": letter.body.decode(errors="replace"),
        "answer": letter.answer,
    }
