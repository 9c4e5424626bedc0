from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BatchEditInputOptions")


@_attrs_define
class BatchEditInputOptions:
    """
    Attributes:
        source (str): URL of the input file or folder, from 1 to 4096 characters. Must be accessible by the service.
        recursive (bool | Unset): If `true`, recursively processes all images in subfolders as well, works only if
            source is folder.
    """

    source: str
    recursive: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        source = self.source

        recursive = self.recursive

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "source": source,
            }
        )
        if recursive is not UNSET:
            field_dict["recursive"] = recursive

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        source = d.pop("source")

        recursive = d.pop("recursive", UNSET)

        batch_edit_input_options = cls(
            source=source,
            recursive=recursive,
        )

        return batch_edit_input_options
