from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.fit_enum import FitEnum
from ..models.sizes_enum import SizesEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bounds_options import BoundsOptions
    from ..models.canvas_options import CanvasOptions
    from ..models.cover_options import CoverOptions
    from ..models.crop_options import CropOptions
    from ..models.outpaint_options import OutpaintOptions


T = TypeVar("T", bound="ResizingOptions")


@_attrs_define
class ResizingOptions:
    """
    Attributes:
        width (int | None | SizesEnum | str | Unset): Width of output image. Should be of the same type as `height`, or
            `"auto"`.
        height (int | None | SizesEnum | str | Unset): Height of output image. Should be of the same type as `width`, or
            `"auto"`.
        fit (BoundsOptions | CanvasOptions | CoverOptions | CropOptions | FitEnum | OutpaintOptions | Unset): The fit
            parameter controls how the image will be constrained within the provided size, relative to the `width` and
            `height`. By default, `fit` mode is `"crop"`.
    """

    width: int | None | SizesEnum | str | Unset = UNSET
    height: int | None | SizesEnum | str | Unset = UNSET
    fit: BoundsOptions | CanvasOptions | CoverOptions | CropOptions | FitEnum | OutpaintOptions | Unset = (
        UNSET
    )

    def to_dict(self) -> dict[str, Any]:
        from ..models.bounds_options import BoundsOptions
        from ..models.canvas_options import CanvasOptions
        from ..models.cover_options import CoverOptions
        from ..models.crop_options import CropOptions

        width: int | None | str | Unset
        if isinstance(self.width, Unset):
            width = UNSET
        elif isinstance(self.width, SizesEnum):
            width = self.width.value
        else:
            width = self.width

        height: int | None | str | Unset
        if isinstance(self.height, Unset):
            height = UNSET
        elif isinstance(self.height, SizesEnum):
            height = self.height.value
        else:
            height = self.height

        fit: dict[str, Any] | str | Unset
        if isinstance(self.fit, Unset):
            fit = UNSET
        elif isinstance(self.fit, FitEnum):
            fit = self.fit.value
        elif isinstance(self.fit, CropOptions):
            fit = self.fit.to_dict()
        elif isinstance(self.fit, CoverOptions):
            fit = self.fit.to_dict()
        elif isinstance(self.fit, BoundsOptions):
            fit = self.fit.to_dict()
        elif isinstance(self.fit, CanvasOptions):
            fit = self.fit.to_dict()
        else:
            fit = self.fit.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if width is not UNSET:
            field_dict["width"] = width
        if height is not UNSET:
            field_dict["height"] = height
        if fit is not UNSET:
            field_dict["fit"] = fit

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.bounds_options import BoundsOptions
        from ..models.canvas_options import CanvasOptions
        from ..models.cover_options import CoverOptions
        from ..models.crop_options import CropOptions
        from ..models.outpaint_options import OutpaintOptions

        d = dict(src_dict)

        def _parse_width(data: object) -> int | None | SizesEnum | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                width_type_1 = SizesEnum(data)

                return width_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | None | SizesEnum | str | Unset, data)

        width = _parse_width(d.pop("width", UNSET))

        def _parse_height(data: object) -> int | None | SizesEnum | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                height_type_1 = SizesEnum(data)

                return height_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | None | SizesEnum | str | Unset, data)

        height = _parse_height(d.pop("height", UNSET))

        def _parse_fit(
            data: object,
        ) -> BoundsOptions | CanvasOptions | CoverOptions | CropOptions | FitEnum | OutpaintOptions | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                fit_type_0 = FitEnum(data)

                return fit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fit_type_1 = CropOptions.from_dict(data)

                return fit_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fit_type_2 = CoverOptions.from_dict(data)

                return fit_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fit_type_3 = BoundsOptions.from_dict(data)

                return fit_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fit_type_4 = CanvasOptions.from_dict(data)

                return fit_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            fit_type_5 = OutpaintOptions.from_dict(data)

            return fit_type_5

        fit = _parse_fit(d.pop("fit", UNSET))

        resizing_options = cls(
            width=width,
            height=height,
            fit=fit,
        )

        return resizing_options
