from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="WebpLosslessCompressionOptions")


@_attrs_define
class WebpLosslessCompressionOptions:
    """
    Attributes:
        type_ (Literal['lossless']): Must have value `"lossless"`
    """

    type_: Literal["lossless"]

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

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
        type_ = cast(Literal["lossless"], d.pop("type"))
        if type_ != "lossless":
            raise ValueError(f"type must match const 'lossless', got '{type_}'")

        webp_lossless_compression_options = cls(
            type_=type_,
        )

        return webp_lossless_compression_options
