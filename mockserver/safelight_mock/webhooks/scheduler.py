"""The scheduler: workers deliver what becomes due by running clocks.

Manual and auto clocks need none: advancing one delivers what is due until then.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from math import inf
from threading import Condition, Thread

from safelight_mock.storage.port import Lease, SandboxStore
from safelight_mock.storage.transaction import SandboxEvictedError
from safelight_mock.wire.logs import log
from safelight_mock.wire.problem import Problem

WORKERS = 8  # sandboxes that are served at a time
IDLE_WAKEUP = 1.0  # real seconds after which the store is read again: the system clock may have been set
STORAGE_RETRY = 5.0  # real seconds until a sandbox is served again after a storage failure


class Scheduler:
    """One thread that sleeps until the next due time and leases due sandboxes to workers.

    Invariant: a sandbox has at most one worker, by its lease, so that its deliveries stay in order. `serve`
    delivers what is due in a leased sandbox; `now` returns real time. The threads are started when something
    becomes due for the first time.
    """

    def __init__(
        self, store: SandboxStore, serve: Callable[[Lease], object], now: Callable[[], float]
    ) -> None:
        self._store = store
        self._serve_sandbox = serve
        self._now = now
        self._changed = Condition()
        self._serving = 0  # workers that serve a sandbox, or are about to
        self._is_woken = False
        self._is_stopped = False

    def start(self) -> None:
        """Serve sandboxes in which something is due, from now on."""
        self._store.on_due(self._wake)
        if self._store.next_due < inf:
            self._wake()

    def stop(self) -> None:
        """Serve no further sandboxes; workers that run end by themselves."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and drop sandboxes that wait for a worker."""
        self.stop()
        if "_pool" in self.__dict__:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _wake(self) -> None:
        """Read what is due from the store again. Must not block: called while a sandbox is locked."""
        with self._changed:
            self._is_woken = True
            if not self._is_stopped and not self._thread.is_alive():
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._is_stopped:
            for lease in self._claimed():
                with suppress(RuntimeError):  # the pool is shut down
                    self._pool.submit(self._serve, lease)
            left = self._store.next_due - self._now()
            with self._changed:
                # `_is_woken` covers a wake-up between the claim and this wait, which would be lost otherwise.
                if not self._is_woken and self._serving < WORKERS:
                    self._changed.wait(min(max(left, 0.0), IDLE_WAKEUP) if left < inf else None)
                elif not self._is_woken:
                    self._changed.wait()
                self._is_woken = False

    def _claimed(self) -> Sequence[Lease]:
        """Lease due sandboxes, as many as there are free workers."""
        with self._changed:
            free = WORKERS - self._serving
        leases = self._store.claim(free, self._now()) if free else ()
        with self._changed:
            self._serving += len(leases)
        return leases

    def _serve(self, lease: Lease) -> None:
        """Serve a sandbox and release its lease; after a failure not before STORAGE_RETRY."""
        not_before = 0.0
        try:
            self._serve_sandbox(lease)
        except SandboxEvictedError:
            pass
        except Problem:  # it could not be stored, is locked, or the server is shutting down
            not_before = self._now() + STORAGE_RETRY
        except Exception:
            not_before = self._now() + STORAGE_RETRY
            if not self._is_stopped:
                log.exception("deliveries of sandbox %s cannot be made", lease.name)
        finally:
            lease.release(not_before=not_before)
            with self._changed:
                self._serving -= 1
            self._wake()

    @cached_property
    def _thread(self) -> Thread:
        return Thread(target=self._run, name="safelight-scheduler", daemon=True)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-deliver")
