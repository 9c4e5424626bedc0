from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebpLossyCompressionOptions")


@_attrs_define
class WebpLossyCompressionOptions:
    """
    Attributes:
        type_ (Literal['lossy']): Must have value `"lossy"`
        quality (int | Unset):
    """

    type_: Literal["lossy"]
    quality: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        quality = self.quality

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if quality is not UNSET:
            field_dict["quality"] = quality

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["lossy"], d.pop("type"))
        if type_ != "lossy":
            raise ValueError(f"type must match const 'lossy', got '{type_}'")

        quality = d.pop("quality", UNSET)

        webp_lossy_compression_options = cls(
            type_=type_,
            quality=quality,
        )

        return webp_lossy_compression_options
