"""Libraries that `intercept` cannot serve: the sentences with which blocks end; the argument is a path."""

import asyncio
import json
import site
import sys
from collections.abc import Callable
from contextlib import suppress

import curl_cffi
import grpc
import niquests
import pycurl
from tornado.httpclient import AsyncHTTPClient

site.addsitedir(sys.argv[1])

from safelight_testing import RefusedConnectionError, intercept

HOST = "api.topazlabs.com"
STATUS = f"https://{HOST}/image/v1/status"


def by_pycurl() -> None:
    handle = pycurl.Curl()
    handle.setopt(handle.URL, STATUS)
    handle.perform()


def by_grpc() -> None:
    grpc.secure_channel(f"dns:///{HOST}:443", grpc.ssl_channel_credentials())


def by_grpc_aio() -> None:
    grpc.aio.insecure_channel(f"{HOST}:80")


async def fetch() -> None:
    await AsyncHTTPClient().fetch(STATUS, request_timeout=5)


async def fetch_by_niquests() -> None:
    async with niquests.AsyncSession() as session:
        await session.get(STATUS, timeout=5)


def sentence(call: Callable[[], object]) -> str:
    """Return how a block ends in which a program swallows every error."""
    try:
        with intercept(), suppress(Exception):
            call()
    except RefusedConnectionError as error:
        return str(error)
    return ""


CALLS: dict[str, Callable[[], object]] = {
    "pycurl": by_pycurl,
    "grpc": by_grpc,
    "grpc.aio": by_grpc_aio,
    "curl_cffi": lambda: curl_cffi.get(STATUS, timeout=5),
    "tornado": lambda: asyncio.run(fetch()),
    "niquests": lambda: niquests.get(STATUS, timeout=5),
    "niquests, asyncio": lambda: asyncio.run(fetch_by_niquests()),
}
json.dump({name: sentence(call) for name, call in CALLS.items()}, sys.stdout)
