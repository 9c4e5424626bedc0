from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="CanvasOptions")


@_attrs_define
class CanvasOptions:
    """
    Attributes:
        type_ (Literal['canvas']):
    """

    type_: Literal["canvas"]

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
        type_ = cast(Literal["canvas"], d.pop("type"))
        if type_ != "canvas":
            raise ValueError(f"type must match const 'canvas', got '{type_}'")

        canvas_options = cls(
            type_=type_,
        )

        return canvas_options
