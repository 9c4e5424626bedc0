from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.format_jpeg_options_type import FormatJpegOptionsType
from ..types import UNSET, Unset

T = TypeVar("T", bound="FormatJpegOptions")


@_attrs_define
class FormatJpegOptions:
    """
    Attributes:
        type_ (FormatJpegOptionsType): Must have value `"jpeg"`
        quality (int | Unset):
        progressive (bool | Unset): Progressive JPEG loads in a browser in successive waves until a clear picture is
            formed. This improves image's loading speed.
    """

    type_: FormatJpegOptionsType
    quality: int | Unset = UNSET
    progressive: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

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
        type_ = FormatJpegOptionsType(d.pop("type"))

        quality = d.pop("quality", UNSET)

        progressive = d.pop("progressive", UNSET)

        format_jpeg_options = cls(
            type_=type_,
            quality=quality,
            progressive=progressive,
        )

        return format_jpeg_options
