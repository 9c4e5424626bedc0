from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.artwork_status import ArtworkStatus

if TYPE_CHECKING:
    from ..models.other_artwork_response_parameters import OtherArtworkResponseParameters


T = TypeVar("T", bound="OtherArtworkResponse")


@_attrs_define
class OtherArtworkResponse:
    """
    Attributes:
        id (UUID):
        artwork_type (str): A kind this document does not describe, such as `face_refiner`.
        parameters (OtherArtworkResponseParameters): The requested parameters.
        duration (float):
        results (list[str]):
        status (ArtworkStatus): How an artwork is doing. `succeeded`, `failed` and `canceled` are final.
        created_at (datetime.datetime):
    """

    id: UUID
    artwork_type: str
    parameters: OtherArtworkResponseParameters
    duration: float
    results: list[str]
    status: ArtworkStatus
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        artwork_type = self.artwork_type

        parameters = self.parameters.to_dict()

        duration = self.duration

        results = self.results

        status = self.status.value

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "artworkType": artwork_type,
                "parameters": parameters,
                "duration": duration,
                "results": results,
                "status": status,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.other_artwork_response_parameters import OtherArtworkResponseParameters

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        artwork_type = d.pop("artworkType")

        parameters = OtherArtworkResponseParameters.from_dict(d.pop("parameters"))

        duration = d.pop("duration")

        results = cast(list[str], d.pop("results"))

        status = ArtworkStatus(d.pop("status"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        other_artwork_response = cls(
            id=id,
            artwork_type=artwork_type,
            parameters=parameters,
            duration=duration,
            results=results,
            status=status,
            created_at=created_at,
        )

        other_artwork_response.additional_properties = d
        return other_artwork_response

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
