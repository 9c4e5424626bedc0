"""Inboxes of the mock server: lists messages, sets responses, receives what is posted to one."""

from collections.abc import Mapping

from safelight_mock.admin import auth
from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.webhooks.inbox import CapturedRequest, Inbox
from safelight_mock.wire.messages import JSON, Response

NO_RESPONSE = 504  # for `hang` and `refuse`, if the message came through a socket


def show(request: AdminRequest) -> Response:
    """Handle getInbox: messages in the order of arrival."""
    return Response.json(200, _body(request.backend.dispatcher.inboxes[request.parameters["name"]]))


def set_responses(request: AdminRequest) -> Response:
    """Handle setInboxResponses."""
    name, inboxes = request.parameters["name"], request.backend.dispatcher.inboxes
    inboxes.configure(name, request.values.get("responses", ()), request.values.get("default", 200))
    return Response.json(200, _body(inboxes[name]))


def delete(request: AdminRequest) -> Response:
    """Handle deleteInbox."""
    request.backend.dispatcher.inboxes.empty(request.parameters["name"])
    return Response(status=204)


def receive(request: AdminRequest) -> Response:
    """Handle receiveMessage, with the configured status."""
    body = request.http_request.body if isinstance(request.http_request.body, bytes) else b""
    message = CapturedRequest(at=request.at, sandbox="", headers=_headers(request), body=body)
    _, status = request.backend.dispatcher.inboxes.take(request.parameters["name"], message)
    return Response(status=status or NO_RESPONSE)


def _headers(request: AdminRequest) -> Mapping[str, str]:
    """Return the headers of a message, without the control token."""
    headers = dict(request.http_request.headers)
    if auth.bears(request.http_request, request.backend.settings.control_token):
        del headers["authorization"]
    return headers


def _body(box: Inbox) -> Mapping[str, JSON]:
    messages = [_message(message) for message in box.messages]
    return {"responses": [*box.responses], "default": box.default, "messages": messages}


def _message(message: CapturedRequest) -> Mapping[str, JSON]:
    return {
        "at": message.at,
        "sandbox": message.sandbox,
        "headers": message.headers,
        "body": message.body.decode(errors="replace"),
        "response": message.response,
    }
