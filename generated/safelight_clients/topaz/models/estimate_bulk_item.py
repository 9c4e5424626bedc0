from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.denoise_model import DenoiseModel
from ..models.enhance_gen_model import EnhanceGenModel
from ..models.enhance_model import EnhanceModel
from ..models.estimate_bulk_item_output_format import EstimateBulkItemOutputFormat
from ..models.estimate_category import EstimateCategory
from ..models.lighting_model import LightingModel
from ..models.matting_model import MattingModel
from ..models.restore_gen_model import RestoreGenModel
from ..models.sharpen_gen_model import SharpenGenModel
from ..models.sharpen_model import SharpenModel
from ..models.tool_model import ToolModel
from ..types import UNSET, Unset

T = TypeVar("T", bound="EstimateBulkItem")


@_attrs_define
class EstimateBulkItem:
    """
    Attributes:
        input_height (int): The height of the input image in pixels.
        input_width (int): The width of the input image in pixels.
        output_height (int | Unset): The desired height of the output image in pixels. If only one of `output_height`
            and `output_width` is set, then the other dimension is scaled proportionally.
        output_width (int | Unset): The desired width of the output image in pixels. If only one of `output_height` and
            `output_width` is set, then the other dimension is scaled proportionally.
        output_format (EstimateBulkItemOutputFormat | Unset): The desired format of the output image.
        crop_to_fill (bool | Unset): Default behavior is to letterbox the image if a differing aspect ratio is chosen.
            Enable `crop_to_fill` by setting this to `true` if you instead want to crop the image to fill the dimensions.
        face_enhancement (bool | Unset): By default, faces (if any) are enhanced during image enhancement as well. Set
            `face_enhancement` to `false` if you don't want this.
        face_enhancement_creativity (float | Unset): Choose the level of creativity for face enhancement from 0 to 1.
            Defaults to `0`, and is ignored if `face_enhancement` is `false`.
        model (DenoiseModel | EnhanceGenModel | EnhanceModel | LightingModel | MattingModel | RestoreGenModel |
            SharpenGenModel | SharpenModel | str | ToolModel | Unset): The model to use for processing the image.
        category (EstimateCategory | Unset): Category of the model.
    """

    input_height: int
    input_width: int
    output_height: int | Unset = UNSET
    output_width: int | Unset = UNSET
    output_format: EstimateBulkItemOutputFormat | Unset = UNSET
    crop_to_fill: bool | Unset = UNSET
    face_enhancement: bool | Unset = UNSET
    face_enhancement_creativity: float | Unset = UNSET
    model: (
        DenoiseModel
        | EnhanceGenModel
        | EnhanceModel
        | LightingModel
        | MattingModel
        | RestoreGenModel
        | SharpenGenModel
        | SharpenModel
        | str
        | ToolModel
        | Unset
    ) = UNSET
    category: EstimateCategory | Unset = UNSET
    additional_properties: dict[str, str] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        input_height = self.input_height

        input_width = self.input_width

        output_height = self.output_height

        output_width = self.output_width

        output_format: str | Unset = UNSET
        if not isinstance(self.output_format, Unset):
            output_format = self.output_format.value

        crop_to_fill = self.crop_to_fill

        face_enhancement = self.face_enhancement

        face_enhancement_creativity = self.face_enhancement_creativity

        model: str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, EnhanceModel):
            model = self.model.value
        elif isinstance(self.model, SharpenModel):
            model = self.model.value
        elif isinstance(self.model, DenoiseModel):
            model = self.model.value
        elif isinstance(self.model, LightingModel):
            model = self.model.value
        elif isinstance(self.model, MattingModel):
            model = self.model.value
        elif isinstance(self.model, ToolModel):
            model = self.model.value
        elif isinstance(self.model, EnhanceGenModel):
            model = self.model.value
        elif isinstance(self.model, SharpenGenModel):
            model = self.model.value
        elif isinstance(self.model, RestoreGenModel):
            model = self.model.value
        else:
            model = self.model

        category: str | Unset = UNSET
        if not isinstance(self.category, Unset):
            category = self.category.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "input_height": input_height,
                "input_width": input_width,
            }
        )
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
        if model is not UNSET:
            field_dict["model"] = model
        if category is not UNSET:
            field_dict["category"] = category

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        input_height = d.pop("input_height")

        input_width = d.pop("input_width")

        output_height = d.pop("output_height", UNSET)

        output_width = d.pop("output_width", UNSET)

        _output_format = d.pop("output_format", UNSET)
        output_format: EstimateBulkItemOutputFormat | Unset
        if isinstance(_output_format, Unset):
            output_format = UNSET
        else:
            output_format = EstimateBulkItemOutputFormat(_output_format)

        crop_to_fill = d.pop("crop_to_fill", UNSET)

        face_enhancement = d.pop("face_enhancement", UNSET)

        face_enhancement_creativity = d.pop("face_enhancement_creativity", UNSET)

        def _parse_model(
            data: object,
        ) -> (
            DenoiseModel
            | EnhanceGenModel
            | EnhanceModel
            | LightingModel
            | MattingModel
            | RestoreGenModel
            | SharpenGenModel
            | SharpenModel
            | str
            | ToolModel
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_0 = EnhanceModel(data)

                return model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_1 = SharpenModel(data)

                return model_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_2 = DenoiseModel(data)

                return model_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_3 = LightingModel(data)

                return model_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_4 = MattingModel(data)

                return model_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_5 = ToolModel(data)

                return model_type_5
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_6 = EnhanceGenModel(data)

                return model_type_6
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_7 = SharpenGenModel(data)

                return model_type_7
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_8 = RestoreGenModel(data)

                return model_type_8
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                DenoiseModel
                | EnhanceGenModel
                | EnhanceModel
                | LightingModel
                | MattingModel
                | RestoreGenModel
                | SharpenGenModel
                | SharpenModel
                | str
                | ToolModel
                | Unset,
                data,
            )

        model = _parse_model(d.pop("model", UNSET))

        _category = d.pop("category", UNSET)
        category: EstimateCategory | Unset
        if isinstance(_category, Unset):
            category = UNSET
        else:
            category = EstimateCategory(_category)

        estimate_bulk_item = cls(
            input_height=input_height,
            input_width=input_width,
            output_height=output_height,
            output_width=output_width,
            output_format=output_format,
            crop_to_fill=crop_to_fill,
            face_enhancement=face_enhancement,
            face_enhancement_creativity=face_enhancement_creativity,
            model=model,
            category=category,
        )

        estimate_bulk_item.additional_properties = d
        return estimate_bulk_item

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
