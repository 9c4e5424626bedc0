"""Contains all the data models used in inputs/outputs"""

from .async_response import AsyncResponse
from .credit_balance import CreditBalance
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
from .estimate_bulk_item import EstimateBulkItem
from .estimate_bulk_item_output_format import EstimateBulkItemOutputFormat
from .estimate_category import EstimateCategory
from .estimate_image_task_gen_request import EstimateImageTaskGenRequest
from .estimate_image_task_gen_request_output_format import EstimateImageTaskGenRequestOutputFormat
from .estimate_image_task_request import EstimateImageTaskRequest
from .estimate_image_task_request_output_format import EstimateImageTaskRequestOutputFormat
from .estimation_bulk_error import EstimationBulkError
from .estimation_bulk_success import EstimationBulkSuccess
from .estimation_response import EstimationResponse
from .job_status_notification import JobStatusNotification
from .job_status_notification_status import JobStatusNotificationStatus
from .lighting_model import LightingModel
from .lighting_request import LightingRequest
from .lighting_request_output_format import LightingRequestOutputFormat
from .matting_model import MattingModel
from .matting_request import MattingRequest
from .matting_request_mode import MattingRequestMode
from .matting_request_output_format import MattingRequestOutputFormat
from .restore_gen_model import RestoreGenModel
from .restore_gen_request import RestoreGenRequest
from .restore_gen_request_output_format import RestoreGenRequestOutputFormat
from .sharpen_gen_model import SharpenGenModel
from .sharpen_gen_request import SharpenGenRequest
from .sharpen_gen_request_output_format import SharpenGenRequestOutputFormat
from .sharpen_model import SharpenModel
from .sharpen_request import SharpenRequest
from .sharpen_request_output_format import SharpenRequestOutputFormat
from .status_page import StatusPage
from .status_page_pagination import StatusPagePagination
from .status_response import StatusResponse
from .status_response_status import StatusResponseStatus
from .tool_model import ToolModel
from .tool_request import ToolRequest
from .tool_request_output_format import ToolRequestOutputFormat

__all__ = (
    "AsyncResponse",
    "CreditBalance",
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
    "EstimateBulkItem",
    "EstimateBulkItemOutputFormat",
    "EstimateCategory",
    "EstimateImageTaskGenRequest",
    "EstimateImageTaskGenRequestOutputFormat",
    "EstimateImageTaskRequest",
    "EstimateImageTaskRequestOutputFormat",
    "EstimationBulkError",
    "EstimationBulkSuccess",
    "EstimationResponse",
    "JobStatusNotification",
    "JobStatusNotificationStatus",
    "LightingModel",
    "LightingRequest",
    "LightingRequestOutputFormat",
    "MattingModel",
    "MattingRequest",
    "MattingRequestMode",
    "MattingRequestOutputFormat",
    "RestoreGenModel",
    "RestoreGenRequest",
    "RestoreGenRequestOutputFormat",
    "SharpenGenModel",
    "SharpenGenRequest",
    "SharpenGenRequestOutputFormat",
    "SharpenModel",
    "SharpenRequest",
    "SharpenRequestOutputFormat",
    "StatusPage",
    "StatusPagePagination",
    "StatusResponse",
    "StatusResponseStatus",
    "ToolModel",
    "ToolRequest",
    "ToolRequestOutputFormat",
)
