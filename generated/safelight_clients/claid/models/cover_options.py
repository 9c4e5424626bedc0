from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="CoverOptions")


@_attrs_define
class CoverOptions:
    """
    Attributes:
        type_ (Literal['cover']):
    """

    type_: Literal["cover"]

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
        type_ = cast(Literal["cover"], d.pop("type"))
        if type_ != "cover":
            raise ValueError(f"type must match const 'cover', got '{type_}'")

        cover_options = cls(
            type_=type_,
        )

        return cover_options
