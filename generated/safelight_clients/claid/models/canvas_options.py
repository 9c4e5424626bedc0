from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.canvas_options_type import CanvasOptionsType

T = TypeVar("T", bound="CanvasOptions")


@_attrs_define
class CanvasOptions:
    """
    Attributes:
        type_ (CanvasOptionsType):
    """

    type_: CanvasOptionsType

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
        type_ = CanvasOptionsType(d.pop("type"))

        canvas_options = cls(
            type_=type_,
        )

        return canvas_options
