"""Contains all the data models used in inputs/outputs"""

from .artwork_format import ArtworkFormat
from .artwork_status import ArtworkStatus
from .create_detailer_upscaler_artwork_request import CreateDetailerUpscalerArtworkRequest
from .create_upscaling_artwork_request import CreateUpscalingArtworkRequest
from .detailer_upscaler_artwork_response import DetailerUpscalerArtworkResponse
from .detailer_upscaler_artwork_response_parameters import DetailerUpscalerArtworkResponseParameters
from .error import Error
from .other_artwork_response import OtherArtworkResponse
from .other_artwork_response_parameters import OtherArtworkResponseParameters
from .upscaling_artwork_response import UpscalingArtworkResponse
from .upscaling_artwork_response_parameters import UpscalingArtworkResponseParameters
from .webhook_secret import WebhookSecret

__all__ = (
    "ArtworkFormat",
    "ArtworkStatus",
    "CreateDetailerUpscalerArtworkRequest",
    "CreateUpscalingArtworkRequest",
    "DetailerUpscalerArtworkResponse",
    "DetailerUpscalerArtworkResponseParameters",
    "Error",
    "OtherArtworkResponse",
    "OtherArtworkResponseParameters",
    "UpscalingArtworkResponse",
    "UpscalingArtworkResponseParameters",
    "WebhookSecret",
)
