from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.tiff_compression_enum import TiffCompressionEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.tiff_lossless_compression_options import TiffLosslessCompressionOptions
    from ..models.tiff_lossy_compression_options import TiffLossyCompressionOptions


T = TypeVar("T", bound="FormatTiffOptions")


@_attrs_define
class FormatTiffOptions:
    """
    Attributes:
        type_ (Literal['tiff']): Must have value `"tiff"`
        compression (TiffCompressionEnum | TiffLosslessCompressionOptions | TiffLossyCompressionOptions | Unset): The
            TIFF codec supports both lossless and lossy modes of operation, so you can select the one that is appropriate
            for your goals. Lossy JPEG compression allows you to reduce the size of the image significantly in exchange for
            some loss of data, reducing the quality of an image. You can specify the amount of loss you are willing to
            accept. By default it's set to to 75. Lossless LZW (Lempel-Ziv-Welch) compression allows you to save maximum
            image details in exchange for a significantly increased file size.
    """

    type_: Literal["tiff"]
    compression: (
        TiffCompressionEnum | TiffLosslessCompressionOptions | TiffLossyCompressionOptions | Unset
    ) = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.tiff_lossy_compression_options import TiffLossyCompressionOptions

        type_ = self.type_

        compression: dict[str, Any] | str | Unset
        if isinstance(self.compression, Unset):
            compression = UNSET
        elif isinstance(self.compression, TiffCompressionEnum):
            compression = self.compression.value
        elif isinstance(self.compression, TiffLossyCompressionOptions):
            compression = self.compression.to_dict()
        else:
            compression = self.compression.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if compression is not UNSET:
            field_dict["compression"] = compression

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.tiff_lossless_compression_options import TiffLosslessCompressionOptions
        from ..models.tiff_lossy_compression_options import TiffLossyCompressionOptions

        d = dict(src_dict)
        type_ = cast(Literal["tiff"], d.pop("type"))
        if type_ != "tiff":
            raise ValueError(f"type must match const 'tiff', got '{type_}'")

        def _parse_compression(
            data: object,
        ) -> TiffCompressionEnum | TiffLosslessCompressionOptions | TiffLossyCompressionOptions | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                compression_type_0 = TiffCompressionEnum(data)

                return compression_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                compression_type_1 = TiffLossyCompressionOptions.from_dict(data)

                return compression_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            compression_type_2 = TiffLosslessCompressionOptions.from_dict(data)

            return compression_type_2

        compression = _parse_compression(d.pop("compression", UNSET))

        format_tiff_options = cls(
            type_=type_,
            compression=compression,
        )

        return format_tiff_options
