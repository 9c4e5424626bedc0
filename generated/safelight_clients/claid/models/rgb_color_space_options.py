from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RGBColorSpaceOptions")


@_attrs_define
class RGBColorSpaceOptions:
    """
    Attributes:
        type_ (Literal['RGB']):
    """

    type_: Literal["RGB"]

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

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
        type_ = cast(Literal["RGB"], d.pop("type"))
        if type_ != "RGB":
            raise ValueError(f"type must match const 'RGB', got '{type_}'")

        rgb_color_space_options = cls(
            type_=type_,
        )

        return rgb_color_space_options
