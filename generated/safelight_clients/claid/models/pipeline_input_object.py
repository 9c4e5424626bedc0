from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PipelineInputObject")


@_attrs_define
class PipelineInputObject:
    """
    Attributes:
        ext (str): File extension, for example `"jpeg"`, `"png"`, `"webp"`, `"avif"` or `"tiff"`.
        mps (float): Megapixel count
        mime (str): MIME type (also known as ‘media type’)
        format_ (str): File format, for example `"JPEG"`, `"PNG"`, `"WEBP"`, `"AVIF"` or `"TIFF"`.
        width (int): Image width in pixels
        height (int): Image height in pixels
    """

    ext: str
    mps: float
    mime: str
    format_: str
    width: int
    height: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ext = self.ext

        mps = self.mps

        mime = self.mime

        format_ = self.format_

        width = self.width

        height = self.height

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ext": ext,
                "mps": mps,
                "mime": mime,
                "format": format_,
                "width": width,
                "height": height,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        ext = d.pop("ext")

        mps = d.pop("mps")

        mime = d.pop("mime")

        format_ = d.pop("format")

        width = d.pop("width")

        height = d.pop("height")

        pipeline_input_object = cls(
            ext=ext,
            mps=mps,
            mime=mime,
            format_=format_,
            width=width,
            height=height,
        )

        pipeline_input_object.additional_properties = d
        return pipeline_input_object

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
