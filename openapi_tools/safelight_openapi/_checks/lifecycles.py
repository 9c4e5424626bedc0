"""Whether `x-async-jobs` matches its document: operations, places, parameters, words and webhooks."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

import jsonschema_rs

from safelight_lifecycle import EXTENSION, JSON, State, format_pointer, parse_pointer
from safelight_openapi._checks.expressions import expression_schemas
from safelight_openapi._checks.lifecycle_meaning import meaning_findings
from safelight_openapi._checks.lifecycle_parts import (
    ROOT,
    DescribedJobs,
    JobNode,
    Location,
    named_operations,
    state_names,
)
from safelight_openapi._checks.lifecycle_places import (
    has_field,
    place_findings,
    pointers_of_values,
    schemas_within,
    upload_findings,
)
from safelight_openapi._findings.candidates import closest, likeliest
from safelight_openapi._findings.finding import Finding, FindingCode
from safelight_openapi._findings.schema_errors import SchemaProblem, Wording, schema_problems
from safelight_openapi._structure.operations import DocumentOperation, as_mapping, operations_by_id
from safelight_openapi._structure.references import Node, resolve

SCHEMA = files("safelight_lifecycle") / "async-jobs.schema.json"
VERSION = "2"
STATES = tuple(map(str, State))


def lifecycle_violations(document: Node) -> Iterator[str]:
    """Yield a sentence for each finding in `x-async-jobs`, with its JSON pointer and what may be meant."""
    for finding in lifecycle_findings(document):
        likely = likeliest(finding.actual, finding.candidates)
        yield f"{finding}{f'; did you mean {likely[0]!r}?' if likely else ''}"


def lifecycle_findings(document: Node) -> Iterator[Finding]:
    """Yield where `x-async-jobs` is malformed, or names something that the document does not have.

    The form is checked first, then operations, then what is named, then whether it fits together: each needs
    what is checked before.
    """
    if EXTENSION not in document:
        return
    described: JSON = document[EXTENSION]
    operations = {one.job_name: one for one in operations_by_id(document).values()}
    checks = (
        _form_findings(described),
        _operation_findings(described, operations),
        _name_findings(document, described, operations),
        meaning_findings(document),
    )
    for check in checks:
        findings = [*check]
        yield from findings
        if findings:
            return


def _name_findings(
    document: Node, described: JobNode, operations: Mapping[str, DocumentOperation]
) -> Iterator[Finding]:
    for index, upload in enumerate(described.get("inputs", ())):
        at = (*ROOT, "inputs", index)
        jobs = DescribedJobs(document=document, operations=operations, at=at, job=upload)
        yield from upload_findings(jobs)
        yield from _upload_name_findings(jobs)
    yield from _refused_parameter_findings(described, operations)
    for name, job in described["lifecycles"].items():
        at = (*ROOT, "lifecycles", name)
        jobs = DescribedJobs(document=document, operations=operations, at=at, job=job)
        yield from place_findings(jobs)
        for check_of in (_parameter_findings, _word_findings, _share_findings, _delivery_findings):
            yield from check_of(jobs)


def _form_findings(described: JSON) -> Iterator[Finding]:
    version = described.get("version") if isinstance(described, dict) else None
    if version != VERSION:
        yield Finding(
            code=FindingCode.UNKNOWN_VERSION,
            message=_about_version(version),
            pointer=format_pointer(ROOT),
            actual=version,
            expected=repr(VERSION),
        )
        return
    for problem in form_problems(described):
        yield Finding(
            code=FindingCode.INVALID_LIFECYCLE,
            message=problem.advice,
            pointer=format_pointer((*ROOT, *problem.path)),
        )


def _about_version(version: JSON) -> str:
    if str(version) == VERSION:
        return f"the version must be the string {VERSION!r}, not a number: write `version: {VERSION!r}`"
    actual = f"version {version!r} is not supported" if version else "there is no version"
    return f"{actual}; write `version: {VERSION!r}`, and the lifecycles by name under `lifecycles`"


def form_problems(described: JSON) -> list[SchemaProblem]:
    """Return what does not match the schema of `x-async-jobs`."""
    validator, schema = _schema()
    return schema_problems(validator.iter_errors(described), schema, Wording(noun="key"))


@cache
def _schema() -> tuple[jsonschema_rs.Validator, Mapping[str, JSON]]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema), schema


def _operation_findings(described: JobNode, operations: Mapping[str, DocumentOperation]) -> Iterator[Finding]:
    for location, name in named_operations(described):
        if name not in operations:
            yield _unknown(
                FindingCode.UNKNOWN_OPERATION, location, name, "the document has no operation", operations
            )
    for name, job in described["lifecycles"].items():
        at = (*ROOT, "lifecycles", name)
        submits = {one if isinstance(one, str) else one["operation"] for one in job["submit"]}
        for index, operation in enumerate(job.get("sync", ())):
            if operation in submits:
                yield Finding(
                    code=FindingCode.SHARED_OPERATION,
                    message=f"{operation} is under both submit and sync: it returns either a job or a result",
                    pointer=format_pointer((*at, "sync", index)),
                    actual=operation,
                )
    yield from _shared_findings(described)


def _shared_findings(described: JobNode) -> Iterator[Finding]:
    """Yield the operations that start or read the jobs of several lifecycles."""
    owners: dict[str, str] = {}
    for name, job in described["lifecycles"].items():
        at = (*ROOT, "lifecycles", name)
        named = [one if isinstance(one, str) else one["operation"] for one in job["submit"]]
        named += [job["read"]["operation"]] if "read" in job else []
        for operation in dict.fromkeys(named):
            if owners.setdefault(operation, name) != name:
                yield Finding(
                    code=FindingCode.SHARED_OPERATION,
                    message=f"{operation} belongs to the lifecycle {owners[operation]} as well",
                    pointer=format_pointer(at),
                    actual=operation,
                )


def _parameter_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    """Yield the parameters that operations need and do not have."""
    job, at = jobs.job, jobs.at
    by_id = [job["id"]["parameter"], *job["id"].get("with", {})] if "parameter" in job["id"] else []
    taking: list[tuple[Location, JobNode]] = [
        ((*at, key), job[key]) for key in ("read", "input") if key in job
    ]
    taking += [((*at, "moves", index), one) for index, one in enumerate(job.get("moves", ()))]
    taking += [
        (where, one)
        for where, one in jobs.results()
        if one.get("operation", jobs.submits[0]) not in jobs.submits
    ]
    for where, one in taking:
        needed = [*([] if one.get("every") else by_id), *one.get("with", {})]
        yield from _lacking(jobs, (*where, "operation"), one["operation"], needed)
    for where, one in jobs.results():
        if "content" in one:
            content = one["content"]
            yield from _lacking(jobs, (*where, "content"), content["operation"], [content["parameter"]])
    listing = job.get("list")
    if listing is not None:
        paging = listing.get("paging", {})
        needed = [paging[key] for key in ("at", "limit") if key in paging]
        yield from _lacking(jobs, (*at, "list"), listing["operation"], [*needed, *listing.get("filter", {})])


def _lacking(jobs: DescribedJobs, at: Location, name: str, parameters: list[str]) -> Iterator[Finding]:
    operation = jobs.operations[name]
    known = [str(one.get("name")) for one in operation.parameters]
    for parameter in parameters:
        if operation.parameter(parameter) is None:
            yield _unknown(FindingCode.UNKNOWN_PARAMETER, at, parameter, f"{name} has no parameter", known)


def _refused_parameter_findings(
    described: JobNode, operations: Mapping[str, DocumentOperation]
) -> Iterator[Finding]:
    """Yield the parameters with texts of their own that no operation has."""
    known = sorted({str(one.get("name")) for each in operations.values() for one in each.parameters})
    for kind in ("unknown", "parameter"):
        refusal = described.get("refusals", {}).get(kind)
        for name in refusal.get("of", {}) if isinstance(refusal, dict) else ():
            if name not in known:
                at = (*ROOT, "refusals", kind, "of")
                yield _unknown(FindingCode.UNKNOWN_PARAMETER, at, name, "no operation has a parameter", known)


def _upload_name_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    """Yield the parameters of operations on files, and the word, that do not exist."""
    upload = jobs.job
    for key in ("read", "content", "delete"):
        if key in upload:
            yield from _lacking(jobs, (*jobs.at, key), upload[key], [upload["parameter"]])
    described: JSON = jobs.document[EXTENSION]
    lifecycles = described["lifecycles"].values()
    known = [*STATES, *(word for job in lifecycles for word in job.get("states", {}))]
    if upload.get("to", known[0]) not in known:
        at = (*jobs.at, "to")
        yield _unknown(FindingCode.UNKNOWN_WORD, at, upload["to"], "no lifecycle has the word", known)


def _word_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    states = jobs.job.get("states", {})
    known = [*states, *STATES]
    for location, name in state_names(jobs):
        removes = ("deleted", "purged") if location[-1] == "to" else ()
        if name not in (*known, *removes):
            yield _unknown(
                FindingCode.UNKNOWN_WORD, location, name, "`states` has no word", [*known, *removes]
            )
    shown = _shown_words(jobs)
    if not shown:
        return
    at = (*jobs.at, "states")
    for word in [word for word in states if word not in shown]:
        yield _unknown(FindingCode.ABSENT_WORD, (*at, word), word, f"{jobs.reads[0]} never returns", shown)
    for word in [word for word in shown if word not in states and word not in _refused_words(jobs)]:
        yield Finding(
            code=FindingCode.UNMAPPED_WORD,
            message=f"the word {word} of {jobs.reads[0]} has no state",
            pointer=format_pointer(at),
            actual=word,
            expected=", ".join(STATES),
        )


def _shown_words(jobs: DescribedJobs) -> list[str]:
    """Return the words that the document has at the place of the state."""
    read = jobs.job.get("read", {})
    places = [read["state"]] if isinstance(read.get("state"), str) else read.get("state", [])
    words: list[str] = []
    for place in places:
        operation = jobs.operations[read["operation"]]
        for _, response in operation.success_responses():
            for schema in expression_schemas(place, operation, response, jobs.document):
                enum = schema.get("enum", [])
                constant = [schema["const"]] if "const" in schema else []
                words += [
                    str(one)
                    for one in [*(enum if isinstance(enum, list) else []), *constant]
                    if one is not None
                ]
    return [*dict.fromkeys(words)]


def _refused_words(jobs: DescribedJobs) -> set[str]:
    """Return the words with which the API refuses, in responses like those of the read operation."""
    described: JSON = jobs.document[EXTENSION]
    refusals = [one for one in described.get("refusals", {}).values() if isinstance(one, dict)]
    return {str(text) for one in refusals for text in one.get("write", {}).values()}


def _share_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    """Yield the states whose words have more than all of the time."""
    shares: dict[str, float] = {}
    for word in jobs.job.get("states", {}).values():
        if isinstance(word, dict) and isinstance(word["means"], str):
            shares[word["means"]] = shares.get(word["means"], 0.0) + word.get("share", 0.0)
    for state, share in shares.items():
        if share > 1 + 1e-9:
            yield Finding(
                code=FindingCode.INVALID_LIFECYCLE,
                message=f"the words for {state} share {share:g} of its time; at most 1 is allowed",
                pointer=format_pointer((*jobs.at, "states")),
                actual=share,
            )


def _delivery_findings(jobs: DescribedJobs) -> Iterator[Finding]:
    webhooks = as_mapping(jobs.document.get("webhooks"))
    bodies: list[tuple[Location, list[Node]]] = []
    for at, hook in jobs.deliveries():
        named = [((*at, "events", state), key) for state, key in hook.get("events", {}).items()]
        named += [((*at, "webhook"), hook["webhook"])] if "webhook" in hook else []
        for location, name in named:
            if name not in webhooks:
                yield _unknown(
                    FindingCode.UNKNOWN_WEBHOOK, location, name, "the document has no webhook", webhooks
                )
        items = [as_mapping(webhooks[key]) for _, key in named if key in webhooks]
        if "callback" in hook:
            callbacks = [one for name in jobs.submits for one in _callbacks(jobs, name).items()]
            items += [item for name, item in callbacks if name == hook["callback"]]
            if not items:
                known = [name for name, _ in callbacks]
                message = f"no operation of {', '.join(jobs.submits)} has the callback"
                yield _unknown(
                    FindingCode.UNKNOWN_WEBHOOK, (*at, "callback"), hook["callback"], message, known
                )
        bodies.append((at, items))
        yield from _target_findings(jobs, at, hook)
    for location, pointer in pointers_of_values(jobs):
        for items in [items for at, items in bodies if location[: len(at)] == at]:
            yield from _body_findings(jobs, location, pointer, items)


def _target_findings(jobs: DescribedJobs, at: Location, hook: JobNode) -> Iterator[Finding]:
    sign = hook.get("sign")
    fields = {"target": hook["target"], "secret": sign["secret"] if isinstance(sign, dict) else {}}
    for key, node in fields.items():
        field, query = node.get("field", ""), node.get("query", "")
        place = f"$request.body#/{field.removeprefix('/')}" if field else f"$request.query.{query}"
        if (field or query) and not has_field(jobs, place):
            yield Finding(
                code=FindingCode.UNKNOWN_PLACE,
                message=f"{place} is in no request of {', '.join(jobs.submits)}",
                pointer=format_pointer((*at, "target") if key == "target" else (*at, "sign", "secret")),
                actual=place,
            )


def _body_findings(
    jobs: DescribedJobs, location: Location, pointer: str, items: list[Node]
) -> Iterator[Finding]:
    bodies = [resolve(as_mapping(item.get("post")).get("requestBody"), jobs.document) for item in items]
    if not all(schemas_within(body, parse_pointer(pointer), jobs.document) for body in bodies):
        yield Finding(
            code=FindingCode.UNKNOWN_PLACE,
            message=f"{pointer} is not in the body of each webhook",
            pointer=format_pointer(location),
            actual=pointer,
        )


def _callbacks(jobs: DescribedJobs, name: str) -> dict[str, Node]:
    """Return the callbacks of an operation by name, each as its path item."""
    operation = jobs.operations[name]
    item = resolve(as_mapping(jobs.document["paths"])[operation.path], jobs.document)
    callbacks = as_mapping(as_mapping(item[operation.method]).get("callbacks"))
    resolved = {key: resolve(value, jobs.document) for key, value in callbacks.items()}
    return {key: as_mapping(next(iter(value.values()), {})) for key, value in resolved.items()}


def _unknown(code: FindingCode, at: Location, name: str, message: str, known: Iterable[str]) -> Finding:
    return Finding(
        code=code,
        message=f"{message} {name}",
        pointer=format_pointer(at),
        actual=name,
        candidates=closest(name, known),
    )
