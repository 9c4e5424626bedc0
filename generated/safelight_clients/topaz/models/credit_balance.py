from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CreditBalance")


@_attrs_define
class CreditBalance:
    """
    Attributes:
        available_credits (int): Credits that can be spent now.
        reserved_credits (int): Credits set aside for jobs that are not over.
        total_credits (int): Available and reserved credits together.
    """

    available_credits: int
    reserved_credits: int
    total_credits: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        available_credits = self.available_credits

        reserved_credits = self.reserved_credits

        total_credits = self.total_credits

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "available_credits": available_credits,
                "reserved_credits": reserved_credits,
                "total_credits": total_credits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        available_credits = d.pop("available_credits")

        reserved_credits = d.pop("reserved_credits")

        total_credits = d.pop("total_credits")

        credit_balance = cls(
            available_credits=available_credits,
            reserved_credits=reserved_credits,
            total_credits=total_credits,
        )

        credit_balance.additional_properties = d
        return credit_balance

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
