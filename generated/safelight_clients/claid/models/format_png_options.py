from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.format_compression_level_enum import FormatCompressionLevelEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="FormatPngOptions")


@_attrs_define
class FormatPngOptions:
    """
    Attributes:
        type_ (Literal['png']): Must have value `"png"`
        compression (FormatCompressionLevelEnum | Unset): Indicates compression effort.

            | Value | Description |
            | --- | --- |
            | `"fast"` |  Used to apply minimum compression resulting in a bigger image size but less processing time.|
            | `"best"` | Used to apply maximum compression resulting in a smaller image size but more processing time.|
            | `"optimal"` | DEFAULT. Used to balance between compression effort and the processing time.|
    """

    type_: Literal["png"]
    compression: FormatCompressionLevelEnum | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        compression: str | Unset = UNSET
        if not isinstance(self.compression, Unset):
            compression = self.compression.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if compression is not UNSET:
            field_dict["compression"] = compression

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["png"], d.pop("type"))
        if type_ != "png":
            raise ValueError(f"type must match const 'png', got '{type_}'")

        _compression = d.pop("compression", UNSET)
        compression: FormatCompressionLevelEnum | Unset
        if isinstance(_compression, Unset):
            compression = UNSET
        else:
            compression = FormatCompressionLevelEnum(_compression)

        format_png_options = cls(
            type_=type_,
            compression=compression,
        )

        return format_png_options
