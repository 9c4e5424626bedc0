"""A reply on its way out: the last step every shell shares."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from safelight_mock.server.twin import Twin
from safelight_mock.wire import objects
from safelight_mock.wire.call import Artifact, Call, Reply
from safelight_mock.wire.problem import Problem

NO_CONTENT = 204

log = logging.getLogger("safelight_mock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What goes over the wire; a file is closed by whoever sends it."""

    status: int
    headers: Mapping[str, str]
    content: bytes | BinaryIO


def may_block(reply: Reply) -> bool:
    """Tell whether `deliver` may have to make a file first."""
    return isinstance(reply.content, Artifact)


def deliver(twin: Twin, call: Call, reply: Reply) -> Delivery:
    """Turn a reply into what is sent; a file is made now if need be."""
    if isinstance(reply.content, bytes):
        length = {} if reply.status == NO_CONTENT else {"content-length": str(len(reply.content))}
        sent = b"" if call.method == "HEAD" else reply.content
        return Delivery(status=reply.status, headers={**reply.headers, **length}, content=sent)
    try:
        file = twin.open(reply.content)
    except Problem as problem:
        return deliver(twin, call, objects.unavailable(str(problem)))
    except Exception:
        log.exception("%s cannot be made", call.path)
        return deliver(twin, call, objects.broken())
    headers = {**reply.headers, "content-length": str(os.fstat(file.fileno()).st_size)}
    if call.method == "HEAD":
        file.close()
        return Delivery(status=reply.status, headers=headers, content=b"")
    return Delivery(status=reply.status, headers=headers, content=file)
