from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.photo_version_enum import PhotoVersionEnum

T = TypeVar("T", bound="UpscalePhotoOptions")


@_attrs_define
class UpscalePhotoOptions:
    """
    Attributes:
        type_ (Literal['photo']):
        version (PhotoVersionEnum): Upscales the image with specified version of photo upscaling neural network.

            | Value | Description |
            | --- | --- |
            | `"1"` | Is deprecated and not recommended.|
            | `"2"` | Used for restoring image quality that is taken by mobile devices or digital camera.|
            | `"3"` | Used for restoring image quality, a bit more aggressively than `"2"`.|
    """

    type_: Literal["photo"]
    version: PhotoVersionEnum

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        version = self.version.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["photo"], d.pop("type"))
        if type_ != "photo":
            raise ValueError(f"type must match const 'photo', got '{type_}'")

        version = PhotoVersionEnum(d.pop("version"))

        upscale_photo_options = cls(
            type_=type_,
            version=version,
        )

        return upscale_photo_options
