from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.fit_crop_enum import FitCropEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="CropOptions")


@_attrs_define
class CropOptions:
    """
    Attributes:
        type_ (Literal['crop']):
        crop (FitCropEnum | Unset): Selects the crop mode:

            | Value | Description |
            | --- | --- |
            | `"center"` | Cropping relative to the center of the image.|
            | `"smart"` | Content aware image cropping.|
    """

    type_: Literal["crop"]
    crop: FitCropEnum | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        crop: str | Unset = UNSET
        if not isinstance(self.crop, Unset):
            crop = self.crop.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if crop is not UNSET:
            field_dict["crop"] = crop

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["crop"], d.pop("type"))
        if type_ != "crop":
            raise ValueError(f"type must match const 'crop', got '{type_}'")

        _crop = d.pop("crop", UNSET)
        crop: FitCropEnum | Unset
        if isinstance(_crop, Unset):
            crop = UNSET
        else:
            crop = FitCropEnum(_crop)

        crop_options = cls(
            type_=type_,
            crop=crop,
        )

        return crop_options
