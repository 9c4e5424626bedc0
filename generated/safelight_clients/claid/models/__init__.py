"""Contains all the data models used in inputs/outputs"""

from .adjustments_options import AdjustmentsOptions
from .apiv1_status import APIV1Status
from .async_accepted_envelope import AsyncAcceptedEnvelope
from .async_accepted_response import AsyncAcceptedResponse
from .async_edit_request import AsyncEditRequest
from .async_pipeline_result_item import AsyncPipelineResultItem
from .async_result_envelope import AsyncResultEnvelope
from .async_result_response import AsyncResultResponse
from .avif_compression_enum import AvifCompressionEnum
from .avif_lossless_compression_options import AvifLosslessCompressionOptions
from .avif_lossy_compression_options import AvifLossyCompressionOptions
from .background_blur_level_enum import BackgroundBlurLevelEnum
from .background_blur_options import BackgroundBlurOptions
from .background_blur_type_enum import BackgroundBlurTypeEnum
from .background_category_enum import BackgroundCategoryEnum
from .background_enum import BackgroundEnum
from .background_options import BackgroundOptions
from .background_removal_options import BackgroundRemovalOptions
from .background_selective_options import BackgroundSelectiveOptions
from .batch_accepted_envelope import BatchAcceptedEnvelope
from .batch_accepted_response import BatchAcceptedResponse
from .batch_edit_input_options import BatchEditInputOptions
from .batch_edit_request import BatchEditRequest
from .batch_pipeline_error import BatchPipelineError
from .batch_result_envelope import BatchResultEnvelope
from .batch_result_response import BatchResultResponse
from .bounds_options import BoundsOptions
from .canvas_options import CanvasOptions
from .cmyk_color_profile_enum import CMYKColorProfileEnum
from .cmyk_color_space_options import CMYKColorSpaceOptions
from .color_space_enum import ColorSpaceEnum
from .cover_options import CoverOptions
from .crop_options import CropOptions
from .decompress_enum import DecompressEnum
from .edit_envelope import EditEnvelope
from .edit_response import EditResponse
from .edit_upload_options import EditUploadOptions
from .edit_upload_request import EditUploadRequest
from .error_details import ErrorDetails
from .error_type import ErrorType
from .fit_crop_enum import FitCropEnum
from .fit_enum import FitEnum
from .format_avif_options import FormatAvifOptions
from .format_compression_level_enum import FormatCompressionLevelEnum
from .format_enum import FormatEnum
from .format_jpeg_options import FormatJpegOptions
from .format_png_options import FormatPngOptions
from .format_tiff_options import FormatTiffOptions
from .format_webp_options import FormatWebpOptions
from .generative_options import GenerativeOptions
from .hdr_options import HdrOptions
from .http_error_details import HttpErrorDetails
from .image_operations import ImageOperations
from .image_output_options import ImageOutputOptions
from .metadata_options import MetadataOptions
from .nested_http_error_details import NestedHttpErrorDetails
from .no_result import NoResult
from .other_request import OtherRequest
from .outpaint_options import OutpaintOptions
from .photo_version_enum import PhotoVersionEnum
from .pipeline_input_object import PipelineInputObject
from .pipeline_input_object_in_error import PipelineInputObjectInError
from .pipeline_output_object import PipelineOutputObject
from .privacy_options import PrivacyOptions
from .profiling import Profiling
from .resizing_options import ResizingOptions
from .restorations_options import RestorationsOptions
from .rgb_color_space_options import RGBColorSpaceOptions
from .sizes_enum import SizesEnum
from .style_transfer_options import StyleTransferOptions
from .tiff_compression_enum import TiffCompressionEnum
from .tiff_lossless_compression_options import TiffLosslessCompressionOptions
from .tiff_lossy_compression_options import TiffLossyCompressionOptions
from .upscale_enum import UpscaleEnum
from .upscale_photo_options import UpscalePhotoOptions
from .webp_compression_enum import WebpCompressionEnum
from .webp_lossless_compression_options import WebpLosslessCompressionOptions
from .webp_lossy_compression_options import WebpLossyCompressionOptions

__all__ = (
    "AdjustmentsOptions",
    "APIV1Status",
    "AsyncAcceptedEnvelope",
    "AsyncAcceptedResponse",
    "AsyncEditRequest",
    "AsyncPipelineResultItem",
    "AsyncResultEnvelope",
    "AsyncResultResponse",
    "AvifCompressionEnum",
    "AvifLosslessCompressionOptions",
    "AvifLossyCompressionOptions",
    "BackgroundBlurLevelEnum",
    "BackgroundBlurOptions",
    "BackgroundBlurTypeEnum",
    "BackgroundCategoryEnum",
    "BackgroundEnum",
    "BackgroundOptions",
    "BackgroundRemovalOptions",
    "BackgroundSelectiveOptions",
    "BatchAcceptedEnvelope",
    "BatchAcceptedResponse",
    "BatchEditInputOptions",
    "BatchEditRequest",
    "BatchPipelineError",
    "BatchResultEnvelope",
    "BatchResultResponse",
    "BoundsOptions",
    "CanvasOptions",
    "CMYKColorProfileEnum",
    "CMYKColorSpaceOptions",
    "ColorSpaceEnum",
    "CoverOptions",
    "CropOptions",
    "DecompressEnum",
    "EditEnvelope",
    "EditResponse",
    "EditUploadOptions",
    "EditUploadRequest",
    "ErrorDetails",
    "ErrorType",
    "FitCropEnum",
    "FitEnum",
    "FormatAvifOptions",
    "FormatCompressionLevelEnum",
    "FormatEnum",
    "FormatJpegOptions",
    "FormatPngOptions",
    "FormatTiffOptions",
    "FormatWebpOptions",
    "GenerativeOptions",
    "HdrOptions",
    "HttpErrorDetails",
    "ImageOperations",
    "ImageOutputOptions",
    "MetadataOptions",
    "NestedHttpErrorDetails",
    "NoResult",
    "OtherRequest",
    "OutpaintOptions",
    "PhotoVersionEnum",
    "PipelineInputObject",
    "PipelineInputObjectInError",
    "PipelineOutputObject",
    "PrivacyOptions",
    "Profiling",
    "ResizingOptions",
    "RestorationsOptions",
    "RGBColorSpaceOptions",
    "SizesEnum",
    "StyleTransferOptions",
    "TiffCompressionEnum",
    "TiffLosslessCompressionOptions",
    "TiffLossyCompressionOptions",
    "UpscaleEnum",
    "UpscalePhotoOptions",
    "WebpCompressionEnum",
    "WebpLosslessCompressionOptions",
    "WebpLossyCompressionOptions",
)
