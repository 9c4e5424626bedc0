"""Readers of lifecycles for client, mock server and generator; standard library only.

The lifecycles of an API are declared in its document under `x-async-jobs`, as docs/lifecycles.md specifies;
`async-jobs.schema.json` is the JSON Schema. All names are imported from here; each is loaded on first use.
Which module to open:

- `_jobs`: all of `x-async-jobs`, and one lifecycle.
- `_operations`: operations that submit, read, list and change jobs; `_ids`: the id of a job in responses.
- `_accepts`: which inputs a submission may have.
- `_results`, `_uploads`, `_deliveries`, `_streams`: what a job gives, takes, sends and shows while it runs.
- `_words`: the API's words for states; `_states`: the five states.
- `_limits`: how long jobs take, are waited for and may take; `_refusals`: how requests are refused;
  `_rates`: headers of rate limits.
- `_values`: what the server writes about a job; `_record`: the base class of all values.
- `_conditions`: conditions on requests; `_places`: where values are.
- `_api_table`: what a generated client knows of an API.
- `_async_jobs`: reads a document as these types, with `_read_operations`, `_read_results`, `_read_words`,
  `_read_deliveries` and `_nodes`.
- `_messages`: the parts of requests and responses that places and conditions read.
- `_durations`: the ISO 8601 durations in it.
- `_expressions`: OpenAPI runtime expressions such as `$response.body#/data/id`, parsed and evaluated.
- `_pointers`: JSON Pointers (RFC 6901).
- `_paths`: the JSONPaths of lists: names and `[*]`.
- `_examples`: values that match a schema, for example responses, minimal requests and satisfiability checks.
- `_bounds`: the numbers among them.

This package imports no other package of the project.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_lifecycle._accepts import AcceptedInput
    from safelight_lifecycle._api_table import ApiTable, KeyLocation, KeyPlace, RequestTemplate
    from safelight_lifecycle._async_jobs import EXTENSION, read_async_jobs
    from safelight_lifecycle._conditions import Condition
    from safelight_lifecycle._deliveries import (
        BodyOf,
        DeliveryRule,
        EventFilter,
        RetryRule,
        Secret,
        SecretSource,
        Signature,
        SignatureScheme,
        Unsigned,
    )
    from safelight_lifecycle._durations import parse_duration, parse_seconds
    from safelight_lifecycle._examples import media_example, schema_example
    from safelight_lifecycle._expressions import (
        Expression,
        ExpressionSource,
        evaluate_expression,
        parse_expression,
    )
    from safelight_lifecycle._ids import JobIds, chosen_id, find_job_id, url_parameters
    from safelight_lifecycle._jobs import AsyncJobs, Lifecycle
    from safelight_lifecycle._limits import Concurrency, Deadline, Idempotency, Timing, Wait
    from safelight_lifecycle._messages import RequestParts, ResponseParts
    from safelight_lifecycle._operations import (
        JobList,
        JobMove,
        JobRead,
        Paging,
        PagingKind,
        Removal,
        Submission,
    )
    from safelight_lifecycle._paths import parse_path, select_values
    from safelight_lifecycle._places import Places, ValueReader, first_value
    from safelight_lifecycle._pointers import (
        JSON,
        follow_tokens,
        format_pointer,
        is_array_index,
        parse_pointer,
        value_at,
        with_value_at,
    )
    from safelight_lifecycle._rates import RateHeaders
    from safelight_lifecycle._record import Record
    from safelight_lifecycle._refusals import Refusal, RefusalKind, Refusals
    from safelight_lifecycle._results import FileContent, JobInput, JobResult, ResultKind
    from safelight_lifecycle._states import State
    from safelight_lifecycle._streams import Stream, StreamData
    from safelight_lifecycle._uploads import FileList, Upload
    from safelight_lifecycle._values import (
        ByWord,
        Constant,
        JobValue,
        NamedResult,
        OperationUrl,
        Pointer,
        Since,
        Value,
    )
    from safelight_lifecycle._words import StateSet, Word, Words, WordState, by_word

    __version__: str

__all__ = [
    "EXTENSION",
    "JSON",
    "AcceptedInput",
    "ApiTable",
    "AsyncJobs",
    "BodyOf",
    "ByWord",
    "Concurrency",
    "Condition",
    "Constant",
    "Deadline",
    "DeliveryRule",
    "EventFilter",
    "Expression",
    "ExpressionSource",
    "FileContent",
    "FileList",
    "Idempotency",
    "JobIds",
    "JobInput",
    "JobList",
    "JobMove",
    "JobRead",
    "JobResult",
    "JobValue",
    "KeyLocation",
    "KeyPlace",
    "Lifecycle",
    "NamedResult",
    "OperationUrl",
    "Paging",
    "PagingKind",
    "Places",
    "Pointer",
    "RateHeaders",
    "Record",
    "Refusal",
    "RefusalKind",
    "Refusals",
    "Removal",
    "RequestParts",
    "RequestTemplate",
    "ResponseParts",
    "ResultKind",
    "RetryRule",
    "Secret",
    "SecretSource",
    "Signature",
    "SignatureScheme",
    "Since",
    "State",
    "StateSet",
    "Stream",
    "StreamData",
    "Submission",
    "Timing",
    "Unsigned",
    "Upload",
    "Value",
    "ValueReader",
    "Wait",
    "Word",
    "WordState",
    "Words",
    "by_word",
    "chosen_id",
    "evaluate_expression",
    "find_job_id",
    "first_value",
    "follow_tokens",
    "format_pointer",
    "is_array_index",
    "media_example",
    "parse_duration",
    "parse_expression",
    "parse_path",
    "parse_pointer",
    "parse_seconds",
    "read_async_jobs",
    "schema_example",
    "select_values",
    "url_parameters",
    "value_at",
    "with_value_at",
]

_MODULES = {
    "AcceptedInput": "safelight_lifecycle._accepts",
    "ApiTable": "safelight_lifecycle._api_table",
    "AsyncJobs": "safelight_lifecycle._jobs",
    "BodyOf": "safelight_lifecycle._deliveries",
    "ByWord": "safelight_lifecycle._values",
    "Concurrency": "safelight_lifecycle._limits",
    "Condition": "safelight_lifecycle._conditions",
    "Constant": "safelight_lifecycle._values",
    "Deadline": "safelight_lifecycle._limits",
    "DeliveryRule": "safelight_lifecycle._deliveries",
    "EXTENSION": "safelight_lifecycle._async_jobs",
    "EventFilter": "safelight_lifecycle._deliveries",
    "Expression": "safelight_lifecycle._expressions",
    "ExpressionSource": "safelight_lifecycle._expressions",
    "FileContent": "safelight_lifecycle._results",
    "FileList": "safelight_lifecycle._uploads",
    "Idempotency": "safelight_lifecycle._limits",
    "JSON": "safelight_lifecycle._pointers",
    "JobIds": "safelight_lifecycle._ids",
    "JobInput": "safelight_lifecycle._results",
    "JobList": "safelight_lifecycle._operations",
    "JobMove": "safelight_lifecycle._operations",
    "JobRead": "safelight_lifecycle._operations",
    "JobResult": "safelight_lifecycle._results",
    "JobValue": "safelight_lifecycle._values",
    "KeyLocation": "safelight_lifecycle._api_table",
    "KeyPlace": "safelight_lifecycle._api_table",
    "Lifecycle": "safelight_lifecycle._jobs",
    "NamedResult": "safelight_lifecycle._values",
    "OperationUrl": "safelight_lifecycle._values",
    "Paging": "safelight_lifecycle._operations",
    "PagingKind": "safelight_lifecycle._operations",
    "Places": "safelight_lifecycle._places",
    "Pointer": "safelight_lifecycle._values",
    "RateHeaders": "safelight_lifecycle._rates",
    "Record": "safelight_lifecycle._record",
    "Refusal": "safelight_lifecycle._refusals",
    "RefusalKind": "safelight_lifecycle._refusals",
    "Refusals": "safelight_lifecycle._refusals",
    "Removal": "safelight_lifecycle._operations",
    "RequestParts": "safelight_lifecycle._messages",
    "RequestTemplate": "safelight_lifecycle._api_table",
    "ResponseParts": "safelight_lifecycle._messages",
    "ResultKind": "safelight_lifecycle._results",
    "RetryRule": "safelight_lifecycle._deliveries",
    "Secret": "safelight_lifecycle._deliveries",
    "SecretSource": "safelight_lifecycle._deliveries",
    "Signature": "safelight_lifecycle._deliveries",
    "SignatureScheme": "safelight_lifecycle._deliveries",
    "Since": "safelight_lifecycle._values",
    "State": "safelight_lifecycle._states",
    "StateSet": "safelight_lifecycle._words",
    "Stream": "safelight_lifecycle._streams",
    "StreamData": "safelight_lifecycle._streams",
    "Submission": "safelight_lifecycle._operations",
    "Timing": "safelight_lifecycle._limits",
    "Unsigned": "safelight_lifecycle._deliveries",
    "Upload": "safelight_lifecycle._uploads",
    "Value": "safelight_lifecycle._values",
    "ValueReader": "safelight_lifecycle._places",
    "Wait": "safelight_lifecycle._limits",
    "Word": "safelight_lifecycle._words",
    "WordState": "safelight_lifecycle._words",
    "Words": "safelight_lifecycle._words",
    "by_word": "safelight_lifecycle._words",
    "chosen_id": "safelight_lifecycle._ids",
    "evaluate_expression": "safelight_lifecycle._expressions",
    "find_job_id": "safelight_lifecycle._ids",
    "first_value": "safelight_lifecycle._places",
    "follow_tokens": "safelight_lifecycle._pointers",
    "format_pointer": "safelight_lifecycle._pointers",
    "is_array_index": "safelight_lifecycle._pointers",
    "media_example": "safelight_lifecycle._examples",
    "parse_duration": "safelight_lifecycle._durations",
    "parse_expression": "safelight_lifecycle._expressions",
    "parse_path": "safelight_lifecycle._paths",
    "parse_pointer": "safelight_lifecycle._pointers",
    "parse_seconds": "safelight_lifecycle._durations",
    "read_async_jobs": "safelight_lifecycle._async_jobs",
    "schema_example": "safelight_lifecycle._examples",
    "select_values": "safelight_lifecycle._paths",
    "url_parameters": "safelight_lifecycle._ids",
    "value_at": "safelight_lifecycle._pointers",
    "with_value_at": "safelight_lifecycle._pointers",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
