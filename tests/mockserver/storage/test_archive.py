"""What is in a snapshot, and what is refused as one."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.mockserver.stored import stored

from safelight_mock import Settings, SnapshotError, Twin
from safelight_mock.core import Format, Job, Picture, Plan, Sandbox, Source
from safelight_mock.storage import archive as archive_module
from safelight_mock.storage.archive import pack, unpack
from safelight_mock.wire import Kind, Problem

Members = dict[str, bytes]
Change = Callable[[Members], object]

PICTURE = Picture(format=Format.PNG, width=4, height=3)
INPUT = b"the bytes of a picture"
DIGEST = sha256(INPUT).hexdigest()
JOB = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    opened = Twin(Settings(seed="tests", max_storage=100_000))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("inputs")
    (folder / DIGEST).write_bytes(INPUT)
    source = Source(id="s", digest=DIGEST, filename="a.png", picture=PICTURE)
    plan = Plan(queued=1, running=1)
    job = Job(
        id=JOB,
        operation="postDenoise",
        lifecycle="image",
        plan=plan,
        source=source,
        output=PICTURE,
        details={"model": "Normal"},
    )
    sandbox = Sandbox(name="box", seed="s", vendor="topaz", jobs={JOB: job})
    packed = BytesIO()
    pack("topaz", sandbox.to_json(), [DIGEST], folder.joinpath, packed)
    return packed.getvalue()


def members(file: bytes) -> Members:
    with ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(of: Members, compression: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", compression) as archive:
        for name, content in of.items():
            archive.writestr(name, content)
    return file.getvalue()


def restore(twin: Twin, file: bytes) -> Sandbox:
    twin.restore(file, vendor="topaz", key="k")
    return stored(twin, "topaz", "k")


def test_a_snapshot_is_a_manifest_a_sandbox_and_its_inputs(file: bytes) -> None:
    assert list(members(file)) == ["manifest.json", "sandbox.json", f"inputs/{DIGEST}"]
    assert json.loads(members(file)["manifest.json"]) == {"format": 3, "vendor": "topaz"}


def test_a_repacked_snapshot_is_restored(twin: Twin, file: bytes) -> None:
    assert list(restore(twin, packed(members(file))).jobs) == [JOB]
    assert twin.blobs.input(DIGEST).read_bytes() == INPUT


def test_a_file_is_restored_by_its_path(twin: Twin, file: bytes, tmp_path: Path) -> None:
    (tmp_path / "box.zip").write_bytes(file)

    twin.restore(tmp_path / "box.zip", vendor="topaz", key="by-path")

    assert list(stored(twin, "topaz", "by-path").jobs) == [JOB]


def other(**changes: object) -> Change:
    """Change the sandbox; double underscores lead into it, and `j` is its job."""

    def change(of: Members) -> None:
        sandbox = json.loads(of["sandbox.json"])
        for path, value in changes.items():
            *way, last = path.replace("jobs__j__", f"jobs__{JOB}__").split("__")
            node: Any = sandbox
            for part in way:
                node = node[part]
            node[last] = value
        of["sandbox.json"] = json.dumps(sandbox).encode()

    return change


def manifest(text: str) -> Change:
    return lambda of: of.update({"manifest.json": text.encode()})


UNFIT: dict[str, tuple[Change, str]] = {
    "no manifest": (lambda of: of.pop("manifest.json"), "it has no manifest.json"),
    "no sandbox": (lambda of: of.pop("sandbox.json"), "it has no sandbox.json"),
    "no input": (lambda of: of.pop(f"inputs/{DIGEST}"), f"it has no input {DIGEST}"),
    "further member": (lambda of: of.update({"notes.txt": b""}), "'notes.txt' is not a member of a snapshot"),
    "path": (lambda of: of.update({f"inputs/../{DIGEST}": b""}), "is not a member of a snapshot"),
    "absolute": (lambda of: of.update({f"/inputs/{DIGEST}": b""}), "is not a member of a snapshot"),
    "further input": (
        lambda of: of.update({f"inputs/{'0' * 64}": b""}),
        "it has inputs that no job or rule refers to",
    ),
    "other bytes": (lambda of: of.update({f"inputs/{DIGEST}": b"?"}), "has another digest"),
    "manifest": (manifest("nonsense"), "JSON is malformed"),
    "empty manifest": (manifest("{}"), "Object missing required field `format`"),
    "format": (manifest('{"format": 2, "vendor": "topaz"}'), "it has format 2; this version reads format 3"),
    "vendors": (
        manifest('{"format": 3, "vendor": "claid"}'),
        "its manifest is of vendor claid, its sandbox of topaz",
    ),
    "deep": (lambda of: of.update({"sandbox.json": b'{"x": ' + b"[" * 100_000}), "recursion depth"),
    "huge number": (lambda of: of.update({"sandbox.json": b'{"paid": 1e999}'}), "Number out of range"),
    "type": (other(jobs=[]), "Expected `object`, got `array`"),
    "word": (other(clock__mode="wild"), "Invalid enum value 'wild'"),
    "id": (other(jobs__j__id="k"), f"'{JOB}' is nothing that topaz has"),
    "lifecycle": (other(jobs__j__lifecycle="dream"), f"'{JOB}' is nothing that topaz has"),
    "operation": (other(jobs__j__operation="dream"), "'dream' is no operation of topaz"),
    "time": (other(latest=1e12), "it has a time that no clock tells"),
    "plan": (other(jobs__j__plan__running=-1), "it has a time that no clock tells"),
    "end": (other(jobs__j__submitted=9e10, jobs__j__plan__queued=9e10), "it has a time that no clock tells"),
    "call": (other(calls=[1e300]), "it has a time that no clock tells"),
    "drawn": (
        other(ids_drawn=4, jobs__j__number=5),
        "it drew 4 ids, fewer than its jobs have: new jobs would replace them",
    ),
    "pause": (other(pause=-1), "it has a time that no clock tells"),
    "rate": (other(clock__mode="scaled", clock__rate=0), "its clock has a rate of 0"),
}


@pytest.mark.fidelity("twin:snapshot")
@pytest.mark.parametrize("named", UNFIT)
def test_a_file_that_is_not_a_snapshot_is_rejected_with_a_reason(twin: Twin, file: bytes, named: str) -> None:
    change, why = UNFIT[named]
    before = restore(twin, file).to_json()
    changed = members(file)
    change(changed)

    with pytest.raises(SnapshotError, match=r"^invalid snapshot: .*[^.]$") as refused:
        restore(twin, packed(changed))

    assert why in str(refused.value)
    assert refused.value.status == 422
    assert stored(twin, "topaz", "k").to_json() == before


def doubled(file: bytes) -> bytes:
    appended = BytesIO(file)
    with ZipFile(appended, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("manifest.json", "{}")
    return appended.getvalue()


@pytest.mark.parametrize(
    ("alter", "why"),
    [
        (lambda _: b"", "it is not a ZIP file; use the bytes of a snapshot"),
        (lambda file: file[: len(file) // 2], "it is not a ZIP file; use the bytes of a snapshot"),
        (lambda file: file.replace(INPUT, INPUT.upper()), "it cannot be read: Bad CRC-32"),
        (
            lambda file: packed(members(file), ZIP_BZIP2),
            "is encrypted or of an unsupported compression method",
        ),
        (doubled, "snapshot: it has two members of one name$"),
    ],
)
def test_a_truncated_archive_is_rejected(
    twin: Twin, file: bytes, alter: Callable[[bytes], bytes], why: str
) -> None:
    with pytest.raises(SnapshotError, match=why):
        restore(twin, alter(file))


@pytest.mark.parametrize("name", ["manifest.json", f"inputs/{DIGEST}"])
def test_a_decompression_bomb_is_not_unpacked(twin: Twin, file: bytes, name: str) -> None:
    bomb = packed({**members(file), name: bytes(10_000_000)})
    assert len(bomb) < 20_000

    with pytest.raises(Problem, match=r"larger than 65536 bytes|more than 100000 bytes") as refused:
        restore(twin, bomb)

    assert refused.value.kind is Kind.TOO_LARGE


@pytest.mark.parametrize("name", ["manifest.json", "sandbox.json", f"inputs/{DIGEST}"])
def test_a_member_that_is_longer_than_it_says_is_not_unpacked_further(
    twin: Twin, file: bytes, name: str
) -> None:
    message = (10_000_000).to_bytes(4, "little")
    bomb = packed({**members(file), name: bytes(10_000_000)}).replace(message, b"\x16\0\0\0")

    tracemalloc.start()
    with pytest.raises(SnapshotError, match="it cannot be read: Bad CRC-32"):
        restore(twin, bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 5_000_000


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_snapshot_is_rejected_or_restored_unchanged(
    file: bytes, changes: list[tuple[int, int]]
) -> None:
    damaged = bytearray(file)
    for location, value in changes:
        damaged[location % len(damaged)] = value

    try:
        with unpack(BytesIO(damaged), 100_000) as archive:
            text = archive.sandbox.to_json()
    except (SnapshotError, Problem):
        return

    with unpack(BytesIO(file), 100_000) as archive:
        assert text == archive.sandbox.to_json()


def test_a_snapshot_is_packed_byte_for_byte_alike(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"input")
    files = [BytesIO(), BytesIO()]

    for file in files:
        pack("topaz", b"{}", ["b" * 64, "a" * 64], lambda _: source, file)

    with ZipFile(files[0]) as archive:
        members = archive.infolist()
    assert files[0].getvalue() == files[1].getvalue()
    assert [member.filename for member in members] == [
        "manifest.json",
        "sandbox.json",
        *(f"inputs/{letter * 64}" for letter in "ab"),
    ]
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {(member.create_system, member.external_attr >> 16) for member in members} == {(3, 0o600)}
    assert {member.compress_type for member in members} == {ZIP_STORED}


def test_a_sandbox_that_is_too_large_for_a_snapshot_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LARGEST", 2)

    pack("topaz", b"{}", [], Path, BytesIO())
    with pytest.raises(Problem, match="without inputs, the snapshot exceeds 2 bytes") as refused:
        pack("topaz", b"{ }", [], Path, BytesIO())

    assert refused.value.kind is Kind.TOO_LARGE
