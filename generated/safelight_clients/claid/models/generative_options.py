from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.style_transfer_options import StyleTransferOptions


T = TypeVar("T", bound="GenerativeOptions")


@_attrs_define
class GenerativeOptions:
    """Transform the image using generative models.

    Attributes:
        style_transfer (StyleTransferOptions | Unset): Apply the style of a reference image.
    """

    style_transfer: StyleTransferOptions | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        style_transfer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.style_transfer, Unset):
            style_transfer = self.style_transfer.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if style_transfer is not UNSET:
            field_dict["style_transfer"] = style_transfer

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.style_transfer_options import StyleTransferOptions

        d = dict(src_dict)
        _style_transfer = d.pop("style_transfer", UNSET)
        style_transfer: StyleTransferOptions | Unset
        if isinstance(_style_transfer, Unset):
            style_transfer = UNSET
        else:
            style_transfer = StyleTransferOptions.from_dict(_style_transfer)

        generative_options = cls(
            style_transfer=style_transfer,
        )

        return generative_options
