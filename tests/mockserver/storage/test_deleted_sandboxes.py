"""Every store removes sandboxes as a whole, with the leases of those that were about to change them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.mockserver.disks import full
from tests.mockserver.hooks import until
from tests.mockserver.storage.stores import (
    ONE,
    OTHER,
    Open,
    changing,
    delivery,
    in_folder,
    jobs,
    shown,
    submit,
)

from safelight_mock.config.settings import Settings
from safelight_mock.core.webhook import Outcome
from safelight_mock.storage.port import BusyError, NotStoredError, SandboxStore
from safelight_mock.storage.transaction import Transaction


def test_a_deleted_sandbox_leaves_nothing_behind(make: Open) -> None:
    inputs = Counter[str]()
    store = make(inputs)
    submit(store, "one", "a", label="shop")
    submit(store, "other", "b")
    with changing(store) as sandbox:
        sandbox.add(delivery("first", Outcome.DELIVERED))

    assert store.delete([ONE, "unknown"]) == {"input of a"}

    assert (list(store.names()), store.labelled("shop"), store.about(ONE)) == ([OTHER], None, None)
    assert [*store.with_job("a"), *store.with_delivery("first")] == []
    assert dict(inputs) == {"input of b": 1}
    assert (shown(store), +Counter(store.count_sandboxes())) == (None, {"topaz": 1})
    assert (+Counter(store.count_jobs(0)), +Counter(store.count_deliveries())) == (
        {("topaz", "queued"): 1},
        {},
    )


def test_a_label_and_a_place_are_free_after_a_deletion(make: Open) -> None:
    store = make(max_jobs=1, max_sandboxes=1)
    submit(store, "one", "a", label="shop")

    store.delete([ONE])
    submit(store, "other", "b", label="shop")

    assert jobs(store, "other") == ["b"]


def test_the_next_sandbox_of_the_name_is_a_new_one(store: SandboxStore) -> None:
    submit(store, "one", "a")
    with Transaction(store, 0) as transaction:
        transaction.named(ONE)
        before = transaction.number

    store.delete([ONE])
    with changing(store, at=5) as sandbox:
        assert (list(sandbox.jobs), sandbox.ids_drawn) == ([], 0)
        sandbox.label = "next"

    with Transaction(store, 5) as transaction:
        transaction.named(ONE)
        assert transaction.number not in (0, before)


def test_a_lease_ends_with_its_sandbox(store: SandboxStore) -> None:
    submit(store, "one", "a")
    lease = store.lease(ONE, 0)
    assert lease is not None

    store.delete([ONE])
    submit(store, "one", "b")
    following = store.lease(ONE, 0)
    lease.release()

    assert lease.is_over
    assert following is not None
    assert (following.is_over, store.is_leased(ONE)) == (False, True)


def test_a_renewed_sandbox_keeps_its_label_and_ends_its_lease(store: SandboxStore) -> None:
    submit(store, "one", "a", label="shop")
    lease = store.lease(ONE, 0)
    assert lease is not None
    with Transaction(store, 9) as transaction:
        transaction.named(ONE)
        number = transaction.number
        transaction.renew(ONE)
        transaction.commit()

    actual = shown(store, at=9)
    assert actual is not None
    assert (list(actual.jobs), actual.label, actual.latest, lease.is_over) == ([], "shop", 9, True)
    with Transaction(store, 9) as transaction:
        transaction.named(ONE)
        assert transaction.number not in (0, number)


def test_a_name_without_a_sandbox_is_not_renewed(store: SandboxStore) -> None:
    with Transaction(store, 0) as transaction:
        assert transaction.renew(ONE) is None
        transaction.commit()

    assert list(store.names()) == []


def test_a_request_that_waits_for_a_deleted_sandbox_gets_a_new_one(store: SandboxStore) -> None:
    submit(store, "one", "a")
    submit(store, "other", "a")
    held = store.hold(OTHER)
    with ThreadPoolExecutor(2) as pool:
        deleting = pool.submit(store.delete, [ONE, OTHER])  # holds the first while it waits for the other
        until(lambda: is_held(store, ONE))
        submitting = pool.submit(submit, store, "one", "b")
        held.release()
        deleting.result(10)
        submitting.result(10)

    assert (list(store.names()), jobs(store)) == ([ONE], ["b"])


def is_held(store: SandboxStore, name: str) -> bool:
    try:
        held = store.view(name, timeout=0.0)
    except BusyError:
        return True
    if held is not None:
        held.release()
    return False


def test_a_deletion_survives_a_restart(tmp_path: Path) -> None:
    store = in_folder(tmp_path, Settings(), None)
    submit(store, "one", "a")
    submit(store, "other", "b")

    store.delete([ONE])
    store.close()
    again = in_folder(tmp_path, Settings(), None)

    assert list(again.names()) == [OTHER]
    again.close()


@pytest.mark.parametrize("make", ["sqlite"], indirect=True)  # memory takes all there is room for
def test_a_deletion_that_cannot_be_stored_deletes_nothing(make: Open) -> None:
    store = make()
    submit(store, "one", "a", label="shop")
    lease = store.lease(ONE, 0)

    with full():
        with pytest.raises(NotStoredError):
            store.delete([ONE])
        with Transaction(store, 0) as transaction:
            transaction.renew(ONE)
            with pytest.raises(NotStoredError):
                transaction.commit()

    assert (jobs(store), store.labelled("shop"), store.is_leased(ONE)) == (["a"], ONE, True)
    assert lease is not None
    lease.release()
