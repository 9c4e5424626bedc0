from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PipelineOutputObject")


@_attrs_define
class PipelineOutputObject:
    """
    Attributes:
        ext (str): File extension, for example `"jpeg"`, `"png"`, `"webp"`, `"avif"` or `"tiff"`.
        mps (float): Megapixel count
        mime (str): MIME type (also known as ‘media type’)
        format_ (str): File format, for example `"JPEG"`, `"PNG"`, `"WEBP"`, `"AVIF"` or `"TIFF"`.
        width (int): Image width in pixels
        height (int): Image height in pixels
        tmp_url (None | str | Unset): Temporal URL of a processed image
        object_key (None | str | Unset): Path to a processed image in a bucket
        object_bucket (None | str | Unset): Bucket name
        object_uri (None | str | Unset): URI of a processed image in a bucket
        claid_storage_uri (None | str | Unset): URI of a processed image in a storage
    """

    ext: str
    mps: float
    mime: str
    format_: str
    width: int
    height: int
    tmp_url: None | str | Unset = UNSET
    object_key: None | str | Unset = UNSET
    object_bucket: None | str | Unset = UNSET
    object_uri: None | str | Unset = UNSET
    claid_storage_uri: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ext = self.ext

        mps = self.mps

        mime = self.mime

        format_ = self.format_

        width = self.width

        height = self.height

        tmp_url: None | str | Unset
        if isinstance(self.tmp_url, Unset):
            tmp_url = UNSET
        else:
            tmp_url = self.tmp_url

        object_key: None | str | Unset
        if isinstance(self.object_key, Unset):
            object_key = UNSET
        else:
            object_key = self.object_key

        object_bucket: None | str | Unset
        if isinstance(self.object_bucket, Unset):
            object_bucket = UNSET
        else:
            object_bucket = self.object_bucket

        object_uri: None | str | Unset
        if isinstance(self.object_uri, Unset):
            object_uri = UNSET
        else:
            object_uri = self.object_uri

        claid_storage_uri: None | str | Unset
        if isinstance(self.claid_storage_uri, Unset):
            claid_storage_uri = UNSET
        else:
            claid_storage_uri = self.claid_storage_uri

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
        if tmp_url is not UNSET:
            field_dict["tmp_url"] = tmp_url
        if object_key is not UNSET:
            field_dict["object_key"] = object_key
        if object_bucket is not UNSET:
            field_dict["object_bucket"] = object_bucket
        if object_uri is not UNSET:
            field_dict["object_uri"] = object_uri
        if claid_storage_uri is not UNSET:
            field_dict["claid_storage_uri"] = claid_storage_uri

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

        def _parse_tmp_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tmp_url = _parse_tmp_url(d.pop("tmp_url", UNSET))

        def _parse_object_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        object_key = _parse_object_key(d.pop("object_key", UNSET))

        def _parse_object_bucket(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        object_bucket = _parse_object_bucket(d.pop("object_bucket", UNSET))

        def _parse_object_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        object_uri = _parse_object_uri(d.pop("object_uri", UNSET))

        def _parse_claid_storage_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        claid_storage_uri = _parse_claid_storage_uri(d.pop("claid_storage_uri", UNSET))

        pipeline_output_object = cls(
            ext=ext,
            mps=mps,
            mime=mime,
            format_=format_,
            width=width,
            height=height,
            tmp_url=tmp_url,
            object_key=object_key,
            object_bucket=object_bucket,
            object_uri=object_uri,
            claid_storage_uri=claid_storage_uri,
        )

        pipeline_output_object.additional_properties = d
        return pipeline_output_object

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
