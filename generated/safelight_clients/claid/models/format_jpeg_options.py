from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="FormatJpegOptions")


@_attrs_define
class FormatJpegOptions:
    """
    Attributes:
        type_ (Literal['jpeg']): Must have value `"jpeg"`
        quality (int | Unset):
        progressive (bool | Unset): Progressive JPEG loads in a browser in successive waves until a clear picture is
            formed. This improves image's loading speed.
    """

    type_: Literal["jpeg"]
    quality: int | Unset = UNSET
    progressive: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        quality = self.quality

        progressive = self.progressive

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if quality is not UNSET:
            field_dict["quality"] = quality
        if progressive is not UNSET:
            field_dict["progressive"] = progressive

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["jpeg"], d.pop("type"))
        if type_ != "jpeg":
            raise ValueError(f"type must match const 'jpeg', got '{type_}'")

        quality = d.pop("quality", UNSET)

        progressive = d.pop("progressive", UNSET)

        format_jpeg_options = cls(
            type_=type_,
            quality=quality,
            progressive=progressive,
        )

        return format_jpeg_options
