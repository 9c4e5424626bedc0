from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.format_enum import FormatEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.format_avif_options import FormatAvifOptions
    from ..models.format_jpeg_options import FormatJpegOptions
    from ..models.format_png_options import FormatPngOptions
    from ..models.format_tiff_options import FormatTiffOptions
    from ..models.format_webp_options import FormatWebpOptions
    from ..models.metadata_options import MetadataOptions


T = TypeVar("T", bound="ImageOutputOptions")


@_attrs_define
class ImageOutputOptions:
    """
    Attributes:
        format_ (FormatAvifOptions | FormatEnum | FormatJpegOptions | FormatPngOptions | FormatTiffOptions |
            FormatWebpOptions | Unset): The output format, `"jpeg"`, `"png"`, `"webp"`, `"avif"` or `"tiff"`; as an object,
            with what can be set for it.
        destination (None | str | Unset): URL of the output image. If `output` is not defined, we store the output image
            on our bucket and return the temporary URL. The name of the output file remains the same as the input file.
            Images are stored for one day.
        metadata (MetadataOptions | None | Unset): Defines characteristics of the output image, e.g. DPI.
    """

    format_: (
        FormatAvifOptions
        | FormatEnum
        | FormatJpegOptions
        | FormatPngOptions
        | FormatTiffOptions
        | FormatWebpOptions
        | Unset
    ) = UNSET
    destination: None | str | Unset = UNSET
    metadata: MetadataOptions | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.format_avif_options import FormatAvifOptions
        from ..models.format_jpeg_options import FormatJpegOptions
        from ..models.format_png_options import FormatPngOptions
        from ..models.format_webp_options import FormatWebpOptions
        from ..models.metadata_options import MetadataOptions

        format_: dict[str, Any] | str | Unset
        if isinstance(self.format_, Unset):
            format_ = UNSET
        elif isinstance(self.format_, FormatEnum):
            format_ = self.format_.value
        elif isinstance(self.format_, FormatJpegOptions):
            format_ = self.format_.to_dict()
        elif isinstance(self.format_, FormatPngOptions):
            format_ = self.format_.to_dict()
        elif isinstance(self.format_, FormatWebpOptions):
            format_ = self.format_.to_dict()
        elif isinstance(self.format_, FormatAvifOptions):
            format_ = self.format_.to_dict()
        else:
            format_ = self.format_.to_dict()

        destination: None | str | Unset
        if isinstance(self.destination, Unset):
            destination = UNSET
        else:
            destination = self.destination

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, MetadataOptions):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if format_ is not UNSET:
            field_dict["format"] = format_
        if destination is not UNSET:
            field_dict["destination"] = destination
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.format_avif_options import FormatAvifOptions
        from ..models.format_jpeg_options import FormatJpegOptions
        from ..models.format_png_options import FormatPngOptions
        from ..models.format_tiff_options import FormatTiffOptions
        from ..models.format_webp_options import FormatWebpOptions
        from ..models.metadata_options import MetadataOptions

        d = dict(src_dict)

        def _parse_format_(
            data: object,
        ) -> (
            FormatAvifOptions
            | FormatEnum
            | FormatJpegOptions
            | FormatPngOptions
            | FormatTiffOptions
            | FormatWebpOptions
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                format_type_0 = FormatEnum(data)

                return format_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                format_type_1 = FormatJpegOptions.from_dict(data)

                return format_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                format_type_2 = FormatPngOptions.from_dict(data)

                return format_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                format_type_3 = FormatWebpOptions.from_dict(data)

                return format_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                format_type_4 = FormatAvifOptions.from_dict(data)

                return format_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            format_type_5 = FormatTiffOptions.from_dict(data)

            return format_type_5

        format_ = _parse_format_(d.pop("format", UNSET))

        def _parse_destination(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        destination = _parse_destination(d.pop("destination", UNSET))

        def _parse_metadata(data: object) -> MetadataOptions | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = MetadataOptions.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MetadataOptions | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        image_output_options = cls(
            format_=format_,
            destination=destination,
            metadata=metadata,
        )

        return image_output_options
