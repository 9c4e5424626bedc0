from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.image_operations import ImageOperations
    from ..models.image_output_options import ImageOutputOptions


T = TypeVar("T", bound="AsyncEditRequest")


@_attrs_define
class AsyncEditRequest:
    """
    Attributes:
        input_ (str): URL of the input image, from 1 to 4096 characters: `http://…`, `https://…` or
            `storage://<storage>/<path>`. The image must be accessible by the service.
        operations (ImageOperations): What is done to the image; by default, nothing.
        output (ImageOutputOptions | None | str | Unset): Customize the result output.
    """

    input_: str
    operations: ImageOperations
    output: ImageOutputOptions | None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.image_output_options import ImageOutputOptions

        input_ = self.input_

        operations = self.operations.to_dict()

        output: dict[str, Any] | None | str | Unset
        if isinstance(self.output, Unset):
            output = UNSET
        elif isinstance(self.output, ImageOutputOptions):
            output = self.output.to_dict()
        else:
            output = self.output

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "input": input_,
                "operations": operations,
            }
        )
        if output is not UNSET:
            field_dict["output"] = output

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.image_operations import ImageOperations
        from ..models.image_output_options import ImageOutputOptions

        d = dict(src_dict)
        input_ = d.pop("input")

        operations = ImageOperations.from_dict(d.pop("operations"))

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

        async_edit_request = cls(
            input_=input_,
            operations=operations,
            output=output,
        )

        return async_edit_request
