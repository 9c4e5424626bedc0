from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.avif_lossless_compression_options_type import AvifLosslessCompressionOptionsType

T = TypeVar("T", bound="AvifLosslessCompressionOptions")


@_attrs_define
class AvifLosslessCompressionOptions:
    """
    Attributes:
        type_ (AvifLosslessCompressionOptionsType): Must have value `"lossless"`
    """

    type_: AvifLosslessCompressionOptionsType

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
        type_ = AvifLosslessCompressionOptionsType(d.pop("type"))

        avif_lossless_compression_options = cls(
            type_=type_,
        )

        return avif_lossless_compression_options
