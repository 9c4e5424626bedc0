from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.artwork_status import ArtworkStatus

if TYPE_CHECKING:
    from ..models.detailer_upscaler_artwork_response_parameters import (
        DetailerUpscalerArtworkResponseParameters,
    )


T = TypeVar("T", bound="DetailerUpscalerArtworkResponse")


@_attrs_define
class DetailerUpscalerArtworkResponse:
    """
    Attributes:
        id (UUID): Names the artwork from now on.
        artwork_type (Literal['detailer_upscaler']):
        parameters (DetailerUpscalerArtworkResponseParameters):
        duration (float): How many seconds it took; 0 while it is not over.
        results (list[str]): Where the pictures are, once the artwork has succeeded; empty before that and after a
            failure.
        status (ArtworkStatus): How an artwork is doing. `succeeded`, `failed` and `canceled` are final.
        created_at (datetime.datetime): When the artwork was requested, in UTC.
    """

    id: UUID
    artwork_type: Literal["detailer_upscaler"]
    parameters: DetailerUpscalerArtworkResponseParameters
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
        from ..models.detailer_upscaler_artwork_response_parameters import (
            DetailerUpscalerArtworkResponseParameters,
        )

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        artwork_type = cast(Literal["detailer_upscaler"], d.pop("artworkType"))
        if artwork_type != "detailer_upscaler":
            raise ValueError(f"artworkType must match const 'detailer_upscaler', got '{artwork_type}'")

        parameters = DetailerUpscalerArtworkResponseParameters.from_dict(d.pop("parameters"))

        duration = d.pop("duration")

        results = cast(list[str], d.pop("results"))

        status = ArtworkStatus(d.pop("status"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        detailer_upscaler_artwork_response = cls(
            id=id,
            artwork_type=artwork_type,
            parameters=parameters,
            duration=duration,
            results=results,
            status=status,
            created_at=created_at,
        )

        detailer_upscaler_artwork_response.additional_properties = d
        return detailer_upscaler_artwork_response

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
