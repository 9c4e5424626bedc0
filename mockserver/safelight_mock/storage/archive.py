"""A sandbox as one file: a zip archive of a manifest, the sandbox as JSON and its inputs by their digests.

The same sandbox makes the same bytes: members have a fixed order and no date, and nothing is compressed.
Archives by other programs may be compressed. Nothing in a file is used before all of it is checked.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from math import inf
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.blobs import INPUT
from safelight_mock.storage.sandboxes import inputs_of
from safelight_mock.wire.problem import Kind, Problem, VendorError

FORMAT = 3  # of the JSON; earlier ones had other field names, and are rejected
MANIFEST, SANDBOX, FOLDER = "manifest.json", "sandbox.json", "inputs/"
MEMBER = re.compile(FOLDER + INPUT.pattern)
LARGEST = 256 * 1024 * 1024  # bytes of a sandbox as JSON, without its inputs
BOUNDS = {MANIFEST: 64 * 1024, SANDBOX: LARGEST}
PIECE = 256 * 1024  # bytes of an input read at once
DAWN = (1980, 1, 1, 0, 0, 0)  # the date that a member without one has
OWNER = 0o600 << 16  # a member is for its owner alone, when it is unpacked
IS_LOCKED = 1  # the flag of a member that takes a password
# What zipfile raises for a file that is not a zip, is damaged, or is packed in a way that it does not know.
BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)


class SnapshotError(VendorError):
    """A snapshot cannot be taken or restored. The message is the reason."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of a snapshot."""

    format: int
    vendor: str


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was opened and checked, and the sandbox in it."""

    sandbox: Sandbox
    unpacked: ZipFile

    @property
    def digests(self) -> list[str]:
        """The digests of the inputs."""
        return sorted(inputs_of(self.sandbox))

    def input(self, digest: str) -> Iterator[bytes]:
        """Yield the bytes of an input, piece by piece."""
        return _pieces(self.unpacked, FOLDER + digest)


def pack(vendor: str, text: bytes, digests: list[str], find: Callable[[str], Path], file: BinaryIO) -> None:
    """Write a sandbox, given as JSON, with its inputs to a file; raises Problem for one that is too large."""
    if len(text) > LARGEST:
        raise Problem(Kind.TOO_LARGE, detail=f"without inputs, the snapshot exceeds {LARGEST} bytes")
    manifest = msgspec.json.encode(Manifest(format=FORMAT, vendor=vendor))
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, content in ((MANIFEST, manifest), (SANDBOX, text)):
            archive.writestr(_member(name), content)
        for digest in sorted(digests):
            with find(digest).open("rb") as source, archive.open(_sized(digest, find(digest)), "w") as member:
                copyfileobj(source, member)


@contextmanager
def unpack(file: Path | BinaryIO, most: int) -> Iterator[Archive]:
    """Open a file for the length of a `with` block, with inputs of so many bytes at most.

    Raises SnapshotError for a file that is not a complete snapshot, and Problem for one that is too large.
    """
    with _understood():
        archive = ZipFile(file)
    with archive:
        with _understood():
            _check_members(archive, most)
            sandbox = _sandbox(archive)
            _check_inputs(archive, sandbox)
        yield Archive(sandbox=sandbox, unpacked=archive)


def unfit(why: str) -> SnapshotError:
    """Return what to raise for a file that holds no sandbox."""
    return SnapshotError(422, f"invalid snapshot: {why}")


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        why = (
            f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else error
        )
        is_other = isinstance(error, BadZipFile) and "not a zip" in str(error)
        reason = (
            "it is not a ZIP file; use the bytes of a snapshot" if is_other else f"it cannot be read: {why}"
        )
        raise unfit(reason) from error


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, DAWN)
    member.create_system, member.external_attr = 3, OWNER
    return member


def _sized(digest: str, file: Path) -> ZipInfo:
    """Return an input's member, which has to know whether it will be a large one."""
    member = _member(FOLDER + digest)
    member.file_size = file.stat().st_size
    return member


def _check_members(archive: ZipFile, most: int) -> None:
    """Check the directory of the archive before any member is read."""
    members = archive.infolist()
    names = [member.filename for member in members]
    missing = {MANIFEST, SANDBOX} - set(names)
    if missing:
        raise unfit(f"it has no {min(missing)}")
    if len(set(names)) < len(names):
        raise unfit("it has two members of one name")
    for member in members:
        _check_member(member)
    if sum(member.file_size for member in members if member.filename.startswith(FOLDER)) > most:
        raise Problem(
            Kind.TOO_LARGE,
            detail=f"the inputs of this snapshot have more than {most} bytes, the limit of storage",
        )


def _check_member(member: ZipInfo) -> None:
    if member.filename not in BOUNDS and not MEMBER.fullmatch(member.filename):
        raise unfit(f"{member.filename[:80]!r} is not a member of a snapshot")
    if member.flag_bits & IS_LOCKED or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise unfit(
            f"{member.filename} is encrypted or of an unsupported compression method; use stored or deflated"
        )
    if member.file_size > BOUNDS.get(member.filename, inf):
        raise Problem(
            Kind.TOO_LARGE, detail=f"{member.filename} is larger than {BOUNDS[member.filename]} bytes"
        )


def _sandbox(archive: ZipFile) -> Sandbox:
    """Read manifest and sandbox."""
    try:
        manifest = msgspec.json.decode(_whole(archive, MANIFEST), type=Manifest)
        if manifest.format != FORMAT:
            raise unfit(f"it has format {manifest.format}; this version reads format {FORMAT}")
        sandbox = Sandbox.from_json(_whole(archive, SANDBOX))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise unfit(str(error).rstrip(".")) from error
    if sandbox.vendor != manifest.vendor:
        raise unfit(f"its manifest is of vendor {manifest.vendor}, its sandbox of {sandbox.vendor}")
    return sandbox


def _check_inputs(archive: ZipFile, sandbox: Sandbox) -> None:
    """Read every input: all that jobs and rules refer to are there, and no others; each has its digest."""
    there = {name.removeprefix(FOLDER) for name in archive.namelist() if name.startswith(FOLDER)}
    wanted = inputs_of(sandbox)
    if there != wanted:
        missing = wanted - there
        raise unfit(
            f"it has no input {min(missing)}" if missing else "it has inputs that no job or rule refers to"
        )
    for digest in sorted(there):
        hashed = sha256()
        for piece in _pieces(archive, FOLDER + digest):
            hashed.update(piece)
        if hashed.hexdigest() != digest:
            raise unfit(f"input {digest} has another digest")


def _whole(archive: ZipFile, name: str) -> bytes:
    """Read a member in pieces: read at once, `zipfile` would unpack more than its declared size."""
    return b"".join(_pieces(archive, name))


def _pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while piece := file.read(PIECE):
            yield piece
