from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="StyleTransferOptions")


@_attrs_define
class StyleTransferOptions:
    """Apply the style of a reference image.

    Attributes:
        style_reference_image (str): URL of the image to be used as a style reference.
        prompt (str | Unset): Text prompt to adjust the style transfer output.
        depth_strength (float | Unset): The depth strength determines the degree of overall composition and shape
            preservation.
        denoising_strength (float | Unset): The denoising strength determines the degree of color and texture
            modification.
        style_strength (float | Unset): The style strength determines the degree of overall style intensity as taken
            from the reference.
    """

    style_reference_image: str
    prompt: str | Unset = UNSET
    depth_strength: float | Unset = UNSET
    denoising_strength: float | Unset = UNSET
    style_strength: float | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        style_reference_image = self.style_reference_image

        prompt = self.prompt

        depth_strength = self.depth_strength

        denoising_strength = self.denoising_strength

        style_strength = self.style_strength

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "style_reference_image": style_reference_image,
            }
        )
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if depth_strength is not UNSET:
            field_dict["depth_strength"] = depth_strength
        if denoising_strength is not UNSET:
            field_dict["denoising_strength"] = denoising_strength
        if style_strength is not UNSET:
            field_dict["style_strength"] = style_strength

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        style_reference_image = d.pop("style_reference_image")

        prompt = d.pop("prompt", UNSET)

        depth_strength = d.pop("depth_strength", UNSET)

        denoising_strength = d.pop("denoising_strength", UNSET)

        style_strength = d.pop("style_strength", UNSET)

        style_transfer_options = cls(
            style_reference_image=style_reference_image,
            prompt=prompt,
            depth_strength=depth_strength,
            denoising_strength=denoising_strength,
            style_strength=style_strength,
        )

        return style_transfer_options
