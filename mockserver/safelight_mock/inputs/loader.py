"""Loads inputs by URL into storage: from the server itself, samples, allowed hosts, or placeholders."""

import time
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from enum import StrEnum
from os import SEEK_END
from pathlib import PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO

import httpx
from msgspec.structs import replace

from safelight_mock.config.settings import Settings
from safelight_mock.inputs.fetch import fetch
from safelight_mock.inputs.placeholder import placeholder_image
from safelight_mock.inputs.samples import sample
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.outgoing.http import Outgoing
from safelight_mock.outgoing.urls import SAMPLE, UrlError, ascii_host, is_control, parse
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.upload_spool import UploadSpool
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import ReceivedFile

OpenOwn = Callable[[str, str], BinaryIO | int | None]
"""Opens the file of a link of this server, by path and query of the link.

Returns the status with which an invalid link is refused (403, 404, …), and None for any other URL.
"""

REDIRECTS = 5  # that are followed for one input
DATA = "data:"  # the file is in the URL itself (RFC 2397)
# Clients of vendors see the texts of these errors.
NO_IMAGE = "it is no image that is known"


class InputSource(StrEnum):
    """Where the input of a URL comes from."""

    SAMPLE = "a built-in sample"
    FETCH = "loaded from this machine or an allowed host"
    PLACEHOLDER = "a placeholder image, made from the URL"


def input_source(url: httpx.URL, allowed: AllowedHosts) -> InputSource:
    """Return the source of a URL; it is called again for each redirect."""
    if url.scheme == SAMPLE:
        return InputSource.SAMPLE
    return InputSource.FETCH if allowed.admits(ascii_host(url)) else InputSource.PLACEHOLDER


class UrlInputLoader:
    """Loads URLs whose host is `allowed`.

    A URL on another host fails or, if `placeholders` is set, becomes a placeholder image. `timeout`: seconds
    for all URLs of one request together.
    """

    def __init__(
        self,
        store: BlobStore,
        open_own: OpenOwn,
        allowed: AllowedHosts,
        *,
        placeholders: bool,
        timeout: float,
    ) -> None:
        self._store = store
        self._open_own = open_own
        self._allowed = allowed
        self._outgoing = Outgoing(allowed)
        self._placeholders = placeholders
        self._timeout = timeout

    @classmethod
    def of(
        cls, settings: Settings, store: BlobStore, open_own: OpenOwn, is_alone: Callable[[], bool]
    ) -> "UrlInputLoader":
        """Return the loader that the settings describe; `is_alone` is as `AllowedHosts` has it."""
        return cls(
            store,
            open_own,
            AllowedHosts(settings.allowed_input_hosts, is_alone),
            placeholders=settings.placeholder_inputs,
            timeout=settings.input_timeout,
        )

    def load(self, addresses: Iterable[str], limit: int) -> Mapping[str, ReceivedFile]:
        """Return the file of each URL, up to `limit` bytes each.

        Storage keeps them until `release` is called.

        Blocks. A file that could not be loaded has an `error`. Raises Problem if storage is full.
        """
        deadline = time.monotonic() + self._timeout
        loaded: dict[str, ReceivedFile] = {}
        try:
            for address in addresses:
                loaded[address] = self._load(address, limit, deadline)
        except BaseException:
            self.release(loaded.values())
            raise
        return loaded

    def release(self, loaded: Iterable[ReceivedFile]) -> None:
        """Release files that were held for a request."""
        for upload in loaded:
            if upload.digest:
                self._store.release(upload.digest)

    def _load(self, address: str, limit: int, deadline: float) -> ReceivedFile:
        try:
            with closing(UploadSpool(self._store)) as spool:
                if address.startswith(DATA):
                    spool.write(_decoded(address, limit))
                    return _checked_image(spool.commit(""))  # it has no file name
                url = parse(address)
                self._load_into(url, spool, limit, deadline)
                return _checked_image(spool.commit(PurePosixPath(url.path).name or url.host))
        except UrlError as error:
            log.warning("the input %s could not be loaded: %s", address[:100], error)
            return ReceivedFile(digest="", size=0, filename="", picture=None, error=str(error))

    def _load_into(self, url: httpx.URL, spool: UploadSpool, limit: int, deadline: float) -> None:
        for redirects in range(REDIRECTS + 1):
            # A placeholder stands in for the URL that the request names, not for where a host redirects to.
            must_be_allowed = not self._placeholders or redirects > 0
            following = self._step(url, spool, limit, deadline, must_be_allowed=must_be_allowed)
            if following is None:
                return
            url = following
        raise UrlError(f"it redirects more than {REDIRECTS} times")

    def _step(
        self, url: httpx.URL, spool: UploadSpool, limit: int, deadline: float, *, must_be_allowed: bool
    ) -> httpx.URL | None:
        """Load a URL into the spool; return None, or the URL that it redirects to, checked like the first."""
        if is_control(url.path):
            raise UrlError("a control plane has no inputs")
        own = self._open_own(url.path, url.query.decode())
        if isinstance(own, int):
            raise UrlError(f"it is answered {own}")
        if own is not None:
            with own:
                _copy(own, spool, limit)
            return None
        match input_source(url, self._allowed):
            case InputSource.SAMPLE:
                spool.write(sample(url.host))
            case InputSource.FETCH:
                return fetch(url, spool.write, self._outgoing, limit=limit, deadline=deadline)
            case InputSource.PLACEHOLDER if must_be_allowed:
                raise UrlError(
                    f"{url.host} may not be reached; allow it as an input host (--allow-input-host)"
                )
            case InputSource.PLACEHOLDER:
                log.warning(
                    "%s is not an allowed input host: using a placeholder image (--allow-input-host)",
                    url.host,
                )
                spool.write(placeholder_image(str(url), url.path))
        return None


def _copy(file: BinaryIO, spool: UploadSpool, limit: int) -> None:
    if file.seek(0, SEEK_END) > limit:
        raise UrlError(f"it is larger than {limit} bytes")
    file.seek(0)
    copyfileobj(file, spool)


def _decoded(address: str, limit: int) -> bytes:
    """Return the bytes of a `data:` URL; raises UrlError."""
    head, _, text = address.partition(",")
    if not head.endswith(";base64"):
        raise UrlError("a data URL has to be in base64")
    if len(text) > (limit + 2) // 3 * 4:
        raise UrlError(f"it is larger than {limit} bytes")
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise UrlError("its base64 is not valid") from error


def _checked_image(upload: ReceivedFile) -> ReceivedFile:
    """Return an upload, with an error if no image with a size could be read from it."""
    picture = upload.picture
    has_pixels = picture is not None and picture.width > 0 and picture.height > 0
    return upload if has_pixels else replace(upload, error=NO_IMAGE)
