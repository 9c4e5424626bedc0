"""Whether the places and JSONPaths of a lifecycle are in the messages that the document describes."""

from collections.abc import Iterable, Iterator

from safelight_lifecycle import JSON, format_pointer, parse_path, parse_pointer
from safelight_openapi._checks.expressions import expression_schemas
from safelight_openapi._checks.lifecycle_parts import DescribedJobs, JobNode, Location, members, values
from safelight_openapi._findings.finding import Finding, FindingCode
from safelight_openapi._structure.operations import DocumentOperation, as_mapping
from safelight_openapi._structure.references import Node, schemas_at

_DESCRIBING = frozenset({"$ref", "anyOf", "oneOf", "allOf", "properties", "items", "enum", "const"})


def place_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    """Yield the places of a lifecycle that no message of their operations has."""
    job, at = jobs.job, jobs.at
    own = {one["operation"]: index for index, one in enumerate(job["submit"]) if isinstance(one, dict)}
    for name in jobs.submits:
        has_own = name in own and "id" in job["submit"][own[name]]
        where = (*at, "submit", own[name], "id") if has_own else (*at, "id")
        node = job["submit"][own[name]]["id"] if has_own else job["id"]
        yield from _absent(jobs, where, node, ("from", "urls"), [name])
    yield from _absent(jobs, (*at, "read"), job.get("read", {}), ("state", "progress", "eta"), jobs.reads)
    yield from _absent(jobs, at, job, ("errors",), jobs.reads)
    inputs = job.get("input", {})
    yield from _absent(jobs, (*at, "input"), inputs, ("url",), [inputs.get("operation", "")])
    yield from _follow_findings(jobs)
    for where, result in jobs.results():
        source = [result["operation"]] if "operation" in result else jobs.reads
        yield from _absent(jobs, where, result, ("from",), source)
        yield from _unselected(jobs, where, result, source)
    yield from _list_findings(jobs)
    yield from _report_findings(jobs)
    yield from _request_findings(jobs)
    for where, hook in jobs.deliveries():
        sign = hook.get("sign")
        secret = sign["secret"] if isinstance(sign, dict) else {}
        source = [str(secret.get("operation", ""))]
        yield from _absent(jobs, (*where, "sign", "secret"), secret, ("from",), source)


def upload_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    """Yield the places of an upload that its operation does not have; `jobs.job` is the upload."""
    upload, at = jobs.job, jobs.at
    yield from _absent(jobs, at, upload, ("url", "fields", "gives"), [upload["operation"]])
    yield from _unselected(jobs, at, upload, [upload["operation"]])
    if "list" in upload:
        yield from _unselected(jobs, (*at, "list"), upload["list"], [upload["list"]["operation"]])


def _follow_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    job, at = jobs.job, jobs.at
    parts = [((*at, "read"), job.get("read", {})), *jobs.results()]
    parts += [((*at, "moves", index), move) for index, move in enumerate(job.get("moves", ()))]
    for where, part in parts:
        yield from _absent(jobs, where, part, ("follow",), jobs.submits)
    yield from _absent(jobs, (*at, "stream"), job.get("stream", {}), ("follow",), jobs.reads)


def _list_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    listing, at = jobs.job.get("list"), (*jobs.at, "list")
    if listing is None:
        return
    source = [listing["operation"]]
    yield from _unselected(jobs, at, listing, source)
    yield from _absent(jobs, at, listing, ("like",), jobs.reads)
    yield from _absent(jobs, (*at, "paging"), listing.get("paging", {}), ("next", "more"), source)
    entries = _selected(jobs, listing["each"], source)
    for pointer in listing.get("reports", {}):
        if entries and not any(schemas_at(one, parse_pointer(pointer), jobs.document) for one in entries):
            yield _absence((*at, "reports", pointer), pointer, "entry", source)


def _report_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    moves = [move["operation"] for move in jobs.job.get("moves", ())]
    results = [result["operation"] for _, result in jobs.results() if "operation" in result]
    sources = [*jobs.submits, *jobs.reads, *moves, *results]
    for place in jobs.job.get("reports", {}):
        if not _has_any(jobs, place, sources):
            yield _absence((*jobs.at, "reports", place), place, "response", sources)


