from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..models.enhance_gen_model import EnhanceGenModel
from ..models.enhance_gen_request_output_format import EnhanceGenRequestOutputFormat
from ..types import UNSET, File, FileTypes, Unset

T = TypeVar("T", bound="EnhanceGenRequest")


@_attrs_define
class EnhanceGenRequest:
    """
    Attributes:
        image (File | Unset): The image file to be enhanced. Supported formats:
              - jpeg (or jpg)
              - png
              - tiff (or tif)
        output_height (int | Unset): The desired height of the output image in pixels. If only one of `output_height`
            and `output_width` is set, then the other dimension is scaled proportionally.
        output_width (int | Unset): The desired width of the output image in pixels. If only one of `output_height` and
            `output_width` is set, then the other dimension is scaled proportionally.
        output_format (EnhanceGenRequestOutputFormat | Unset): The desired format of the output image.
        crop_to_fill (bool | Unset): Default behavior is to letterbox the image if a differing aspect ratio is chosen.
            Enable `crop_to_fill` by setting this to `true` if you instead want to crop the image to fill the dimensions.
        face_enhancement (bool | Unset): By default, faces (if any) are enhanced during image enhancement as well. Set
            `face_enhancement` to `false` if you don't want this.
        face_enhancement_creativity (float | Unset): Choose the level of creativity for face enhancement from 0 to 1.
            Defaults to `0`, and is ignored if `face_enhancement` is `false`.
        source_id (str | Unset): Unique identifier of the source image.
        source_url (str | Unset): The URL of the source image.
        webhook_url (str | Unset): The URL to send the webhook to. When provided, a POST request with a JSON payload
            will be sent to this URL when the job status changes or completes. See the webhook `jobStatusChanged`.
        model (EnhanceGenModel | str | Unset): The model to use for processing the image.
    """

    image: File | Unset = UNSET
    output_height: int | Unset = UNSET
    output_width: int | Unset = UNSET
    output_format: EnhanceGenRequestOutputFormat | Unset = UNSET
    crop_to_fill: bool | Unset = UNSET
    face_enhancement: bool | Unset = UNSET
    face_enhancement_creativity: float | Unset = UNSET
    source_id: str | Unset = UNSET
    source_url: str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    model: EnhanceGenModel | str | Unset = UNSET
    additional_properties: dict[str, str] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        image: FileTypes | Unset = UNSET
        if not isinstance(self.image, Unset):
            image = self.image.to_tuple()

        output_height = self.output_height

        output_width = self.output_width

        output_format: str | Unset = UNSET
        if not isinstance(self.output_format, Unset):
            output_format = self.output_format.value

        crop_to_fill = self.crop_to_fill

        face_enhancement = self.face_enhancement

        face_enhancement_creativity = self.face_enhancement_creativity

        source_id = self.source_id

        source_url = self.source_url

        webhook_url = self.webhook_url

        model: str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, EnhanceGenModel):
            model = self.model.value
        else:
            model = self.model

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if image is not UNSET:
            field_dict["image"] = image
        if output_height is not UNSET:
            field_dict["output_height"] = output_height
        if output_width is not UNSET:
            field_dict["output_width"] = output_width
        if output_format is not UNSET:
            field_dict["output_format"] = output_format
        if crop_to_fill is not UNSET:
            field_dict["crop_to_fill"] = crop_to_fill
        if face_enhancement is not UNSET:
            field_dict["face_enhancement"] = face_enhancement
        if face_enhancement_creativity is not UNSET:
            field_dict["face_enhancement_creativity"] = face_enhancement_creativity
        if source_id is not UNSET:
            field_dict["source_id"] = source_id
        if source_url is not UNSET:
            field_dict["source_url"] = source_url
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if model is not UNSET:
            field_dict["model"] = model

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        if not isinstance(self.image, Unset):
            files.append(("image", self.image.to_tuple()))

        if not isinstance(self.output_height, Unset):
            files.append(("output_height", (None, str(self.output_height).encode(), "text/plain")))

        if not isinstance(self.output_width, Unset):
            files.append(("output_width", (None, str(self.output_width).encode(), "text/plain")))

        if not isinstance(self.output_format, Unset):
            files.append(("output_format", (None, str(self.output_format.value).encode(), "text/plain")))

        if not isinstance(self.crop_to_fill, Unset):
            files.append(("crop_to_fill", (None, b"true" if self.crop_to_fill else b"false", "text/plain")))

        if not isinstance(self.face_enhancement, Unset):
            files.append(
                ("face_enhancement", (None, b"true" if self.face_enhancement else b"false", "text/plain"))
            )

        if not isinstance(self.face_enhancement_creativity, Unset):
            files.append(
                (
                    "face_enhancement_creativity",
                    (None, str(self.face_enhancement_creativity).encode(), "text/plain"),
                )
            )

        if not isinstance(self.source_id, Unset):
            files.append(("source_id", (None, str(self.source_id).encode(), "text/plain")))

        if not isinstance(self.source_url, Unset):
            files.append(("source_url", (None, str(self.source_url).encode(), "text/plain")))

        if not isinstance(self.webhook_url, Unset):
            files.append(("webhook_url", (None, str(self.webhook_url).encode(), "text/plain")))

        if not isinstance(self.model, Unset):
            if isinstance(self.model, EnhanceGenModel):
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

        output_height = d.pop("output_height", UNSET)

        output_width = d.pop("output_width", UNSET)

        _output_format = d.pop("output_format", UNSET)
        output_format: EnhanceGenRequestOutputFormat | Unset
        if isinstance(_output_format, Unset):
            output_format = UNSET
        else:
            output_format = EnhanceGenRequestOutputFormat(_output_format)

        crop_to_fill = d.pop("crop_to_fill", UNSET)

        face_enhancement = d.pop("face_enhancement", UNSET)

        face_enhancement_creativity = d.pop("face_enhancement_creativity", UNSET)

        source_id = d.pop("source_id", UNSET)

        source_url = d.pop("source_url", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        def _parse_model(data: object) -> EnhanceGenModel | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_0 = EnhanceGenModel(data)

                return model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EnhanceGenModel | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        enhance_gen_request = cls(
            image=image,
            output_height=output_height,
            output_width=output_width,
            output_format=output_format,
            crop_to_fill=crop_to_fill,
            face_enhancement=face_enhancement,
            face_enhancement_creativity=face_enhancement_creativity,
            source_id=source_id,
            source_url=source_url,
            webhook_url=webhook_url,
            model=model,
        )

        enhance_gen_request.additional_properties = d
        return enhance_gen_request

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
