"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    JobIds,
    JobList,
    JobRead,
    JobResult,
    Lifecycle,
    State,
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
        listing=JobList(operation="findAllArtworksV2", each="$[*]"),
        words=Words(
            listed=(
                Word(name="starting", means=(State.QUEUED,)),
                Word(name="processing", means=(State.RUNNING,)),
                Word(name="succeeded", means=(State.SUCCEEDED,)),
                Word(name="failed", means=(State.FAILED,)),
                Word(name="canceled", means=(State.CANCELLED,)),
            )
        ),
        result=JobResult(places=(parse_expression("$response.body#/results/0"),)),
    )
}
OPERATIONS: Final[Mapping[str, str]] = {
    "createDetailerUpscalerArtwork": "safelight_clients.tengr.api.artworks.create_detailer_upscaler_artwork",
    "createUpscalingArtwork": "safelight_clients.tengr.api.artworks.create_upscaling_artwork",
    "findAllArtworksV2": "safelight_clients.tengr.api.artworks.find_all_artworks_v2",
    "findArtworkByIdV2": "safelight_clients.tengr.api.artworks.find_artwork_by_id_v2",
    "rotateOrganizationWebhookSecret": "safelight_clients.tengr.api.organizations.rotate_organization_webhook_secret",
}
__all__ = ["LIFECYCLES", "OPERATIONS"]
