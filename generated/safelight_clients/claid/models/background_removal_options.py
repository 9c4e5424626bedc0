from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.background_category_enum import BackgroundCategoryEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.background_selective_options import BackgroundSelectiveOptions


T = TypeVar("T", bound="BackgroundRemovalOptions")


@_attrs_define
class BackgroundRemovalOptions:
    """
    Attributes:
        clipping (bool | Unset): If `true` image will be cropped up to the edges of the foreground object.
        selective (BackgroundSelectiveOptions | Unset): Select an object to keep; what is around it is background.
        category (BackgroundCategoryEnum | Unset): Selects the category of objects on the image:

            | Value | Description |
            | --- | --- |
            | `"general"` | The category that is suitable for all objects and is used by default.|
            | `"cars"` | The advanced category that will have better results for removing the background with cars on
            foreground.|
            | `"products"` | The advanced category that will have better results for background removal of various types of
            products and groceries.|
    """

    clipping: bool | Unset = UNSET
    selective: BackgroundSelectiveOptions | Unset = UNSET
    category: BackgroundCategoryEnum | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        clipping = self.clipping

        selective: dict[str, Any] | Unset = UNSET
        if not isinstance(self.selective, Unset):
            selective = self.selective.to_dict()

        category: str | Unset = UNSET
        if not isinstance(self.category, Unset):
            category = self.category.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if clipping is not UNSET:
            field_dict["clipping"] = clipping
        if selective is not UNSET:
            field_dict["selective"] = selective
        if category is not UNSET:
            field_dict["category"] = category

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.background_selective_options import BackgroundSelectiveOptions

        d = dict(src_dict)
        clipping = d.pop("clipping", UNSET)

        _selective = d.pop("selective", UNSET)
        selective: BackgroundSelectiveOptions | Unset
        if isinstance(_selective, Unset):
            selective = UNSET
        else:
            selective = BackgroundSelectiveOptions.from_dict(_selective)

        _category = d.pop("category", UNSET)
        category: BackgroundCategoryEnum | Unset
        if isinstance(_category, Unset):
            category = UNSET
        else:
            category = BackgroundCategoryEnum(_category)

        background_removal_options = cls(
            clipping=clipping,
            selective=selective,
            category=category,
        )

        return background_removal_options
