from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.cmyk_color_profile_enum import CMYKColorProfileEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="CMYKColorSpaceOptions")


@_attrs_define
class CMYKColorSpaceOptions:
    """
    Attributes:
        type_ (Literal['CMYK']):
        color_profile (CMYKColorProfileEnum | Unset): Profile of the CMYK colors: `ISO_Coated` (FOGRA39), `ISO_Uncoated`
            (FOGRA29), `USWeb_Coated` (SWOP 2006) or `USWeb_Uncoated` (GRACoL 2013).
    """

    type_: Literal["CMYK"]
    color_profile: CMYKColorProfileEnum | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        color_profile: str | Unset = UNSET
        if not isinstance(self.color_profile, Unset):
            color_profile = self.color_profile.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if color_profile is not UNSET:
            field_dict["color_profile"] = color_profile

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["CMYK"], d.pop("type"))
        if type_ != "CMYK":
            raise ValueError(f"type must match const 'CMYK', got '{type_}'")

        _color_profile = d.pop("color_profile", UNSET)
        color_profile: CMYKColorProfileEnum | Unset
        if isinstance(_color_profile, Unset):
            color_profile = UNSET
        else:
            color_profile = CMYKColorProfileEnum(_color_profile)

        cmyk_color_space_options = cls(
            type_=type_,
            color_profile=color_profile,
        )

        return cmyk_color_space_options
