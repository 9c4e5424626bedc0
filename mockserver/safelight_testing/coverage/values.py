"""The values that a request sent to an operation, in the types of its schemas, valid or not."""

from collections.abc import Iterator, Mapping

import msgspec

from safelight_lifecycle import JSON
from safelight_mock.config.services import Service, service_of
from safelight_mock.wire.messages import Form, Request
from safelight_mock.wire.operation import Operation

Values = Mapping[str, JSON]  # by the keys of Keywords.roots


def sent(request: Request, service: Service, operation: Operation) -> Values:
    """Return the parameters and the body of a request by the keys of `Keywords.roots`.

    `operation` is one of `service`. A body that cannot be parsed is left out; values that do not fit their
    schemas are kept. Raises Problem if the path is none of the service's.
    """
    _, path = service_of(request.path, request.headers.get("host", ""), {service.vendor.slug: service})
    _, in_path = service.api.route(request.method, path)
    return dict([*_parameters(request, operation, in_path), *_body(request, operation)])


def _parameters(
    request: Request, operation: Operation, in_path: Mapping[str, str]
) -> Iterator[tuple[str, JSON]]:
    parameters = operation.parameters(in_path, request.query)
    for name, parameter in parameters.described.items():
        text = parameters.texts[parameter.location].get(name)
        if text is not None:
            yield f"{parameter.location} {name}", parameter.schema.read(text, strict=False)


def _body(request: Request, operation: Operation) -> Iterator[tuple[str, JSON]]:
    media_type = operation.media_type(request)
    schema = operation.media_types.get(media_type)
    if schema is None:
        return
    if isinstance(request.body, Form):
        files = dict.fromkeys(operation.file_fields & set(request.body.files), "")
        yield f"body {media_type}", {**schema.read_fields(request.body.fields, strict=False), **files}
        return
    try:
        yield f"body {media_type}", msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
