from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PrivacyOptions")


@_attrs_define
class PrivacyOptions:
    """Hide what identifies people and cars; by default, nothing.

    Attributes:
        blur_car_plate (bool | Unset): If `true`, blurs car plate.
        identity_crop (bool | Unset): Removes a person's face from the image by cutting everything above the mouth.
    """

    blur_car_plate: bool | Unset = UNSET
    identity_crop: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        blur_car_plate = self.blur_car_plate

        identity_crop = self.identity_crop

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if blur_car_plate is not UNSET:
            field_dict["blur_car_plate"] = blur_car_plate
        if identity_crop is not UNSET:
            field_dict["identity_crop"] = identity_crop

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        blur_car_plate = d.pop("blur_car_plate", UNSET)

        identity_crop = d.pop("identity_crop", UNSET)

        privacy_options = cls(
            blur_car_plate=blur_car_plate,
            identity_crop=identity_crop,
        )

        return privacy_options
