from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="BackgroundSelectiveOptions")


@_attrs_define
class BackgroundSelectiveOptions:
    """Select an object to keep; what is around it is background.

    Attributes:
        object_to_keep (str): Specify an object to keep on the image.
    """

    object_to_keep: str

    def to_dict(self) -> dict[str, Any]:
        object_to_keep = self.object_to_keep

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "object_to_keep": object_to_keep,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        object_to_keep = d.pop("object_to_keep")

        background_selective_options = cls(
            object_to_keep=object_to_keep,
        )

        return background_selective_options
