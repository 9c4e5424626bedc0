from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.cover_options_type import CoverOptionsType

T = TypeVar("T", bound="CoverOptions")


@_attrs_define
class CoverOptions:
    """
    Attributes:
        type_ (CoverOptionsType):
    """

    type_: CoverOptionsType

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
        type_ = CoverOptionsType(d.pop("type"))

        cover_options = cls(
            type_=type_,
        )

        return cover_options
