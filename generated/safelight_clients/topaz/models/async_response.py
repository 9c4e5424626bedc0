from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AsyncResponse")


@_attrs_define
class AsyncResponse:
    """
    Attributes:
        process_id (UUID): Unique identifier of the image enhancement job.
        eta (int): Estimated time of arrival (ETA) for the process to complete in Unix time.
        source_id (str): Unique identifier of the source image.
    """

    process_id: UUID
    eta: int
    source_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        process_id = str(self.process_id)

        eta = self.eta

        source_id = self.source_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "process_id": process_id,
                "eta": eta,
                "source_id": source_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        process_id = UUID(d.pop("process_id"))

        eta = d.pop("eta")

        source_id = d.pop("source_id")

        async_response = cls(
            process_id=process_id,
            eta=eta,
            source_id=source_id,
        )

        async_response.additional_properties = d
        return async_response

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
