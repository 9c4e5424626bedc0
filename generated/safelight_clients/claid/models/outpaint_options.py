from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="OutpaintOptions")


@_attrs_define
class OutpaintOptions:
    """
    Attributes:
        type_ (Literal['outpaint']):
        feathering (str | Unset): Percentage in string format. Examples: `"60%"`, `"200%"`
        outpaint_by (str | Unset): How much to outpaint: one or two values separated by a space, each in pixels
            (`"100px"`) or percent (`"20%"`); the first is for the width, the second for the height, one alone for both.
            Without it the image is outpainted in one direction, after `resizing.width` and `resizing.height`. Examples:
            `"10%"`, `"5% 15%"`, `"5% 0%"`, `"1024px"`, `"1024px 512px"`, `"0px 1024px"`.
    """

    type_: Literal["outpaint"]
    feathering: str | Unset = UNSET
    outpaint_by: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        feathering = self.feathering

        outpaint_by = self.outpaint_by

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if feathering is not UNSET:
            field_dict["feathering"] = feathering
        if outpaint_by is not UNSET:
            field_dict["outpaint_by"] = outpaint_by

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        type_ = cast(Literal["outpaint"], d.pop("type"))
        if type_ != "outpaint":
            raise ValueError(f"type must match const 'outpaint', got '{type_}'")

        feathering = d.pop("feathering", UNSET)

        outpaint_by = d.pop("outpaint_by", UNSET)

        outpaint_options = cls(
            type_=type_,
            feathering=feathering,
            outpaint_by=outpaint_by,
        )

        return outpaint_options
