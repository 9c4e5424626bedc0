"""Which function handles which operation of a lifecycle."""

from collections.abc import Iterator, Mapping
from functools import partial

from safelight_lifecycle import Signature, Submission
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.notifications import respond_with_secret
from safelight_mock.vendors.generic.operations import lists, moves, reads, results, streams, submit
from safelight_mock.wire.vendor import Handler


def job_handlers(kinds: Mapping[str, JobKind]) -> Iterator[tuple[str, Handler]]:
    """Yield the handlers of all operations of lifecycles; where two have the same, the later counts."""
    for kind in kinds.values():
        yield from _secrets(kind)
        yield from _results(kind)
        yield from _moves(kind)
        listing, read = kind.lifecycle.listing, kind.lifecycle.read
        if listing is not None:
            yield listing.operation, lists.JobLists(kind=kind, rule=listing).respond
        if read is not None:
            yield read.operation, partial(reads.read, kind, read.operation)
        if kind.lifecycle.stream is not None and kind.lifecycle.stream.operation:
            rule = kind.lifecycle.stream
            yield rule.operation, partial(streams.stream, kind, rule)
        if kind.lifecycle.input is not None:
            operation = kind.lifecycle.input.operation
            yield operation, partial(reads.show, kind, operation)
        for submission in kind.lifecycle.submit:
            yield submission.operation, partial(submit.submit, kind, submission)
        for operation in kind.lifecycle.sync:
            handle = partial(submit.submit_and_wait, kind, Submission(operation=operation))
            yield operation, handle


def _results(kind: JobKind) -> Iterator[tuple[str, Handler]]:
    lifecycle = kind.lifecycle
    others = (one.result for one in lifecycle.submit if one.result is not None)
    first = () if lifecycle.result is None else (lifecycle.result,)
    for result in (*first, *others, *lifecycle.results.values()):
        if result.operation:
            handler = results.ResultOperation(kind=kind, operation=result.operation)
            yield result.operation, handler.respond


def _secrets(kind: JobKind) -> Iterator[tuple[str, Handler]]:
    for sign in (one.sign for one in kind.lifecycle.deliver):
        if isinstance(sign, Signature) and sign.secret.operation:
            yield sign.secret.operation, partial(respond_with_secret, kind, sign.secret)


def _moves(kind: JobKind) -> Iterator[tuple[str, Handler]]:
    for one in reversed(kind.lifecycle.moves):  # the first of an operation counts
        handle = moves.move_all if one.every else moves.move
        yield one.operation, partial(handle, kind, one.operation)
