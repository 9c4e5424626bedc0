"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    FileLink,
    JobId,
    JobLifecycle,
    ListOperation,
    ReadOperation,
    State,
)

LIFECYCLES: Final[Mapping[str, JobLifecycle]] = {
    "artwork": JobLifecycle(
        name="artwork",
        submit=("createDetailerUpscalerArtwork", "createUpscalingArtwork"),
        id=JobId(expression="$response.body#/id", parameter="id"),
        read=ReadOperation(operation="findArtworkByIdV2", state="$response.body#/status"),
        states={
            "starting": State.QUEUED,
            "processing": State.RUNNING,
            "succeeded": State.SUCCEEDED,
            "failed": State.FAILED,
            "canceled": State.CANCELLED,
        },
        listing=ListOperation(operation="findAllArtworksV2", each="$[*]"),
        result=FileLink(
            url="$response.body#/results/0",
            allowed=frozenset([State.SUCCEEDED]),
            expires=691200.0,
            renew=True,
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
__all__ = ["LIFECYCLES", "OPERATIONS"]
