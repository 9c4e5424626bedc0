from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.rgb_color_space_options_type import RGBColorSpaceOptionsType

T = TypeVar("T", bound="RGBColorSpaceOptions")


@_attrs_define
class RGBColorSpaceOptions:
    """
    Attributes:
        type_ (RGBColorSpaceOptionsType):
    """

    type_: RGBColorSpaceOptionsType

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

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
        type_ = RGBColorSpaceOptionsType(d.pop("type"))

        rgb_color_space_options = cls(
            type_=type_,
        )

        return rgb_color_space_options
