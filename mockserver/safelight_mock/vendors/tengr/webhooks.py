"""The secret that signs webhooks."""

from hashlib import blake2b

from safelight_mock.core.engine import Engine
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.problem import VendorError

UNKNOWN = "unknown"  # prefix of the id of an organization that the key does not belong to


def rotate(engine: Engine, request: Request) -> Response:
    """Handle rotateOrganizationWebhookSecret: 32 new bytes, which no other response has."""
    sandbox = engine.sandbox
    if str(request.parameters["orgId"]).startswith(UNKNOWN):
        raise VendorError(404, "Organization not found")
    drawn, seed = sandbox.draw().bytes, sandbox.seed.encode()
    secret = blake2b(drawn, key=seed[:64], digest_size=32).hexdigest()
    sandbox.webhook = sandbox.webhook.signed(secret)
    return Response.json(200, {"secret": secret})
