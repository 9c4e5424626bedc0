"""Bodies of requests on their way to the service: kept whole while they are small, and else passed on."""

from collections.abc import AsyncIterator
from io import BytesIO

from multipart import MultipartError, MultipartParser, parse_options_header

from safelight_mock.adapters.held_requests import Receive
from safelight_mock.app.driver import ClientDisconnectedError
from safelight_mock.wire.messages import Form, ReceivedFile

WHOLE = 32 * 1024 * 1024  # bytes of a body that is read before it is passed on
PARTS = 256


async def read_body(receive: Receive) -> tuple[bytes, AsyncIterator[bytes] | None]:
    """Return a body; of one that is too long its beginning, and an iterator over all of it."""
    content, more = bytearray(), True
    while more and len(content) <= WHOLE:
        chunk, more = await _chunk(receive)
        content += chunk
    return bytes(content), _all(bytes(content), receive) if more else None


async def _all(begin: bytes, receive: Receive) -> AsyncIterator[bytes]:
    yield begin
    more = True
    while more:
        chunk, more = await _chunk(receive)
        yield chunk


async def _chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnectedError
    return message.get("body", b""), message.get("more_body", False)


def parsed(content: bytes, content_type: str) -> Form | bytes:
    """Return a multipart body as a form, any other as it is."""
    media_type, options = parse_options_header(content_type)
    if media_type != "multipart/form-data" or not options.get("boundary"):
        return content
    fields: dict[str, str] = {}
    files: dict[str, ReceivedFile] = {}
    size = len(content) + 1
    limits = {"part_limit": PARTS, "spool_limit": size, "memory_limit": size}
    try:
        for part in MultipartParser(BytesIO(content), options["boundary"], **limits):
            if part.filename is None:
                fields[part.name] = part.value
            else:
                files[part.name] = ReceivedFile(
                    digest="", size=part.size, filename=part.filename, picture=None
                )
    except (MultipartError, UnicodeDecodeError):
        return content
    return Form(fields=fields, files=files)
