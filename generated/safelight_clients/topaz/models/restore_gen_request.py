from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..models.restore_gen_model import RestoreGenModel
from ..models.restore_gen_request_output_format import RestoreGenRequestOutputFormat
from ..types import UNSET, File, FileTypes, Unset

T = TypeVar("T", bound="RestoreGenRequest")


@_attrs_define
class RestoreGenRequest:
    """
    Attributes:
        image (File | Unset): The image file to be processed. Supported formats:
              - jpeg (or jpg)
              - png
              - tiff (or tif)
        source_id (str | Unset): Unique identifier of the source image.
        source_url (str | Unset): The URL of the source image.
        output_format (RestoreGenRequestOutputFormat | Unset): The desired format of the output image.
        webhook_url (str | Unset): The URL to send the webhook to. When provided, a POST request with a JSON payload
            will be sent to this URL when the job status changes or completes. See the webhook `jobStatusChanged`.
        model (RestoreGenModel | str | Unset): The model to use for processing the image.
    """

    image: File | Unset = UNSET
    source_id: str | Unset = UNSET
    source_url: str | Unset = UNSET
    output_format: RestoreGenRequestOutputFormat | Unset = UNSET
    webhook_url: str | Unset = UNSET
    model: RestoreGenModel | str | Unset = UNSET
    additional_properties: dict[str, str] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        image: FileTypes | Unset = UNSET
        if not isinstance(self.image, Unset):
            image = self.image.to_tuple()

        source_id = self.source_id

        source_url = self.source_url

        output_format: str | Unset = UNSET
        if not isinstance(self.output_format, Unset):
            output_format = self.output_format.value

        webhook_url = self.webhook_url

        model: str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, RestoreGenModel):
            model = self.model.value
        else:
            model = self.model

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if image is not UNSET:
            field_dict["image"] = image
        if source_id is not UNSET:
            field_dict["source_id"] = source_id
        if source_url is not UNSET:
            field_dict["source_url"] = source_url
        if output_format is not UNSET:
            field_dict["output_format"] = output_format
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if model is not UNSET:
            field_dict["model"] = model

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        if not isinstance(self.image, Unset):
            files.append(("image", self.image.to_tuple()))

        if not isinstance(self.source_id, Unset):
            files.append(("source_id", (None, str(self.source_id).encode(), "text/plain")))

        if not isinstance(self.source_url, Unset):
            files.append(("source_url", (None, str(self.source_url).encode(), "text/plain")))

        if not isinstance(self.output_format, Unset):
            files.append(("output_format", (None, str(self.output_format.value).encode(), "text/plain")))

        if not isinstance(self.webhook_url, Unset):
            files.append(("webhook_url", (None, str(self.webhook_url).encode(), "text/plain")))

        if not isinstance(self.model, Unset):
            if isinstance(self.model, RestoreGenModel):
                files.append(("model", (None, str(self.model.value).encode(), "text/plain")))
            else:
                files.append(("model", (None, str(self.model).encode(), "text/plain")))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        _image = d.pop("image", UNSET)
        image: File | Unset
        if isinstance(_image, Unset):
            image = UNSET
        else:
            image = File(payload=BytesIO(_image))

        source_id = d.pop("source_id", UNSET)

        source_url = d.pop("source_url", UNSET)

        _output_format = d.pop("output_format", UNSET)
        output_format: RestoreGenRequestOutputFormat | Unset
        if isinstance(_output_format, Unset):
            output_format = UNSET
        else:
            output_format = RestoreGenRequestOutputFormat(_output_format)

        webhook_url = d.pop("webhook_url", UNSET)

        def _parse_model(data: object) -> RestoreGenModel | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_0 = RestoreGenModel(data)

                return model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(RestoreGenModel | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        restore_gen_request = cls(
            image=image,
            source_id=source_id,
            source_url=source_url,
            output_format=output_format,
            webhook_url=webhook_url,
            model=model,
        )

        restore_gen_request.additional_properties = d
        return restore_gen_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> str:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: str) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
