"""Files are kept by content, within a bound, and made once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safelight_mock.core import Format, Picture, Recipe
from safelight_mock.imaging import ImageError
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.integrity import LostInputError
from safelight_mock.storage.upload_spool import MAX_IN_MEMORY, UploadSpool
from safelight_mock.wire import Kind, Problem, RenderedFile

RECIPE = Recipe(steps=(), output=Picture(format=Format.PNG, width=1, height=1))


@pytest.fixture
def needed() -> set[str]:
    return set()


@pytest.fixture
def store(needed: set[str]) -> Iterator[BlobStore]:
    opened = BlobStore(10 * MAX_IN_MEMORY, needed)
    yield opened
    opened.close()


def made_of(digest: str) -> RenderedFile:
    return RenderedFile(digest=digest, recipe=RECIPE, filename="")


def put(store: BlobStore, content: bytes) -> str:
    spool = UploadSpool(store)
    spool.write(content)
    digest = spool.commit("a.bin").digest
    store.release(digest)
    return digest


def copy(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())


@pytest.mark.parametrize("size", [0, 1, MAX_IN_MEMORY, MAX_IN_MEMORY + 1, 3 * MAX_IN_MEMORY])
def test_a_stored_file_is_read_back(store: BlobStore, size: int) -> None:
    content = bytes(size)

    assert store.input(put(store, content)).read_bytes() == content


def test_the_same_bytes_are_one_file(store: BlobStore) -> None:
    assert put(store, b"same") == put(store, b"same")


@pytest.mark.parametrize(("actual", "reads"), [(Picture(format=Format.PNG, width=2, height=1), 1), (None, 3)])
def test_the_header_of_a_picture_is_read_once(actual: Picture | None, reads: int) -> None:
    read = []

    def picture_of(content: Path | bytes) -> Picture | None:
        read.append(content)
        return actual

    store = BlobStore(10 * MAX_IN_MEMORY, frozenset(), picture_of=picture_of)
    pictures = []
    for _ in range(3):
        spool = UploadSpool(store)
        spool.write(b"png")
        pictures.append(spool.commit("a.png").picture)
    store.close()

    assert pictures == [actual] * 3
    assert read == [b"png"] * reads


@pytest.mark.parametrize("size", [MAX_IN_MEMORY, MAX_IN_MEMORY + 1])
def test_the_header_of_a_small_file_is_read_in_memory(size: int) -> None:
    read: list[Path | bytes] = []
    store = BlobStore(10 * MAX_IN_MEMORY, frozenset(), picture_of=read.append)
    spool = UploadSpool(store)
    spool.write(bytes(size))
    file = store.input(spool.commit("a.png").digest)
    store.close()

    assert read == ([bytes(size)] if size == MAX_IN_MEMORY else [file])


def test_an_evicted_file_can_be_stored_again(store: BlobStore) -> None:
    content = bytes(6 * MAX_IN_MEMORY)
    store.input(put(store, content)).unlink()

    assert store.input(put(store, content)).read_bytes() == content
    store.reserve(4 * MAX_IN_MEMORY)  # and is counted once
    assert store.input(put(store, content)).exists()


def test_an_incomplete_upload_leaves_no_file(store: BlobStore) -> None:
    spool = UploadSpool(store)
    spool.write(bytes(2 * MAX_IN_MEMORY))
    folder = store.input("x").parent
    assert len(list(folder.iterdir())) == 1

    spool.close()

    assert list(folder.iterdir()) == []


@pytest.mark.fidelity("twin.max_storage")
def test_results_are_evicted_first_and_rendered_again_on_demand(store: BlobStore, needed: set[str]) -> None:
    needed.add(put(store, bytes(4 * MAX_IN_MEMORY)))
    [digest] = needed
    with store.open_result(made_of(digest), copy) as file:
        made = Path(file.name)
    assert made.stat().st_size == 4 * MAX_IN_MEMORY

    needed.add(put(store, bytes(3 * MAX_IN_MEMORY)))

    assert not made.exists()
    assert store.input(digest).exists()


def test_unused_inputs_are_evicted_next(store: BlobStore, needed: set[str]) -> None:
    wanted = put(store, b"a" * 5 * MAX_IN_MEMORY)
    needed.add(wanted)
    unwanted = put(store, b"b" * 5 * MAX_IN_MEMORY)

    put(store, b"c" * 5 * MAX_IN_MEMORY)

    assert store.input(wanted).exists()
    assert not store.input(unwanted).exists()


def test_a_file_that_cannot_fit_is_rejected_and_evicts_nothing(store: BlobStore, needed: set[str]) -> None:
    needed.add(put(store, b"a" * 9 * MAX_IN_MEMORY))

    with pytest.raises(Problem) as refused:
        put(store, b"b" * 2 * MAX_IN_MEMORY)

    assert refused.value.kind is Kind.NO_ROOM
    assert all(store.input(digest).exists() for digest in needed)


def test_an_input_is_leased_until_its_request_ends(store: BlobStore) -> None:
    spool = UploadSpool(store)
    spool.write(b"a" * 9 * MAX_IN_MEMORY)
    digest = spool.commit("a.bin").digest
    location = store.input(digest)

    with pytest.raises(Problem):
        put(store, b"b" * 2 * MAX_IN_MEMORY)
    assert location.exists()

    store.release(digest)
    put(store, b"b" * 2 * MAX_IN_MEMORY)
    assert not location.exists()


@pytest.mark.fidelity("twin:determinism")
def test_a_result_requested_concurrently_is_rendered_once(store: BlobStore) -> None:
    digest, made = put(store, b"input"), []

    def make(source: Path, target: Path) -> None:
        made.append(target)
        copy(source, target)

    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda _: store.open_result(made_of(digest), make), range(16)))
    contents = {file.read() for file in files}
    for file in files:
        file.close()

    assert len(made) == 1
    assert contents == {b"input"}


def test_a_result_that_cannot_fit_is_refused_and_leaves_nothing(store: BlobStore, needed: set[str]) -> None:
    digest = put(store, bytes(6 * MAX_IN_MEMORY))
    needed.add(digest)

    with pytest.raises(Problem):
        store.open_result(made_of(digest), copy)

    assert list(store.input(digest).parent.iterdir()) == [store.input(digest)]


def test_a_store_that_is_closed_leaves_no_folder(store: BlobStore) -> None:
    folder = store.input(put(store, b"x")).parent

    store.close()

    assert not folder.exists()


def test_an_upload_counts_against_the_limit_while_it_arrives(store: BlobStore) -> None:
    arriving = [UploadSpool(store) for _ in range(3)]
    for spool in arriving[:2]:
        spool.write(bytes(4 * MAX_IN_MEMORY))

    with pytest.raises(Problem):
        arriving[2].write(bytes(4 * MAX_IN_MEMORY))

    for spool in arriving:
        spool.close()
    put(store, bytes(9 * MAX_IN_MEMORY))


def test_the_same_bytes_arriving_twice_at_once_are_counted_once(store: BlobStore) -> None:
    first, second = UploadSpool(store), UploadSpool(store)
    for spool in (first, second):
        spool.write(b"a" * 4 * MAX_IN_MEMORY)
    digests = {first.commit("a").digest, second.commit("b").digest}

    assert len(digests) == 1
    put(store, b"b" * 5 * MAX_IN_MEMORY)


def test_a_result_evicted_before_it_is_opened_is_rendered_again(store: BlobStore, needed: set[str]) -> None:
    needed.add(put(store, b"input"))
    [digest] = needed
    store.open_result(made_of(digest), copy).close()
    for file in store.input(digest).parent.glob("*.result"):
        file.unlink()

    with store.open_result(made_of(digest), copy) as again:
        assert again.read() == b"input"


def test_concurrent_downloads_and_evictions_keep_the_size_consistent() -> None:
    inputs = [bytes([number]) * MAX_IN_MEMORY for number in range(3)]
    digests = set[str]()
    store = BlobStore(5 * MAX_IN_MEMORY, digests)
    digests.update(put(store, content) for content in inputs)

    def fetch(number: int) -> None:
        store.open_result(made_of(sorted(digests)[number % 3]), copy).close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fetch, range(400)))

    store.reserve(2 * MAX_IN_MEMORY)
    with pytest.raises(Problem):
        store.reserve(1)
    store.close()


def test_what_nothing_needs_is_removed_with_what_was_made_from_it(store: BlobStore, needed: set[str]) -> None:
    digests = [put(store, content) for content in (b"needed", b"held", b"other", b"last")]
    needed.add(digests[0])
    store.hold(digests[1])
    for digest in digests:
        store.open_result(made_of(digest), copy).close()
    assert store.used == 2 * len(b"neededheldotherlast")

    store.remove_unneeded(digests[:3])
    store.open_result(made_of(digests[0]), lambda *_: pytest.fail("it was made again")).close()
    assert store.used == 2 * len(b"neededheldlast")

    store.remove_unneeded()
    assert store.used == 2 * len(b"neededheld")
    assert [store.input(digest).exists() for digest in digests] == [True, True, False, False]


def test_a_temporary_file_is_in_the_folder_and_not_counted(tmp_path: Path) -> None:
    store = BlobStore(100, set(), tmp_path)

    with store.spare(60) as file:
        where = Path(f"/proc/self/fd/{file.fileno()}").readlink()
        assert where.parent == tmp_path
        file.write(b"abc")
        file.seek(0)
        assert file.read() == b"abc"
        assert store.used == 0
    assert [*tmp_path.iterdir()] == []


def test_a_temporary_file_needs_room_and_evicts_for_it(store: BlobStore) -> None:
    digest = put(store, bytes(6 * MAX_IN_MEMORY))

    store.spare(5 * MAX_IN_MEMORY).close()
    assert not store.input(digest).exists()
    with pytest.raises(Problem) as refused:
        store.spare(11 * MAX_IN_MEMORY)
    assert refused.value.kind is Kind.NO_ROOM
    assert "--max-storage" in str(refused.value)


def test_a_lost_input_is_not_counted_any_longer(store: BlobStore) -> None:
    digest, other = put(store, b"12345"), put(store, b"123")
    store.input(digest).unlink()

    with pytest.raises(LostInputError):
        store.intact(digest)
    with pytest.raises(LostInputError):
        store.open_input(digest)

    assert store.used == 3
    assert digest in store.lost
    assert other not in store.lost
    assert store.intact(other) == store.input(other)


def test_only_intact_inputs_are_held(store: BlobStore, needed: set[str]) -> None:
    here, gone = put(store, b"here"), put(store, b"gone")
    needed.update((here, gone))
    store.input(gone).unlink()

    with store.holding([here, gone, "never"]) as held:
        assert held == [here]
        needed.clear()
        store.remove_unneeded()
        assert store.input(here).exists()
    store.remove_unneeded()
    assert not store.input(here).exists()
    assert "never" not in store.lost


def test_what_is_not_needed_is_removed_with_what_was_made_from_it(store: BlobStore, needed: set[str]) -> None:
    kept, going = put(store, b"kept"), put(store, b"going")
    needed.add(kept)
    for digest in (kept, going):
        store.open_result(made_of(digest), copy).close()
    assert store.used == 2 * (len(b"kept") + len(b"going"))

    store.remove_unneeded([kept, going])

    assert store.used == 2 * len(b"kept")
    assert not store.input(going).exists()
    assert store.input(kept).exists()
    store.remove_unneeded([])
    assert store.used == 2 * len(b"kept")


def test_a_discarded_input_stays_while_another_request_or_a_job_needs_it(
    store: BlobStore, needed: set[str]
) -> None:
    digest = put(store, b"bytes")
    assert store.hold(digest)
    assert store.hold(digest)

    store.discard(digest)
    assert store.input(digest).exists()
    needed.add(digest)
    store.discard(digest)
    assert store.input(digest).exists()
    needed.clear()
    assert store.hold(digest)
    store.discard(digest)

    assert not store.input(digest).exists()
    assert store.used == 0
    assert not store.hold(digest)


def test_a_file_that_cannot_be_written_is_not_counted(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    store = BlobStore(100, set(), folder)
    folder.rmdir()

    with pytest.raises(FileNotFoundError):
        store.put(b"bytes", "a.bin")

    assert store.used == 0
    folder.mkdir()
    assert store.input(store.put(b"bytes", "a.bin").digest).read_bytes() == b"bytes"
    assert store.used == 5


def test_a_result_that_cannot_be_made_is_made_by_the_next_request(store: BlobStore) -> None:
    digest = put(store, b"input")

    def fail(_: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise ImageError("no image")

    with pytest.raises(ImageError, match="no image"):
        store.open_result(made_of(digest), fail)
    assert (store.used, [*store.input(digest).parent.iterdir()]) == (5, [store.input(digest)])
    with store.open_result(made_of(digest), copy) as file:
        assert file.read() == b"input"
    assert store.used == 10


def test_an_input_that_was_lost_and_uploaded_again_is_counted(store: BlobStore) -> None:
    digest = put(store, b"bytes")
    store.input(digest).unlink()
    with pytest.raises(LostInputError):
        store.intact(digest)
    assert store.used == 0

    assert put(store, b"bytes") == digest

    assert (store.used, digest in store.lost) == (5, False)
    assert store.intact(digest).read_bytes() == b"bytes"
