from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.image_operations import ImageOperations
    from ..models.image_output_options import ImageOutputOptions


T = TypeVar("T", bound="EditUploadOptions")


@_attrs_define
class EditUploadOptions:
    """What is done to the image and what becomes of the result; sent as JSON.

    Attributes:
        operations (ImageOperations | Unset): What is done to the image; by default, nothing.
        output (ImageOutputOptions | None | str | Unset): Customize the result output.
    """

    operations: ImageOperations | Unset = UNSET
    output: ImageOutputOptions | None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.image_output_options import ImageOutputOptions

        operations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.operations, Unset):
            operations = self.operations.to_dict()

        output: dict[str, Any] | None | str | Unset
        if isinstance(self.output, Unset):
            output = UNSET
        elif isinstance(self.output, ImageOutputOptions):
            output = self.output.to_dict()
        else:
            output = self.output

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if operations is not UNSET:
            field_dict["operations"] = operations
        if output is not UNSET:
            field_dict["output"] = output

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.image_operations import ImageOperations
        from ..models.image_output_options import ImageOutputOptions

        d = dict(src_dict)
        _operations = d.pop("operations", UNSET)
        operations: ImageOperations | Unset
        if isinstance(_operations, Unset):
            operations = UNSET
        else:
            operations = ImageOperations.from_dict(_operations)

        def _parse_output(data: object) -> ImageOutputOptions | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                output_type_0 = ImageOutputOptions.from_dict(data)

                return output_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageOutputOptions | None | str | Unset, data)

        output = _parse_output(d.pop("output", UNSET))

        edit_upload_options = cls(
            operations=operations,
            output=output,
        )

        return edit_upload_options
