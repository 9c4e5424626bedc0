from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.apiv1_status import APIV1Status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.async_edit_request import AsyncEditRequest
    from ..models.async_pipeline_result_item import AsyncPipelineResultItem
    from ..models.batch_pipeline_error import BatchPipelineError
    from ..models.no_result import NoResult
    from ..models.other_request import OtherRequest


T = TypeVar("T", bound="AsyncAcceptedResponse")


@_attrs_define
class AsyncAcceptedResponse:
    """
    Attributes:
        id (int):
        status (APIV1Status): How a task is doing. `ACCEPTED`, then `PROCESSING`, then `DONE` or `ERROR`; `WAITING`,
            `PAUSED` and `CANCELLED` are in the list and described nowhere.
        result_url (str):
        created_at (datetime.datetime):
        request (AsyncEditRequest | OtherRequest): The body of the request, as it was sent.
        errors (list[BatchPipelineError] | Unset):
        result (AsyncPipelineResultItem | None | NoResult | Unset): The images before and after the edit; empty until
            the edit is done, and after an error.
    """

    id: int
    status: APIV1Status
    result_url: str
    created_at: datetime.datetime
    request: AsyncEditRequest | OtherRequest
    errors: list[BatchPipelineError] | Unset = UNSET
    result: AsyncPipelineResultItem | None | NoResult | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.async_edit_request import AsyncEditRequest
        from ..models.async_pipeline_result_item import AsyncPipelineResultItem
        from ..models.no_result import NoResult

        id = self.id

        status = self.status.value

        result_url = self.result_url

        created_at = self.created_at.isoformat()

        request: dict[str, Any]
        if isinstance(self.request, AsyncEditRequest):
            request = self.request.to_dict()
        else:
            request = self.request.to_dict()

        errors: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item = errors_item_data.to_dict()
                errors.append(errors_item)

        result: dict[str, Any] | None | Unset
        if isinstance(self.result, Unset):
            result = UNSET
        elif isinstance(self.result, AsyncPipelineResultItem):
            result = self.result.to_dict()
        elif isinstance(self.result, NoResult):
            result = self.result.to_dict()
        else:
            result = self.result

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
        if result is not UNSET:
            field_dict["result"] = result

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.async_edit_request import AsyncEditRequest
        from ..models.async_pipeline_result_item import AsyncPipelineResultItem
        from ..models.batch_pipeline_error import BatchPipelineError
        from ..models.no_result import NoResult
        from ..models.other_request import OtherRequest

        d = dict(src_dict)
        id = d.pop("id")

        status = APIV1Status(d.pop("status"))

        result_url = d.pop("result_url")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_request(data: object) -> AsyncEditRequest | OtherRequest:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                request_type_0 = AsyncEditRequest.from_dict(data)

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

        def _parse_result(data: object) -> AsyncPipelineResultItem | None | NoResult | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = AsyncPipelineResultItem.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_1 = NoResult.from_dict(data)

                return result_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AsyncPipelineResultItem | None | NoResult | Unset, data)

        result = _parse_result(d.pop("result", UNSET))

        async_accepted_response = cls(
            id=id,
            status=status,
            result_url=result_url,
            created_at=created_at,
            request=request,
            errors=errors,
            result=result,
        )

        async_accepted_response.additional_properties = d
        return async_accepted_response

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
