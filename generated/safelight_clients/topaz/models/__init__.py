"""Contains all the data models used in inputs/outputs"""

from .async_response import AsyncResponse
from .deleted_statuses import DeletedStatuses
from .denoise_model import DenoiseModel
from .denoise_request import DenoiseRequest
from .denoise_request_output_format import DenoiseRequestOutputFormat
from .download_response import DownloadResponse
from .enhance_gen_model import EnhanceGenModel
from .enhance_gen_request import EnhanceGenRequest
from .enhance_gen_request_output_format import EnhanceGenRequestOutputFormat
from .enhance_model import EnhanceModel
from .enhance_request import EnhanceRequest
from .enhance_request_output_format import EnhanceRequestOutputFormat
from .error import Error
from .estimate_image_task_gen_request import EstimateImageTaskGenRequest
from .estimate_image_task_gen_request_output_format import EstimateImageTaskGenRequestOutputFormat
from .estimate_image_task_request import EstimateImageTaskRequest
from .estimate_image_task_request_output_format import EstimateImageTaskRequestOutputFormat
from .estimation_response import EstimationResponse
from .job_status_notification import JobStatusNotification
from .job_status_notification_status import JobStatusNotificationStatus
from .matting_model import MattingModel
from .matting_request import MattingRequest
from .matting_request_mode import MattingRequestMode
from .matting_request_output_format import MattingRequestOutputFormat
from .status_page import StatusPage
from .status_page_pagination import StatusPagePagination
from .status_response import StatusResponse
from .status_response_status import StatusResponseStatus

__all__ = (
    "AsyncResponse",
    "DeletedStatuses",
    "DenoiseModel",
    "DenoiseRequest",
    "DenoiseRequestOutputFormat",
    "DownloadResponse",
    "EnhanceGenModel",
    "EnhanceGenRequest",
    "EnhanceGenRequestOutputFormat",
    "EnhanceModel",
    "EnhanceRequest",
    "EnhanceRequestOutputFormat",
    "Error",
    "EstimateImageTaskGenRequest",
    "EstimateImageTaskGenRequestOutputFormat",
    "EstimateImageTaskRequest",
    "EstimateImageTaskRequestOutputFormat",
    "EstimationResponse",
    "JobStatusNotification",
    "JobStatusNotificationStatus",
    "MattingModel",
    "MattingRequest",
    "MattingRequestMode",
    "MattingRequestOutputFormat",
    "StatusPage",
    "StatusPagePagination",
    "StatusResponse",
    "StatusResponseStatus",
)
