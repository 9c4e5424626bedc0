from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.status_response_status import StatusResponseStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="StatusResponse")


@_attrs_define
class StatusResponse:
    """
    Attributes:
        process_id (UUID): Unique identifier of the image enhancement job.
        filename (str): Name of the file being processed.
        input_format (str): Format of the input file.
        input_height (int): Height of the input image in pixels.
        input_width (int): Width of the input image in pixels.
        output_format (str): Format of the output file.
        output_height (int): Height of the output image in pixels.
        output_width (int): Width of the output image in pixels.
        model (str): Model used for processing.
        crop_to_fill (bool): Whether cropping to fill is enabled.
        status (StatusResponseStatus): Status of the job.
        progress (int): Progress of the job as a percentage. Useful for displaying a progress bar or loading spinners
            etc.
        eta (int): Estimated time of arrival (ETA) for the process to complete in Unix time.
        creation_time (int): Creation time of the job in Unix epoch format.
        modification_time (int): Last modification time of the job in Unix epoch format.
        credits_ (int): Credits (to be) consumed on image enhancement completion.
        category (str): Category of the model used for processing.
        model_type (str): Type of the model used for processing.
        face_enhancement (bool | Unset): Whether face enhancement is enabled.
        options_json (str | Unset): Additional options in JSON format.
        sync (bool | Unset): Whether the process is synchronous.
        source_id (str | Unset): Unique identifier of the source image.
        subject_detection (str | Unset): Which subjects the enhancement looked for.
        face_enhancement_creativity (float | Unset): Level of creativity for face enhancement.
        face_enhancement_strength (float | Unset): Strength of face enhancement.
    """

    process_id: UUID
    filename: str
    input_format: str
    input_height: int
    input_width: int
    output_format: str
    output_height: int
    output_width: int
    model: str
    crop_to_fill: bool
    status: StatusResponseStatus
    progress: int
    eta: int
    creation_time: int
    modification_time: int
    credits_: int
    category: str
    model_type: str
    face_enhancement: bool | Unset = UNSET
    options_json: str | Unset = UNSET
    sync: bool | Unset = UNSET
    source_id: str | Unset = UNSET
    subject_detection: str | Unset = UNSET
    face_enhancement_creativity: float | Unset = UNSET
    face_enhancement_strength: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        process_id = str(self.process_id)

        filename = self.filename

        input_format = self.input_format

        input_height = self.input_height

        input_width = self.input_width

        output_format = self.output_format

        output_height = self.output_height

        output_width = self.output_width

        model = self.model

        crop_to_fill = self.crop_to_fill

        status = self.status.value

        progress = self.progress

        eta = self.eta

        creation_time = self.creation_time

        modification_time = self.modification_time

        credits_ = self.credits_

        category = self.category

        model_type = self.model_type

        face_enhancement = self.face_enhancement

        options_json = self.options_json

        sync = self.sync

        source_id = self.source_id

        subject_detection = self.subject_detection

        face_enhancement_creativity = self.face_enhancement_creativity

        face_enhancement_strength = self.face_enhancement_strength

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "process_id": process_id,
                "filename": filename,
                "input_format": input_format,
                "input_height": input_height,
                "input_width": input_width,
                "output_format": output_format,
                "output_height": output_height,
                "output_width": output_width,
                "model": model,
                "crop_to_fill": crop_to_fill,
                "status": status,
                "progress": progress,
                "eta": eta,
                "creation_time": creation_time,
                "modification_time": modification_time,
                "credits": credits_,
                "category": category,
                "model_type": model_type,
            }
        )
        if face_enhancement is not UNSET:
            field_dict["face_enhancement"] = face_enhancement
        if options_json is not UNSET:
            field_dict["options_json"] = options_json
        if sync is not UNSET:
            field_dict["sync"] = sync
        if source_id is not UNSET:
            field_dict["source_id"] = source_id
        if subject_detection is not UNSET:
            field_dict["subject_detection"] = subject_detection
        if face_enhancement_creativity is not UNSET:
            field_dict["face_enhancement_creativity"] = face_enhancement_creativity
        if face_enhancement_strength is not UNSET:
            field_dict["face_enhancement_strength"] = face_enhancement_strength

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        process_id = UUID(d.pop("process_id"))

        filename = d.pop("filename")

        input_format = d.pop("input_format")

        input_height = d.pop("input_height")

        input_width = d.pop("input_width")

        output_format = d.pop("output_format")

        output_height = d.pop("output_height")

        output_width = d.pop("output_width")

        model = d.pop("model")

        crop_to_fill = d.pop("crop_to_fill")

        status = StatusResponseStatus(d.pop("status"))

        progress = d.pop("progress")

        eta = d.pop("eta")

        creation_time = d.pop("creation_time")

        modification_time = d.pop("modification_time")

        credits_ = d.pop("credits")

        category = d.pop("category")

        model_type = d.pop("model_type")

        face_enhancement = d.pop("face_enhancement", UNSET)

        options_json = d.pop("options_json", UNSET)

        sync = d.pop("sync", UNSET)

        source_id = d.pop("source_id", UNSET)

        subject_detection = d.pop("subject_detection", UNSET)

        face_enhancement_creativity = d.pop("face_enhancement_creativity", UNSET)

        face_enhancement_strength = d.pop("face_enhancement_strength", UNSET)

        status_response = cls(
            process_id=process_id,
            filename=filename,
            input_format=input_format,
            input_height=input_height,
            input_width=input_width,
            output_format=output_format,
            output_height=output_height,
            output_width=output_width,
            model=model,
            crop_to_fill=crop_to_fill,
            status=status,
            progress=progress,
            eta=eta,
            creation_time=creation_time,
            modification_time=modification_time,
            credits_=credits_,
            category=category,
            model_type=model_type,
            face_enhancement=face_enhancement,
            options_json=options_json,
            sync=sync,
            source_id=source_id,
            subject_detection=subject_detection,
            face_enhancement_creativity=face_enhancement_creativity,
            face_enhancement_strength=face_enhancement_strength,
        )

        status_response.additional_properties = d
        return status_response

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
