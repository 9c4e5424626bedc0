"""What a call told an operation, in the types of its schemas, whether it fits them or not."""

from collections.abc import Iterator, Mapping

import msgspec

from contract_tests.report.exercise import Exercise
from contract_tests.report.keywords import Json
from safelight_mock.config.services import Service, service_of
from safelight_mock.wire.messages import Call, Form
from safelight_mock.wire.operation import Operation

Told = Mapping[str, Json]  # by the names Keywords.roots has


def told(call: Call, service: Service, operation: Operation) -> Told:
    """Read parameters and body; one that cannot be read at all is left out."""
    return dict([*_parameters(call, service, operation), *_body(call, operation)])


def exercised(exercise: Exercise, operation: str, values: Told, *, kept: bool) -> set[str]:
    """Return the keywords a call kept, or the one it broke if it broke no other part of what it told."""
    roots = exercise.keywords.roots(operation)
    known = {roots[name]: value for name, value in values.items() if name in roots}
    named = exercise.keywords.of[operation].keys()
    if kept:
        return named & set().union(*(exercise.kept(root, value) for root, value in known.items()))
    broken = {
        root: exercise.broken(root, value) for root, value in known.items() if not exercise.fits(root, value)
    }
    return named & next(iter(broken.values())) if len(broken) == 1 else set()


def _parameters(call: Call, service: Service, operation: Operation) -> Iterator[tuple[str, Json]]:
    _, path = service_of(call, {service.vendor.slug: service})
    _, in_path = service.api.route(call.method, path)
    parameters = operation.parameters(in_path, call.query)
    for name, parameter in parameters.described.items():
        text = parameters.told[parameter.place].get(name)
        if text is not None:
            yield f"{parameter.place} {name}", parameter.schema.read(text, strict=False)


def _body(call: Call, operation: Operation) -> Iterator[tuple[str, Json]]:
    media_type = operation.media_type(call)
    schema = operation.media_types.get(media_type)
    if schema is None:
        return
    if isinstance(call.body, Form):
        files = dict.fromkeys(operation.file_fields & set(call.body.files), "")
        yield f"body {media_type}", {**schema.read_fields(call.body.fields, strict=False), **files}
        return
    try:
        yield f"body {media_type}", msgspec.json.decode(call.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
