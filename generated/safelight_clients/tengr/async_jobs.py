"""The lifecycles of this API's jobs, and how its operations are called."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    ApiTable,
    BodyOf,
    DeliveryRule,
    JobIds,
    JobList,
    JobRead,
    JobResult,
    KeyLocation,
    Lifecycle,
    Paging,
    PagingKind,
    RequestTemplate,
    Secret,
    SecretSource,
    Signature,
    SignatureScheme,
    State,
    StateSet,
    Submission,
    Word,
    Words,
    parse_expression,
)

LIFECYCLES: Final[Mapping[str, Lifecycle]] = {
    "artwork": Lifecycle(
        name="artwork",
        submit=(
            Submission(operation="createDetailerUpscalerArtwork"),
            Submission(operation="createUpscalingArtwork"),
        ),
        ids=JobIds(places=(parse_expression("$response.body#/id"),), parameter="id"),
        read=JobRead(operation="findArtworkByIdV2", state=(parse_expression("$response.body#/status"),)),
        listing=JobList(
            operation="findAllArtworksV2",
            each="$[*]",
            paging=Paging(kind=PagingKind.OFFSET, at="offset", limit="limit"),
        ),
        words=Words(
            listed=(
                Word(name="starting", means=(State.QUEUED,)),
                Word(name="processing", means=(State.RUNNING,)),
                Word(name="succeeded", means=(State.SUCCEEDED,)),
                Word(name="failed", means=(State.FAILED,)),
                Word(name="canceled", means=(State.CANCELLED,)),
            )
        ),
        result=JobResult(places=(parse_expression("$response.body#/results/0"),), media="image/webp"),
        deliver=(
            DeliveryRule(
                target=parse_expression("$request.body#/webhook"),
                on=StateSet(states=frozenset([State.CANCELLED, State.FAILED, State.SUCCEEDED])),
                sign=Signature(
                    scheme=SignatureScheme.UNVERIFIED,
                    secret=Secret(
                        source=SecretSource.OPERATION,
                        place=parse_expression("$response.body#/secret"),
                        operation="rotateOrganizationWebhookSecret",
                        rotates=True,
                    ),
                ),
                body=BodyOf.READ,
            ),
        ),
    )
}
OPERATIONS: Final[Mapping[str, str]] = {
    "createDetailerUpscalerArtwork": "safelight_clients.tengr.api.artworks.create_detailer_upscaler_artwork",
    "createUpscalingArtwork": "safelight_clients.tengr.api.artworks.create_upscaling_artwork",
    "findAllArtworksV2": "safelight_clients.tengr.api.artworks.find_all_artworks_v2",
    "findArtworkByIdV2": "safelight_clients.tengr.api.artworks.find_artwork_by_id_v2",
    "rotateOrganizationWebhookSecret": "safelight_clients.tengr.api.organizations.rotate_organization_webhook_secret",
}
API: Final = ApiTable(
    lifecycles=LIFECYCLES,
    modules=OPERATIONS,
    requests={
        "createDetailerUpscalerArtwork": RequestTemplate(
            method="POST", path="/v2/artworks/detailer-upscaler"
        ),
        "createUpscalingArtwork": RequestTemplate(method="POST", path="/v2/artworks/upscaling"),
        "findAllArtworksV2": RequestTemplate(method="GET", path="/v2/artworks"),
        "findArtworkByIdV2": RequestTemplate(method="GET", path="/v2/artworks/{id}"),
        "rotateOrganizationWebhookSecret": RequestTemplate(
            method="POST", path="/v2/organizations/{orgId}/webhook-secret"
        ),
    },
    server="",
    key=KeyLocation(prefix="Bearer "),
    messages=(
        parse_expression("$response.body#/message"),
        parse_expression("$response.body#/error/message"),
        parse_expression("$response.body#/detail"),
        parse_expression("$response.body#/error"),
        parse_expression("$response.body#/title"),
    ),
)
__all__ = ["API", "LIFECYCLES", "OPERATIONS"]
