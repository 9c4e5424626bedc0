"""What belongs to an organization: the secret that webhooks are signed with."""

from hashlib import blake2b

from safelight_mock.core.engine import Engine
from safelight_mock.vendors.tengr.trials import try_organization, try_scope
from safelight_mock.wire.call import Call, Reply


def rotate(engine: Engine, call: Call) -> Reply:
    """Answer rotateOrganizationWebhookSecret with 32 new bytes; nothing is signed yet, so none are kept."""
    try_scope(call.key)
    try_organization(str(call.parameters["orgId"]))
    drawn, seed = engine.sandbox.draw().bytes, engine.sandbox.seed.encode()
    return Reply.json(200, {"secret": blake2b(drawn, key=seed[:64], digest_size=32).hexdigest()})
