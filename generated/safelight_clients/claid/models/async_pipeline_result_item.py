from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.pipeline_input_object import PipelineInputObject
    from ..models.pipeline_output_object import PipelineOutputObject


T = TypeVar("T", bound="AsyncPipelineResultItem")


@_attrs_define
class AsyncPipelineResultItem:
    """
    Attributes:
        input_object (PipelineInputObject):
        output_object (PipelineOutputObject):
    """

    input_object: PipelineInputObject
    output_object: PipelineOutputObject
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        input_object = self.input_object.to_dict()

        output_object = self.output_object.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "input_object": input_object,
                "output_object": output_object,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.pipeline_input_object import PipelineInputObject
        from ..models.pipeline_output_object import PipelineOutputObject

        d = dict(src_dict)
        input_object = PipelineInputObject.from_dict(d.pop("input_object"))

        output_object = PipelineOutputObject.from_dict(d.pop("output_object"))

        async_pipeline_result_item = cls(
            input_object=input_object,
            output_object=output_object,
        )

        async_pipeline_result_item.additional_properties = d
        return async_pipeline_result_item

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
