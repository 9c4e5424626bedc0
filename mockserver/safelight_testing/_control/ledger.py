"""Credits of a mock server: unlimited until a test sets a balance."""

from safelight_mock.config.arguments import check_number
from safelight_mock.core.sandbox import Sandbox
from safelight_testing._control.admin_client import AdminClient
from safelight_testing._control.new_sandboxes import SandboxChanges
from safelight_testing._control.records import AccountRecord


class Ledger:
    """The credits of all API keys together."""

    def __init__(self, admin: AdminClient, changes: SandboxChanges) -> None:
        self._admin = admin
        self._changes = changes

    def grant(self, balance: int | None, *, vendor: str = "") -> None:
        """Set the credits that each API key has left, also those that are used later; None: unlimited.

        Raises ValueError for less than zero, and for an API that is not served.
        """
        if balance is not None:
            check_number("balance", balance, is_whole=True, may_be_zero=True)

        def prepare(sandbox: Sandbox) -> None:
            sandbox.granted = balance

        self._changes.prepare(prepare, vendor=vendor)
        for sandbox in self._admin.sandboxes():
            if vendor in ("", sandbox.vendor):
                self._admin.send("PATCH", f"sandboxes/{sandbox.name}/account", {"balance": balance}, dict)

    @property
    def balance(self) -> int | None:
        """Credits that are left; None: unlimited for a key, or no key was used."""
        left = [account.balance for account in self._accounts()]
        return sum(filter(None, left)) if left and None not in left else None

    @property
    def reserved(self) -> int:
        """Credits reserved for jobs in progress."""
        return sum(account.reserved for account in self._accounts())

    @property
    def paid(self) -> int:
        """Credits paid for jobs that succeeded."""
        return sum(account.paid for account in self._accounts())

    def _accounts(self) -> list[AccountRecord]:
        return [sandbox.account for sandbox in self._admin.sandboxes()]
