from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.pipeline_input_object import PipelineInputObject
    from ..models.pipeline_output_object import PipelineOutputObject
    from ..models.profiling import Profiling


T = TypeVar("T", bound="EditResponse")


@_attrs_define
class EditResponse:
    """
    Attributes:
        input_ (PipelineInputObject):
        output (PipelineOutputObject):
        profiling (None | Profiling | Unset): What took how long; normally null or not there.
    """

    input_: PipelineInputObject
    output: PipelineOutputObject
    profiling: None | Profiling | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.profiling import Profiling

        input_ = self.input_.to_dict()

        output = self.output.to_dict()

        profiling: dict[str, Any] | None | Unset
        if isinstance(self.profiling, Unset):
            profiling = UNSET
        elif isinstance(self.profiling, Profiling):
            profiling = self.profiling.to_dict()
        else:
            profiling = self.profiling

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "input": input_,
                "output": output,
            }
        )
        if profiling is not UNSET:
            field_dict["profiling"] = profiling

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.pipeline_input_object import PipelineInputObject
        from ..models.pipeline_output_object import PipelineOutputObject
        from ..models.profiling import Profiling

        d = dict(src_dict)
        input_ = PipelineInputObject.from_dict(d.pop("input"))

        output = PipelineOutputObject.from_dict(d.pop("output"))

        def _parse_profiling(data: object) -> None | Profiling | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                profiling_type_0 = Profiling.from_dict(data)

                return profiling_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Profiling | Unset, data)

        profiling = _parse_profiling(d.pop("profiling", UNSET))

        edit_response = cls(
            input_=input_,
            output=output,
            profiling=profiling,
        )

        edit_response.additional_properties = d
        return edit_response

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
