"""What of an inference a mock server plays: all but doubtful submissions beside certain ones."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from safelight_openapi._infer.facts import Draft, Fact, Inference, plain
from safelight_openapi._reading.documents import JSONValue

_OPTIONAL = ("deliver", "list", "result", "moves", "errors")
Problems = Callable[[dict[str, JSONValue]], Iterable[str]]


def playable_jobs(
    inference: Inference, problems: Problems
) -> tuple[dict[str, JSONValue], tuple[str, ...], dict[str, str]]:
    """Return an `x-async-jobs` without problems, its lifecycles, and the first problem of each other one.

    `problems` yields what is wrong with an extension. What is doubtful is played, as a doubtful result is
    better than none; but a doubtful submission may create something else than a job.
    """
    lifecycles = {
        name: plain(_without_doubtful_submissions(draft)) for name, draft in inference.drafts.items()
    }
    whole = _extension(inference, lifecycles)
    if not any(True for _ in problems(whole)):
        return whole, (*lifecycles,), {}
    kept: dict[str, JSONValue] = {}
    left_out: dict[str, str] = {}
    for name, lifecycle in lifecycles.items():
        tried = [
            (part, next(iter(problems(_extension(inference, {name: part}))), ""))
            for part in _with_less_and_less(lifecycle)
        ]
        usable = [part for part, problem in tried if not problem]
        if usable:
            kept[name] = usable[0]
        else:
            left_out[name] = tried[0][1]
    return _extension(inference, kept), (*kept,), left_out


def _with_less_and_less(lifecycle: JSONValue) -> Iterator[JSONValue]:
    """Yield a lifecycle, then without each of what it can do without, then without all of it."""
    whole = lifecycle if isinstance(lifecycle, dict) else {}
    yield whole
    for dropped in (*((key,) for key in _OPTIONAL if key in whole), _OPTIONAL):
        yield {key: value for key, value in whole.items() if key not in dropped}


def _extension(inference: Inference, lifecycles: Mapping[str, JSONValue]) -> dict[str, JSONValue]:
    refusals = {"refusals": plain(inference.refusals)} if inference.refusals else {}
    return {"version": "2", "lifecycles": {**lifecycles}, **refusals}


def _without_doubtful_submissions(draft: Mapping[str, Draft]) -> Mapping[str, Draft]:
    submissions = draft["submit"]
    listed = [] if isinstance(submissions, Fact | Mapping) else list(submissions)
    certain = [one for one in listed if not _is_doubtful(one)]
    makes_first = any(not isinstance(one, Mapping) or "of" not in one for one in certain)
    return {**draft, "submit": certain if makes_first else listed}


def _is_doubtful(submission: Draft) -> bool:
    operation = submission["operation"] if isinstance(submission, Mapping) else submission
    return isinstance(operation, Fact) and operation.is_doubtful
