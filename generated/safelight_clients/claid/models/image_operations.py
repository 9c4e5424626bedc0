from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.adjustments_options import AdjustmentsOptions
    from ..models.background_options import BackgroundOptions
    from ..models.generative_options import GenerativeOptions
    from ..models.privacy_options import PrivacyOptions
    from ..models.resizing_options import ResizingOptions
    from ..models.restorations_options import RestorationsOptions


T = TypeVar("T", bound="ImageOperations")


@_attrs_define
class ImageOperations:
    """What is done to the image; by default, nothing.

    Attributes:
        restorations (RestorationsOptions | Unset): Restore lost details and decompress the image; by default, neither.
        adjustments (AdjustmentsOptions | None | Unset): Change image histogram: set brightness, saturation, dynamic
            range, balance out colors and lighting. By default, no adjustments are made.
        background (BackgroundOptions | None | Unset): Remove the background and set a solid color. By default, no
            changes are made.
        resizing (None | ResizingOptions | Unset): Set the final image size. Crop or fit image in canvas. By default,
            API will perform all calculations respecting the original image aspect ratio.
        padding (None | str | Unset): Space around the object: one value for all four sides, two for left and right and
            for top and bottom, in percent or pixels, or four in pixels, clockwise from the top. Can not be bigger than half
            of the image's width or height. By default, padding is not applied.
        privacy (PrivacyOptions | Unset): Hide what identifies people and cars; by default, nothing.
        generative (GenerativeOptions | Unset): Transform the image using generative models.
    """

    restorations: RestorationsOptions | Unset = UNSET
    adjustments: AdjustmentsOptions | None | Unset = UNSET
    background: BackgroundOptions | None | Unset = UNSET
    resizing: None | ResizingOptions | Unset = UNSET
    padding: None | str | Unset = UNSET
    privacy: PrivacyOptions | Unset = UNSET
    generative: GenerativeOptions | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.adjustments_options import AdjustmentsOptions
        from ..models.background_options import BackgroundOptions
        from ..models.resizing_options import ResizingOptions

        restorations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.restorations, Unset):
            restorations = self.restorations.to_dict()

        adjustments: dict[str, Any] | None | Unset
        if isinstance(self.adjustments, Unset):
            adjustments = UNSET
        elif isinstance(self.adjustments, AdjustmentsOptions):
            adjustments = self.adjustments.to_dict()
        else:
            adjustments = self.adjustments

        background: dict[str, Any] | None | Unset
        if isinstance(self.background, Unset):
            background = UNSET
        elif isinstance(self.background, BackgroundOptions):
            background = self.background.to_dict()
        else:
            background = self.background

        resizing: dict[str, Any] | None | Unset
        if isinstance(self.resizing, Unset):
            resizing = UNSET
        elif isinstance(self.resizing, ResizingOptions):
            resizing = self.resizing.to_dict()
        else:
            resizing = self.resizing

        padding: None | str | Unset
        if isinstance(self.padding, Unset):
            padding = UNSET
        else:
            padding = self.padding

        privacy: dict[str, Any] | Unset = UNSET
        if not isinstance(self.privacy, Unset):
            privacy = self.privacy.to_dict()

        generative: dict[str, Any] | Unset = UNSET
        if not isinstance(self.generative, Unset):
            generative = self.generative.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if restorations is not UNSET:
            field_dict["restorations"] = restorations
        if adjustments is not UNSET:
            field_dict["adjustments"] = adjustments
        if background is not UNSET:
            field_dict["background"] = background
        if resizing is not UNSET:
            field_dict["resizing"] = resizing
        if padding is not UNSET:
            field_dict["padding"] = padding
        if privacy is not UNSET:
            field_dict["privacy"] = privacy
        if generative is not UNSET:
            field_dict["generative"] = generative

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.adjustments_options import AdjustmentsOptions
        from ..models.background_options import BackgroundOptions
        from ..models.generative_options import GenerativeOptions
        from ..models.privacy_options import PrivacyOptions
        from ..models.resizing_options import ResizingOptions
        from ..models.restorations_options import RestorationsOptions

        d = dict(src_dict)
        _restorations = d.pop("restorations", UNSET)
        restorations: RestorationsOptions | Unset
        if isinstance(_restorations, Unset):
            restorations = UNSET
        else:
            restorations = RestorationsOptions.from_dict(_restorations)

        def _parse_adjustments(data: object) -> AdjustmentsOptions | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                adjustments_type_0 = AdjustmentsOptions.from_dict(data)

                return adjustments_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AdjustmentsOptions | None | Unset, data)

        adjustments = _parse_adjustments(d.pop("adjustments", UNSET))

        def _parse_background(data: object) -> BackgroundOptions | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                background_type_0 = BackgroundOptions.from_dict(data)

                return background_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BackgroundOptions | None | Unset, data)

        background = _parse_background(d.pop("background", UNSET))

        def _parse_resizing(data: object) -> None | ResizingOptions | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                resizing_type_0 = ResizingOptions.from_dict(data)

                return resizing_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResizingOptions | Unset, data)

        resizing = _parse_resizing(d.pop("resizing", UNSET))

        def _parse_padding(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        padding = _parse_padding(d.pop("padding", UNSET))

        _privacy = d.pop("privacy", UNSET)
        privacy: PrivacyOptions | Unset
        if isinstance(_privacy, Unset):
            privacy = UNSET
        else:
            privacy = PrivacyOptions.from_dict(_privacy)

        _generative = d.pop("generative", UNSET)
        generative: GenerativeOptions | Unset
        if isinstance(_generative, Unset):
            generative = UNSET
        else:
            generative = GenerativeOptions.from_dict(_generative)

        image_operations = cls(
            restorations=restorations,
            adjustments=adjustments,
            background=background,
            resizing=resizing,
            padding=padding,
            privacy=privacy,
            generative=generative,
        )

        return image_operations
