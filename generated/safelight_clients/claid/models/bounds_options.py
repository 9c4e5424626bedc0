from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.bounds_options_type import BoundsOptionsType

T = TypeVar("T", bound="BoundsOptions")


@_attrs_define
class BoundsOptions:
    """
    Attributes:
        type_ (BoundsOptionsType):
    """

    type_: BoundsOptionsType

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
        type_ = BoundsOptionsType(d.pop("type"))

        bounds_options = cls(
            type_=type_,
        )

        return bounds_options
