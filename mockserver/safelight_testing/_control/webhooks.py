"""Webhooks of a mock server: which are sent, who receives them, and where an account's go."""

from collections.abc import Iterable, Sequence
from typing import Any

from safelight_mock import State, Twin
from safelight_mock.config.arguments import check_type, check_vendor
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Webhook
from safelight_testing._apps.app_loop import AppLoop
from safelight_testing._apps.app_sender import Address, AppSender
from safelight_testing._apps.receivers import Application, Interface, Receiver, receiver_of
from safelight_testing._control.admin_client import ALL, AdminClient, ControlError
from safelight_testing._control.new_sandboxes import SandboxChanges
from safelight_testing._control.records import DeliveryRecord


class Webhooks:
    """The webhooks of all API keys."""

    def __init__(self, twin: Twin, admin: AdminClient, changes: SandboxChanges) -> None:
        self._twin = twin
        self._admin = admin
        self._changes = changes
        self._loop = AppLoop()
        self._receivers: dict[Address, Receiver] = {}
        make_other, receivers = twin.dispatcher.make_sender, self._receivers
        twin.dispatcher.make_sender = lambda: AppSender(receivers, make_other, twin.real)

    def to(
        self,
        url: str,
        receives: Application | int | Iterable[int],
        *,
        interface: Interface | None = None,
    ) -> None:
        """Have webhooks to a URL, and below it, received in this process: no port, and nothing is sent.

        `receives`: a WSGI or ASGI application, which gets the URL's path, or statuses: one for each webhook,
        the last one for all that follow. A WSGI application is called in the thread that advances the clock,
        an ASGI application on the event loop that runs here now, else on one of its own; its lifespan is not
        run. What an application raises is logged, and a response of 500. `interface`: if an application is
        not recognised as what it is.

        Raises ValueError for what is not an HTTP URL, and TypeError for what receives nothing.
        """
        self._receivers[Address.of(url)] = receiver_of(receives, interface, self._loop)

    @property
    def deliveries(self) -> Sequence[DeliveryRecord]:
        """Deliveries with their attempts, oldest first."""
        return self._admin.read("deliveries", list[DeliveryRecord], limit=ALL)[::-1]

    def configure(self, vendor: str, *, url: str, secret: str = "") -> None:
        """Set the webhook of the accounts of an API that has one by account, and its signing secret.

        It holds for each API key, also for those that are used later; an empty URL: none is sent. Raises
        ControlError for an API whose jobs name their webhooks, and ValueError for one that is not served, and
        for what is not an HTTP URL.
        """
        check_vendor(vendor, self._twin.served)
        check_type("secret", secret, str, "a text")
        if url:
            Address.of(url)
        on = self._states(vendor)
        for sandbox in [one for one in self._admin.sandboxes() if one.vendor == vendor]:
            changes = {"url": url, "secret": secret}
            self._admin.send("PATCH", f"sandboxes/{sandbox.name}/webhook", changes, dict[str, Any])

        def prepare(sandbox: Sandbox) -> None:
            sandbox.webhook = Webhook(url=url, on=on, secret=secret)

        self._changes.prepare(prepare, vendor=vendor)

    def stop(self) -> None:
        """Wait for no application any more."""
        self._loop.stop()

    def close(self) -> None:
        """End the event loop of ASGI applications."""
        self._loop.close()

    def _states(self, vendor: str) -> tuple[State, ...]:
        """Return the states that an API's account webhooks notify of."""
        cycles = self._twin.served[vendor].lifecycles.values()
        states = {
            state
            for cycle in cycles
            for rule in cycle.deliveries
            if rule.is_of_account
            for state in cycle.states_of(rule)
        }
        if not states:
            raise ControlError(f"{vendor} has no webhook by account; send its URL with each job")
        return tuple(state for state in State if state in states)
