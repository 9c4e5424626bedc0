from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.error_type import ErrorType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.error_details import ErrorDetails


T = TypeVar("T", bound="HttpErrorDetails")


@_attrs_define
class HttpErrorDetails:
    """
    Attributes:
        error_code (str):
        error_type (ErrorType): Which part of the service an error is of.
        error_message (str):
        error_details (ErrorDetails | Unset): What is wrong with each field, by the way to it.
    """

    error_code: str
    error_type: ErrorType
    error_message: str
    error_details: ErrorDetails | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        error_code = self.error_code

        error_type = self.error_type.value

        error_message = self.error_message

        error_details: dict[str, Any] | Unset = UNSET
        if not isinstance(self.error_details, Unset):
            error_details = self.error_details.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "error_code": error_code,
                "error_type": error_type,
                "error_message": error_message,
            }
        )
        if error_details is not UNSET:
            field_dict["error_details"] = error_details

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.error_details import ErrorDetails

        d = dict(src_dict)
        error_code = d.pop("error_code")

        error_type = ErrorType(d.pop("error_type"))

        error_message = d.pop("error_message")

        _error_details = d.pop("error_details", UNSET)
        error_details: ErrorDetails | Unset
        if isinstance(_error_details, Unset):
            error_details = UNSET
        else:
            error_details = ErrorDetails.from_dict(_error_details)

        http_error_details = cls(
            error_code=error_code,
            error_type=error_type,
            error_message=error_message,
            error_details=error_details,
        )

        http_error_details.additional_properties = d
        return http_error_details

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
