from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.artwork_format import ArtworkFormat
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateDetailerUpscalerArtworkRequest")


@_attrs_define
class CreateDetailerUpscalerArtworkRequest:
    """
    Attributes:
        image_url (str): The URL of the image. The image's total area (width × height) must not exceed 1,478,656 pixels
            (e.g., 1216 × 1216). Accepted image formats: JPEG, JPG, PNG, and WebP.
        scale_factor (int | Unset): Scale factor for upscaling. 1 = enhance details only (no upscaling), 2/4/8 = enhance
            details + upscale.
        details (int | Unset): Detail enhancement level. 1 = Low, 2 = Medium, 3 = High.
        modification (int | Unset): Modification strength. 1 = Subtle, 2 = Balanced, 3 = Strong.
        webhook (str | Unset): Optional webhook URL. When provided, the server will POST the final artwork result to
            this URL upon completion. It must be HTTPS on a publicly routable host; loopback, link-local, private and cloud-
            metadata hosts are rejected. See the webhook `artworkFinished`.
        seed (int | Unset): The same seed makes the same details of the same image; without one, chance decides.
        output_format (ArtworkFormat | str | Unset): The format of the picture. auto = webp.
    """

    image_url: str
    scale_factor: int | Unset = UNSET
    details: int | Unset = UNSET
    modification: int | Unset = UNSET
    webhook: str | Unset = UNSET
    seed: int | Unset = UNSET
    output_format: ArtworkFormat | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        image_url = self.image_url

        scale_factor = self.scale_factor

        details = self.details

        modification = self.modification

        webhook = self.webhook

        seed = self.seed

        output_format: str | Unset
        if isinstance(self.output_format, Unset):
            output_format = UNSET
        elif isinstance(self.output_format, ArtworkFormat):
            output_format = self.output_format.value
        else:
            output_format = self.output_format

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "imageUrl": image_url,
            }
        )
        if scale_factor is not UNSET:
            field_dict["scaleFactor"] = scale_factor
        if details is not UNSET:
            field_dict["details"] = details
        if modification is not UNSET:
            field_dict["modification"] = modification
        if webhook is not UNSET:
            field_dict["webhook"] = webhook
        if seed is not UNSET:
            field_dict["seed"] = seed
        if output_format is not UNSET:
            field_dict["outputFormat"] = output_format

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        image_url = d.pop("imageUrl")

        scale_factor = d.pop("scaleFactor", UNSET)

        details = d.pop("details", UNSET)

        modification = d.pop("modification", UNSET)

        webhook = d.pop("webhook", UNSET)

        seed = d.pop("seed", UNSET)

        def _parse_output_format(data: object) -> ArtworkFormat | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                output_format_type_0 = ArtworkFormat(data)

                return output_format_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ArtworkFormat | str | Unset, data)

        output_format = _parse_output_format(d.pop("outputFormat", UNSET))

        create_detailer_upscaler_artwork_request = cls(
            image_url=image_url,
            scale_factor=scale_factor,
            details=details,
            modification=modification,
            webhook=webhook,
            seed=seed,
            output_format=output_format,
        )

        create_detailer_upscaler_artwork_request.additional_properties = d
        return create_detailer_upscaler_artwork_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
