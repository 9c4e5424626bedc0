from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.batch_edit_input_options import BatchEditInputOptions
    from ..models.image_operations import ImageOperations
    from ..models.image_output_options import ImageOutputOptions


T = TypeVar("T", bound="BatchEditRequest")


@_attrs_define
class BatchEditRequest:
    """
    Attributes:
        input_ (BatchEditInputOptions | list[str] | str): URL of a folder, or a list of URLs of images, each from 1 to
            4096 characters. Must be accessible by the service.
        operations (ImageOperations): What is done to the image; by default, nothing.
        output (ImageOutputOptions | None | str | Unset): URL of the output folder. If `output` is not defined, we store
            the output image on our bucket and return the temporary URL. The name of the output file remains the same as the
            input file. Images are stored for one day.
    """

    input_: BatchEditInputOptions | list[str] | str
    operations: ImageOperations
    output: ImageOutputOptions | None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.batch_edit_input_options import BatchEditInputOptions
        from ..models.image_output_options import ImageOutputOptions

        input_: dict[str, Any] | list[str] | str
        if isinstance(self.input_, BatchEditInputOptions):
            input_ = self.input_.to_dict()
        elif isinstance(self.input_, list):
            input_ = self.input_

        else:
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
        from ..models.batch_edit_input_options import BatchEditInputOptions
        from ..models.image_operations import ImageOperations
        from ..models.image_output_options import ImageOutputOptions

        d = dict(src_dict)

        def _parse_input_(data: object) -> BatchEditInputOptions | list[str] | str:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                input_type_0 = BatchEditInputOptions.from_dict(data)

                return input_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                input_type_2 = cast(list[str], data)

                return input_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BatchEditInputOptions | list[str] | str, data)

        input_ = _parse_input_(d.pop("input"))

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

        batch_edit_request = cls(
            input_=input_,
            operations=operations,
            output=output,
        )

        return batch_edit_request
