from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.apiv1_status import APIV1Status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.async_pipeline_result_item import AsyncPipelineResultItem
    from ..models.batch_edit_request import BatchEditRequest
    from ..models.batch_pipeline_error import BatchPipelineError
    from ..models.other_request import OtherRequest


T = TypeVar("T", bound="BatchAcceptedResponse")


@_attrs_define
class BatchAcceptedResponse:
    """
    Attributes:
        id (int):
        status (APIV1Status): How a task is doing. `ACCEPTED`, then `PROCESSING`, then `DONE` or `ERROR`; `WAITING`,
            `PAUSED` and `CANCELLED` are in the list and described nowhere.
        result_url (str):
        created_at (datetime.datetime):
        request (BatchEditRequest | OtherRequest): The body of the request, as it was sent.
        errors (list[BatchPipelineError] | Unset):
        results (list[AsyncPipelineResultItem] | Unset): The images before and after the edit, of each edit that is
            done.
    """

    id: int
    status: APIV1Status
    result_url: str
    created_at: datetime.datetime
    request: BatchEditRequest | OtherRequest
    errors: list[BatchPipelineError] | Unset = UNSET
    results: list[AsyncPipelineResultItem] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.batch_edit_request import BatchEditRequest

        id = self.id

        status = self.status.value

        result_url = self.result_url

        created_at = self.created_at.isoformat()

        request: dict[str, Any]
        if isinstance(self.request, BatchEditRequest):
            request = self.request.to_dict()
        else:
            request = self.request.to_dict()

        errors: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item = errors_item_data.to_dict()
                errors.append(errors_item)

        results: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.results, Unset):
            results = []
            for results_item_data in self.results:
                results_item = results_item_data.to_dict()
                results.append(results_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "status": status,
                "result_url": result_url,
                "created_at": created_at,
                "request": request,
            }
        )
        if errors is not UNSET:
            field_dict["errors"] = errors
        if results is not UNSET:
            field_dict["results"] = results

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.async_pipeline_result_item import AsyncPipelineResultItem
        from ..models.batch_edit_request import BatchEditRequest
        from ..models.batch_pipeline_error import BatchPipelineError
        from ..models.other_request import OtherRequest

        d = dict(src_dict)
        id = d.pop("id")

        status = APIV1Status(d.pop("status"))

        result_url = d.pop("result_url")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_request(data: object) -> BatchEditRequest | OtherRequest:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                request_type_0 = BatchEditRequest.from_dict(data)

                return request_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            request_type_1 = OtherRequest.from_dict(data)

            return request_type_1

        request = _parse_request(d.pop("request"))

        _errors = d.pop("errors", UNSET)
        errors: list[BatchPipelineError] | Unset = UNSET
        if _errors is not UNSET:
            errors = []
            for errors_item_data in _errors:
                errors_item = BatchPipelineError.from_dict(errors_item_data)

                errors.append(errors_item)

        _results = d.pop("results", UNSET)
        results: list[AsyncPipelineResultItem] | Unset = UNSET
        if _results is not UNSET:
            results = []
            for results_item_data in _results:
                results_item = AsyncPipelineResultItem.from_dict(results_item_data)

                results.append(results_item)

        batch_accepted_response = cls(
            id=id,
            status=status,
            result_url=result_url,
            created_at=created_at,
            request=request,
            errors=errors,
            results=results,
        )

        batch_accepted_response.additional_properties = d
        return batch_accepted_response

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
