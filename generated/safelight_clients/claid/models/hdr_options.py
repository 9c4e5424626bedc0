from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="HdrOptions")


@_attrs_define
class HdrOptions:
    """
    Attributes:
        intensity (int | Unset): HDR effect intensity.
        stitching (bool | Unset): Set to true for seamless HDR effect on stitched 360 photos.
    """

    intensity: int | Unset = UNSET
    stitching: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        intensity = self.intensity

        stitching = self.stitching

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if intensity is not UNSET:
            field_dict["intensity"] = intensity
        if stitching is not UNSET:
            field_dict["stitching"] = stitching

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        intensity = d.pop("intensity", UNSET)

        stitching = d.pop("stitching", UNSET)

        hdr_options = cls(
            intensity=intensity,
            stitching=stitching,
        )

        return hdr_options
