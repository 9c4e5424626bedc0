from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.tiff_lossless_compression_options_type import TiffLosslessCompressionOptionsType

T = TypeVar("T", bound="TiffLosslessCompressionOptions")


@_attrs_define
class TiffLosslessCompressionOptions:
    """
    Attributes:
        type_ (TiffLosslessCompressionOptionsType): Must have value `"lossless"`
    """

    type_: TiffLosslessCompressionOptionsType

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = TiffLosslessCompressionOptionsType(d.pop("type"))

        tiff_lossless_compression_options = cls(
            type_=type_,
        )

        return tiff_lossless_compression_options
