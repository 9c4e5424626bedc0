from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.avif_compression_enum import AvifCompressionEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.avif_lossless_compression_options import AvifLosslessCompressionOptions
    from ..models.avif_lossy_compression_options import AvifLossyCompressionOptions


T = TypeVar("T", bound="FormatAvifOptions")


@_attrs_define
class FormatAvifOptions:
    """
    Attributes:
        type_ (Literal['avif']): Must have value `"avif"`
        compression (AvifCompressionEnum | AvifLosslessCompressionOptions | AvifLossyCompressionOptions | Unset): The
            AVIF codec supports both lossless and lossy modes of operation, so you can select the one that is appropriate
            for your goals. Lossy compression allows you to reduce the size of the image significantly in exchange for some
            loss of data, reducing the quality of an image. You can specify the amount of loss you are willing to accept.
            Lossless compression allows you to save maximum image details in exchange for a significantly increased file
            size.
    """

    type_: Literal["avif"]
    compression: (
        AvifCompressionEnum | AvifLosslessCompressionOptions | AvifLossyCompressionOptions | Unset
    ) = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.avif_lossy_compression_options import AvifLossyCompressionOptions

        type_ = self.type_

        compression: dict[str, Any] | str | Unset
        if isinstance(self.compression, Unset):
            compression = UNSET
        elif isinstance(self.compression, AvifCompressionEnum):
            compression = self.compression.value
        elif isinstance(self.compression, AvifLossyCompressionOptions):
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
        from ..models.avif_lossless_compression_options import AvifLosslessCompressionOptions
        from ..models.avif_lossy_compression_options import AvifLossyCompressionOptions

        d = dict(src_dict)
        type_ = cast(Literal["avif"], d.pop("type"))
        if type_ != "avif":
            raise ValueError(f"type must match const 'avif', got '{type_}'")

        def _parse_compression(
            data: object,
        ) -> AvifCompressionEnum | AvifLosslessCompressionOptions | AvifLossyCompressionOptions | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                compression_type_0 = AvifCompressionEnum(data)

                return compression_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                compression_type_1 = AvifLossyCompressionOptions.from_dict(data)

                return compression_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            compression_type_2 = AvifLosslessCompressionOptions.from_dict(data)

            return compression_type_2

        compression = _parse_compression(d.pop("compression", UNSET))

        format_avif_options = cls(
            type_=type_,
            compression=compression,
        )

        return format_avif_options
