from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.decompress_enum import DecompressEnum
from ..models.upscale_enum import UpscaleEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.upscale_photo_options import UpscalePhotoOptions


T = TypeVar("T", bound="RestorationsOptions")


@_attrs_define
class RestorationsOptions:
    """Restore lost details and decompress the image; by default, neither.

    Attributes:
        decompress (DecompressEnum | None | Unset): The decompress operation allows you to remove distortion and
            artifacts caused by image compression methods. It can be used in conjunction with the upscale operation to
            prepare an image for upscaling.

            | Value | Description |
            | --- | --- |
            | null | DEFAULT. No restoration applied.|
            | `"moderate"` | Removes JPEG artifacts from the image.|
            | `"strong"` | Removes JPEG artifacts more aggressively than "moderate".|
            | `"auto"` | Automatically detects and remove JPEG artifacts if needed.|
        upscale (None | Unset | UpscaleEnum | UpscalePhotoOptions): The upscale operation allows you to improve the
            overall quality of an image by rendering out new pixels. The upscale operation works along with resizing through
            numeric or percentage values for upscaling.
        polish (bool | Unset): If `true`, polishes an image
    """

    decompress: DecompressEnum | None | Unset = UNSET
    upscale: None | Unset | UpscaleEnum | UpscalePhotoOptions = UNSET
    polish: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.upscale_photo_options import UpscalePhotoOptions

        decompress: None | str | Unset
        if isinstance(self.decompress, Unset):
            decompress = UNSET
        elif isinstance(self.decompress, DecompressEnum):
            decompress = self.decompress.value
        else:
            decompress = self.decompress

        upscale: dict[str, Any] | None | str | Unset
        if isinstance(self.upscale, Unset):
            upscale = UNSET
        elif isinstance(self.upscale, UpscaleEnum):
            upscale = self.upscale.value
        elif isinstance(self.upscale, UpscalePhotoOptions):
            upscale = self.upscale.to_dict()
        else:
            upscale = self.upscale

        polish = self.polish

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if decompress is not UNSET:
            field_dict["decompress"] = decompress
        if upscale is not UNSET:
            field_dict["upscale"] = upscale
        if polish is not UNSET:
            field_dict["polish"] = polish

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.upscale_photo_options import UpscalePhotoOptions

        d = dict(src_dict)

        def _parse_decompress(data: object) -> DecompressEnum | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decompress_type_0 = DecompressEnum(data)

                return decompress_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DecompressEnum | None | Unset, data)

        decompress = _parse_decompress(d.pop("decompress", UNSET))

        def _parse_upscale(data: object) -> None | Unset | UpscaleEnum | UpscalePhotoOptions:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                upscale_type_0 = UpscaleEnum(data)

                return upscale_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                upscale_type_1 = UpscalePhotoOptions.from_dict(data)

                return upscale_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UpscaleEnum | UpscalePhotoOptions, data)

        upscale = _parse_upscale(d.pop("upscale", UNSET))

        polish = d.pop("polish", UNSET)

        restorations_options = cls(
            decompress=decompress,
            upscale=upscale,
            polish=polish,
        )

        return restorations_options
