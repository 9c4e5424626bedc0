"""Deletes sandboxes with all that belongs to them, one or all."""

from collections import deque
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

import msgspec

from safelight_mock.app.request_log import RequestLog
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.sandboxes import inputs_of
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.webhooks.inbox import Inboxes
from safelight_mock.wire.credential_leak import CredentialLeak


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """Deletes what requests have made in a server; what its settings say stays. Every method may block.

    A request that is held for a deleted job is answered as for an unknown one. A webhook that is being sent
    arrives all the same, and no further one.

    They raise BusyError and NotStoredError, and then have changed nothing. `restarts` have clocks and ids of
    new sandboxes begin as they did when the server was started.
    """

    sandboxes: Sandboxes
    blobs: BlobStore
    inboxes: Inboxes
    request_log: RequestLog
    leaks: deque[CredentialLeak]
    restarts: Iterable[Callable[[], None]]

    def reset(self) -> None:
        """Return the server to the state in which it was started; metrics keep their counts."""
        store = self.sandboxes.store
        store.delete(store.names())
        self.blobs.remove_unneeded()
        self.inboxes.clear()
        self.request_log.empty()
        self.leaks.clear()
        for restart in self.restarts:
            restart()

    def delete(self, name: str) -> None:
        """Delete a sandbox with its jobs, files, deliveries and logged requests, if it exists."""
        self.blobs.remove_unneeded(self.sandboxes.store.delete([name]))
        self.request_log.empty(name)

    def renew(self, name: str) -> None:
        """Put a new sandbox, with the same label, in the place of one, if that exists."""

        def renew(transaction: Transaction) -> AbstractSet[str]:
            before = transaction.renew(name)
            transaction.commit()
            return frozenset() if before is None else inputs_of(before)

        self.blobs.remove_unneeded(self.sandboxes.write(renew))
        self.request_log.empty(name)
