"""What was recorded of the requests and responses of a server, by vendor."""

from collections.abc import Mapping

import msgspec

from safelight_mock.core.scenario import Role
from safelight_mock.core.webhook import Outcome, WebhookFault
from safelight_mock.coverage.fields import FieldNode

REQUEST = ""  # in the place of the key of a response


class Recorded(msgspec.Struct, kw_only=True):
    """What was recorded at a moment; of bodies, what is recorded later too.

    `responses` are by operation and status, `bodies` by operation and the key of a response in the document,
    `states` and `webhooks` by lifecycle and word, `links` by what was done with files, and the family of the
    status. Of `rules` the source comes first, as in the request log.
    """

    responses: Mapping[tuple[str, str, int], int]
    parameters: Mapping[tuple[str, str], frozenset[str]]
    bodies: Mapping[tuple[str, str, str], FieldNode]
    states: Mapping[tuple[str, str, str], int]
    webhooks: Mapping[tuple[str, str, str], int]
    outcomes: Mapping[tuple[str, Outcome], int]
    faults: frozenset[tuple[str, WebhookFault]]
    links: Mapping[tuple[str, Role, str], int]
    rules: Mapping[str, int]

    @property
    def vendors(self) -> frozenset[str]:
        """The vendors that were called, or sent webhooks."""
        return frozenset([key[0] for key in self.responses] + [key[0] for key in self.outcomes])
