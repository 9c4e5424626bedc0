from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.background_enum import BackgroundEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.background_blur_options import BackgroundBlurOptions
    from ..models.background_removal_options import BackgroundRemovalOptions


T = TypeVar("T", bound="BackgroundOptions")


@_attrs_define
class BackgroundOptions:
    """
    Attributes:
        remove (BackgroundRemovalOptions | bool | Unset): Allows to turn on and configure image background removal.
        color (BackgroundEnum | str | Unset): Color as a hexadecimal. Sets a background color. Defaults to the `#ffffff`
            (white) color, or `transparent` if an input image has transparency.
        blur (BackgroundBlurOptions | bool | Unset): Allows to turn on and configure image background blurring.
    """

    remove: BackgroundRemovalOptions | bool | Unset = UNSET
    color: BackgroundEnum | str | Unset = UNSET
    blur: BackgroundBlurOptions | bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.background_blur_options import BackgroundBlurOptions
        from ..models.background_removal_options import BackgroundRemovalOptions

        remove: bool | dict[str, Any] | Unset
        if isinstance(self.remove, Unset):
            remove = UNSET
        elif isinstance(self.remove, BackgroundRemovalOptions):
            remove = self.remove.to_dict()
        else:
            remove = self.remove

        color: str | Unset
        if isinstance(self.color, Unset):
            color = UNSET
        elif isinstance(self.color, BackgroundEnum):
            color = self.color.value
        else:
            color = self.color

        blur: bool | dict[str, Any] | Unset
        if isinstance(self.blur, Unset):
            blur = UNSET
        elif isinstance(self.blur, BackgroundBlurOptions):
            blur = self.blur.to_dict()
        else:
            blur = self.blur

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if remove is not UNSET:
            field_dict["remove"] = remove
        if color is not UNSET:
            field_dict["color"] = color
        if blur is not UNSET:
            field_dict["blur"] = blur

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.background_blur_options import BackgroundBlurOptions
        from ..models.background_removal_options import BackgroundRemovalOptions

        d = dict(src_dict)

        def _parse_remove(data: object) -> BackgroundRemovalOptions | bool | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                remove_type_1 = BackgroundRemovalOptions.from_dict(data)

                return remove_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BackgroundRemovalOptions | bool | Unset, data)

        remove = _parse_remove(d.pop("remove", UNSET))

        def _parse_color(data: object) -> BackgroundEnum | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                color_type_1 = BackgroundEnum(data)

                return color_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BackgroundEnum | str | Unset, data)

        color = _parse_color(d.pop("color", UNSET))

        def _parse_blur(data: object) -> BackgroundBlurOptions | bool | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                blur_type_1 = BackgroundBlurOptions.from_dict(data)

                return blur_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BackgroundBlurOptions | bool | Unset, data)

        blur = _parse_blur(d.pop("blur", UNSET))

        background_options = cls(
            remove=remove,
            color=color,
            blur=blur,
        )

        return background_options
