from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.color_space_enum import ColorSpaceEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.cmyk_color_space_options import CMYKColorSpaceOptions
    from ..models.rgb_color_space_options import RGBColorSpaceOptions


T = TypeVar("T", bound="MetadataOptions")


@_attrs_define
class MetadataOptions:
    """
    Attributes:
        dpi (int | None | Unset): Dots per inch.
        color_space (CMYKColorSpaceOptions | ColorSpaceEnum | RGBColorSpaceOptions | Unset): Specifies desirable color
            space of the output image. By default, preserves the color space of the original image.
    """

    dpi: int | None | Unset = UNSET
    color_space: CMYKColorSpaceOptions | ColorSpaceEnum | RGBColorSpaceOptions | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.rgb_color_space_options import RGBColorSpaceOptions

        dpi: int | None | Unset
        if isinstance(self.dpi, Unset):
            dpi = UNSET
        else:
            dpi = self.dpi

        color_space: dict[str, Any] | str | Unset
        if isinstance(self.color_space, Unset):
            color_space = UNSET
        elif isinstance(self.color_space, ColorSpaceEnum):
            color_space = self.color_space.value
        elif isinstance(self.color_space, RGBColorSpaceOptions):
            color_space = self.color_space.to_dict()
        else:
            color_space = self.color_space.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if dpi is not UNSET:
            field_dict["dpi"] = dpi
        if color_space is not UNSET:
            field_dict["color_space"] = color_space

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.cmyk_color_space_options import CMYKColorSpaceOptions
        from ..models.rgb_color_space_options import RGBColorSpaceOptions

        d = dict(src_dict)

        def _parse_dpi(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        dpi = _parse_dpi(d.pop("dpi", UNSET))

        def _parse_color_space(
            data: object,
        ) -> CMYKColorSpaceOptions | ColorSpaceEnum | RGBColorSpaceOptions | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                color_space_type_0 = ColorSpaceEnum(data)

                return color_space_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                color_space_type_1 = RGBColorSpaceOptions.from_dict(data)

                return color_space_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            color_space_type_2 = CMYKColorSpaceOptions.from_dict(data)

            return color_space_type_2

        color_space = _parse_color_space(d.pop("color_space", UNSET))

        metadata_options = cls(
            dpi=dpi,
            color_space=color_space,
        )

        return metadata_options
