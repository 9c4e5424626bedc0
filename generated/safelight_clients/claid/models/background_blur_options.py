from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.background_blur_level_enum import BackgroundBlurLevelEnum
from ..models.background_blur_type_enum import BackgroundBlurTypeEnum
from ..models.background_category_enum import BackgroundCategoryEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.background_selective_options import BackgroundSelectiveOptions


T = TypeVar("T", bound="BackgroundBlurOptions")


@_attrs_define
class BackgroundBlurOptions:
    """
    Attributes:
        selective (BackgroundSelectiveOptions | Unset): Select an object to keep; what is around it is background.
        category (BackgroundCategoryEnum | Unset): Selects the category of objects on the image:

            | Value | Description |
            | --- | --- |
            | `"general"` | The category that is suitable for all objects and is used by default.|
            | `"cars"` | The advanced category that will have better results for removing the background with cars on
            foreground.|
            | `"products"` | The advanced category that will have better results for background removal of various types of
            products and groceries.|
        type_ (BackgroundBlurTypeEnum | Unset): Selects the type of blur:

            | Value | Description |
            | --- | --- |
            | `"regular"` | Gaussian blur. Creates an effect of laying a translucent material like vellum on top of the
            image background.|
            | `"lens"` | Lens blur with linear focus. Mimics the blur applied to a photo when a wide aperture is used to
            achieve a narrow depth of field, so that the foreground objects stands out.|
        level (BackgroundBlurLevelEnum | Unset): Selects the level of blur strength:

            | Value | Description |
            | --- | --- |
            | `"low"` | Low blur strength.|
            | `"medium"` | Medium blur strength.|
            | `"high"` | High blur strength.|
    """

    selective: BackgroundSelectiveOptions | Unset = UNSET
    category: BackgroundCategoryEnum | Unset = UNSET
    type_: BackgroundBlurTypeEnum | Unset = UNSET
    level: BackgroundBlurLevelEnum | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        selective: dict[str, Any] | Unset = UNSET
        if not isinstance(self.selective, Unset):
            selective = self.selective.to_dict()

        category: str | Unset = UNSET
        if not isinstance(self.category, Unset):
            category = self.category.value

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        level: str | Unset = UNSET
        if not isinstance(self.level, Unset):
            level = self.level.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if selective is not UNSET:
            field_dict["selective"] = selective
        if category is not UNSET:
            field_dict["category"] = category
        if type_ is not UNSET:
            field_dict["type"] = type_
        if level is not UNSET:
            field_dict["level"] = level

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.background_selective_options import BackgroundSelectiveOptions

        d = dict(src_dict)
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

        _type_ = d.pop("type", UNSET)
        type_: BackgroundBlurTypeEnum | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = BackgroundBlurTypeEnum(_type_)

        _level = d.pop("level", UNSET)
        level: BackgroundBlurLevelEnum | Unset
        if isinstance(_level, Unset):
            level = UNSET
        else:
            level = BackgroundBlurLevelEnum(_level)

        background_blur_options = cls(
            selective=selective,
            category=category,
            type_=type_,
            level=level,
        )

        return background_blur_options
