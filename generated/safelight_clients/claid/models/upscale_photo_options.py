from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.photo_version_enum import PhotoVersionEnum
from ..models.upscale_photo_options_type import UpscalePhotoOptionsType

T = TypeVar("T", bound="UpscalePhotoOptions")


@_attrs_define
class UpscalePhotoOptions:
    """
    Attributes:
        type_ (UpscalePhotoOptionsType):
        version (PhotoVersionEnum): Upscales the image with specified version of photo upscaling neural network.

            | Value | Description |
            | --- | --- |
            | `"1"` | Is deprecated and not recommended.|
            | `"2"` | Used for restoring image quality that is taken by mobile devices or digital camera.|
            | `"3"` | Used for restoring image quality, a bit more aggressively than `"2"`.|
    """

    type_: UpscalePhotoOptionsType
    version: PhotoVersionEnum

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

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
        type_ = UpscalePhotoOptionsType(d.pop("type"))

        version = PhotoVersionEnum(d.pop("version"))

        upscale_photo_options = cls(
            type_=type_,
            version=version,
        )

        return upscale_photo_options
