from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="BoundsOptions")


@_attrs_define
class BoundsOptions:
    """
    Attributes:
        type_ (Literal['bounds']):
    """

    type_: Literal["bounds"]

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
        type_ = cast(Literal["bounds"], d.pop("type"))
        if type_ != "bounds":
            raise ValueError(f"type must match const 'bounds', got '{type_}'")

        bounds_options = cls(
            type_=type_,
        )

        return bounds_options