def _request_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    """Every place in a request, as a key or as a value, must be in that of a submission."""
    for location, value in members(jobs.at, jobs.job):
        texts = [text for text in (location[-1], value) if isinstance(text, str)]
        for text in texts:
            if text.startswith("$request.") and not _has_any(jobs, text, jobs.submits):
                yield _absence(location, text, "request", jobs.submits)


def pointers_of_values(jobs: DescribedJobs) -> Iterator[tuple[Location, str]]:
    """Yield location and pointer of each value that is written into the body of a webhook."""
    for location, _ in values(jobs.at, jobs.job):
        if location[-2] == "body":
            yield location, str(location[-1])


def _absent(
    jobs: DescribedJobs, at: Location, node: JobNode, keys: Iterable[str], names: list[str]
) -> Iterator[Finding]:
    """Yield the keys of which no place is in a successful response of one of these operations.

    Places in requests are in `_request_findings`.
    """
    for key in keys:
        listed = [node[key]] if isinstance(node.get(key), str) else node.get(key, [])
        places = [one for one in listed if not one.startswith("$request.")]
        if places and not any(_has_any(jobs, place, names) for place in places):
            yield _absence((*at, key), " and ".join(places), "response", names)


def _unselected(jobs: DescribedJobs, at: Location, node: JobNode, names: list[str]) -> Iterator[Finding]:
    if "each" not in node:
        return
    try:
        selected = _selected(jobs, node["each"], names)
    except ValueError as error:
        yield Finding(
            code=FindingCode.INVALID_LIFECYCLE,
            message=str(error),
            pointer=format_pointer((*at, "each")),
            actual=node["each"],
        )
        return
    if not selected:
        yield _absence((*at, "each"), node["each"], "response", names)


def _selected(jobs: DescribedJobs, path: str, names: list[str]) -> list[Node]:
    """Return the schemas of the entries that a JSONPath selects."""
    tokens = ["0" if step is None else step for step in parse_path(path)]
    responses = (one for name in names for _, one in jobs.operations[name].success_responses())
    return [schema for response in responses for schema in schemas_within(response, tokens, jobs.document)]


def schemas_within(message: Node, tokens: Iterable[str], document: Node) -> list[Node]:
    """Return the schemas of a value in the bodies of a message."""
    steps = [*tokens]
    media = as_mapping(message.get("content")).values()
    return [one for node in media for one in schemas_at(as_mapping(node).get("schema"), steps, document)]


def has_field(jobs: DescribedJobs, place: str) -> bool:
    """Whether the request of a submission has a place."""
    return _has_any(jobs, place, jobs.submits)


def _has_any(jobs: DescribedJobs, place: str, names: Iterable[str]) -> bool:
    return any(
        _has(jobs, place, jobs.operations[name], response)
        for name in names
        for response in [{}, *(one for _, one in jobs.operations[name].success_responses())]
    )


def _has(jobs: DescribedJobs, place: str, operation: DocumentOperation, response: Node) -> bool:
    """Whether a message has a place, or a value above it that the document does not describe."""
    if expression_schemas(place, operation, response, jobs.document):
        return True
    above = place.rpartition("/")[0].removesuffix("#")
    return bool(above) and any(map(_is_open, expression_schemas(above, operation, response, jobs.document)))


def _is_open(schema: Node) -> bool:
    """Whether the members of a value are not described."""
    if schema.keys() & _DESCRIBING:
        return False
    kinds = schema.get("type", "object")
    return "object" in (kinds if isinstance(kinds, list) else [kinds])


def _absence(at: Location, place: JSON, message: str, names: Iterable[str]) -> Finding:
    listed = ", ".join(dict.fromkeys(filter(None, names))) or "the lifecycle, which has none for it"
    return Finding(
        code=FindingCode.UNKNOWN_PLACE,
        message=f"{place} is in no {message} of {listed}",
        pointer=format_pointer(at),
        actual=place,
    )
