from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.pipeline_input_object_in_error import PipelineInputObjectInError


T = TypeVar("T", bound="BatchPipelineError")


@_attrs_define
class BatchPipelineError:
    """
    Attributes:
        error (str):
        created_at (datetime.datetime): When the error was noticed.
        input_object (None | PipelineInputObjectInError | Unset): The input image, as far as it was known.
    """

    error: str
    created_at: datetime.datetime
    input_object: None | PipelineInputObjectInError | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.pipeline_input_object_in_error import PipelineInputObjectInError

        error = self.error

        created_at = self.created_at.isoformat()

        input_object: dict[str, Any] | None | Unset
        if isinstance(self.input_object, Unset):
            input_object = UNSET
        elif isinstance(self.input_object, PipelineInputObjectInError):
            input_object = self.input_object.to_dict()
        else:
            input_object = self.input_object

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "error": error,
                "created_at": created_at,
            }
        )
        if input_object is not UNSET:
            field_dict["input_object"] = input_object

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.pipeline_input_object_in_error import PipelineInputObjectInError

        d = dict(src_dict)
        error = d.pop("error")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_input_object(data: object) -> None | PipelineInputObjectInError | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                input_object_type_0 = PipelineInputObjectInError.from_dict(data)

                return input_object_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PipelineInputObjectInError | Unset, data)

        input_object = _parse_input_object(d.pop("input_object", UNSET))

        batch_pipeline_error = cls(
            error=error,
            created_at=created_at,
            input_object=input_object,
        )

        batch_pipeline_error.additional_properties = d
        return batch_pipeline_error

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
