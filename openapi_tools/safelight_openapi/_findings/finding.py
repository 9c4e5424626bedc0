"""A finding of a check: what is wrong, where, what is allowed, and the overlay actions that correct it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from safelight_openapi._reading.documents import JSONValue

Action = dict[str, JSONValue]  # one entry of `actions` of an overlay


class Severity(StrEnum):
    """Whether a document with this finding can be used."""

    ERROR = "error"
    WARNING = "warning"


class Subject(StrEnum):
    """What a finding is about."""

    DOCUMENT = "document"
    OVERLAY = "overlay"
    LIFECYCLE = "lifecycle"
    COVERAGE = "coverage"


class FindingCode(StrEnum):
    """The kinds of findings: a name that does not change, and what it is about."""

    UNREADABLE_DOCUMENT = "unreadable-document", Subject.DOCUMENT
    UNRESOLVED_REFERENCE = "unresolved-reference", Subject.DOCUMENT
    EXTERNAL_REFERENCE = "external-reference", Subject.DOCUMENT
    INVALID_DOCUMENT = "invalid-document", Subject.DOCUMENT
    UNSERVABLE_DOCUMENT = "unservable-document", Subject.DOCUMENT  # nothing of it is invalid
    UNKNOWN_SCHEME = "unknown-scheme", Subject.DOCUMENT  # of security
    INVALID_LINK = "invalid-link", Subject.DOCUMENT
    INVALID_EXAMPLE = "invalid-example", Subject.DOCUMENT
    UNSATISFIABLE_BODY = "unsatisfiable-body", Subject.DOCUMENT
    SHARED_TAG = "shared-tag", Subject.DOCUMENT
    INVALID_OVERLAY = "invalid-overlay", Subject.OVERLAY
    REJECTED_ACTION = "rejected-action", Subject.OVERLAY
    UNMATCHED_ACTION = "unmatched-action", Subject.OVERLAY
    REDUNDANT_ACTION = "redundant-action", Subject.OVERLAY
    NO_LIFECYCLE = "no-lifecycle", Subject.LIFECYCLE
    UNKNOWN_VERSION = "unknown-version", Subject.LIFECYCLE
    UNKNOWN_KEY = "unknown-key", Subject.LIFECYCLE
    INVALID_LIFECYCLE = "invalid-lifecycle", Subject.LIFECYCLE
    UNKNOWN_OPERATION = "unknown-operation", Subject.LIFECYCLE
    SHARED_OPERATION = "shared-operation", Subject.LIFECYCLE
    UNKNOWN_PLACE = "unknown-place", Subject.LIFECYCLE
    UNKNOWN_PARAMETER = "unknown-parameter", Subject.LIFECYCLE
    UNKNOWN_WORD = "unknown-word", Subject.LIFECYCLE  # neither a state nor a word of `states`
    ABSENT_WORD = "absent-word", Subject.LIFECYCLE  # in `states`, and not in the document
    UNMAPPED_WORD = "unmapped-word", Subject.LIFECYCLE  # in the document, and not in `states`
    UNKNOWN_WEBHOOK = "unknown-webhook", Subject.LIFECYCLE
    UNCLAIMED_SUBMIT = "unclaimed-submit", Subject.COVERAGE
    UNCLAIMED_READ = "unclaimed-read", Subject.COVERAGE

    subject: Subject

    def __new__(cls, value: str, subject: Subject) -> Self:
        """Make a member; `subject` is what findings with this code concern."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.subject = subject
        return member


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    `pointer` is a JSON pointer into the effective document; for findings about an overlay, into the overlay.
    `fix` are overlay actions that, applied to the effective document in this order, correct it; none where
    only the author can know. `file` and `action` name the overlay that set the value: a check leaves them
    empty, they are added from the provenance.
    """

    code: FindingCode
    message: str  # a sentence without its location and without a full stop
    pointer: str
    actual: JSONValue = None  # what is there
    expected: str = ""  # what would be allowed, in words
    candidates: tuple[str, ...] = ()  # what may be meant, the most likely first
    fix: tuple[Action, ...] = ()
    severity: Severity = Severity.ERROR
    file: str = ""
    action: int | None = None  # of the overlay `file`; counts from 1

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"
