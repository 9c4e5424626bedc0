from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.webp_compression_enum import WebpCompressionEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.webp_lossless_compression_options import WebpLosslessCompressionOptions
    from ..models.webp_lossy_compression_options import WebpLossyCompressionOptions


T = TypeVar("T", bound="FormatWebpOptions")


@_attrs_define
class FormatWebpOptions:
    """
    Attributes:
        type_ (Literal['webp']): Must have value `"webp"`
        compression (Unset | WebpCompressionEnum | WebpLosslessCompressionOptions | WebpLossyCompressionOptions): The
            WEBP codec supports both lossless and lossy modes of operation, so you can select the one that is appropriate
            for your goals. Lossy compression allows you to reduce the size of the image significantly in exchange for some
            loss of data, reducing the quality of an image. You can specify the amount of loss you are willing to accept. By
            default it's set to to 75. Lossless compression allows you to save maximum image details in exchange for a
            significantly increased file size.
    """

    type_: Literal["webp"]
    compression: (
        Unset | WebpCompressionEnum | WebpLosslessCompressionOptions | WebpLossyCompressionOptions
    ) = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.webp_lossy_compression_options import WebpLossyCompressionOptions

        type_ = self.type_

        compression: dict[str, Any] | str | Unset
        if isinstance(self.compression, Unset):
            compression = UNSET
        elif isinstance(self.compression, WebpCompressionEnum):
            compression = self.compression.value
        elif isinstance(self.compression, WebpLossyCompressionOptions):
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
        from ..models.webp_lossless_compression_options import WebpLosslessCompressionOptions
        from ..models.webp_lossy_compression_options import WebpLossyCompressionOptions

        d = dict(src_dict)
        type_ = cast(Literal["webp"], d.pop("type"))
        if type_ != "webp":
            raise ValueError(f"type must match const 'webp', got '{type_}'")

        def _parse_compression(
            data: object,
        ) -> Unset | WebpCompressionEnum | WebpLosslessCompressionOptions | WebpLossyCompressionOptions:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                compression_type_0 = WebpCompressionEnum(data)

                return compression_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                compression_type_1 = WebpLossyCompressionOptions.from_dict(data)

                return compression_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            compression_type_2 = WebpLosslessCompressionOptions.from_dict(data)

            return compression_type_2

        compression = _parse_compression(d.pop("compression", UNSET))

        format_webp_options = cls(
            type_=type_,
            compression=compression,
        )

        return format_webp_options
