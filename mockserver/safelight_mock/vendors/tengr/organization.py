"""What belongs to an organization: the secret that webhooks are signed with."""

from hashlib import blake2b

from safelight_mock.core.engine import Engine
from safelight_mock.wire.messages import Call, Reply
from safelight_mock.wire.problem import Refusal

UNKNOWN = "unknown"  # begins the id of an organization that the key does not belong to


def rotate(engine: Engine, call: Call) -> Reply:
    """Answer rotateOrganizationWebhookSecret: 32 new bytes take the place of the old, shown this once."""
    sandbox = engine.sandbox
    if str(call.parameters["orgId"]).startswith(UNKNOWN):
        raise Refusal(404, "Organization not found")
    drawn, seed = sandbox.draw().bytes, sandbox.seed.encode()
    secret = blake2b(drawn, key=seed[:64], digest_size=32).hexdigest()
    sandbox.webhook = sandbox.webhook.signed(secret)
    return Reply.json(200, {"secret": secret})
