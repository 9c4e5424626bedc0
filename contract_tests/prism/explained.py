"""Where Prism is wrong, by what it says; every row has a minimal case, which test_prisms_own.py shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is wrong with a call: `about` says with what of it, and who alone says so."""

    operation: str
    about: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Patterns of findings that are not faults of ours, and why."""

    operation: str
    about: str
    said: str
    why: str


EXPLAINED: Sequence[Row] = (
    Row(
        operation="^editUploadedImage$",
        about="request, by Prism alone",
        said=r"^body\.data: Request body property data must be object$",
        why="An object in a form is JSON, says OpenAPI 3.1; Prism takes it for the text it is written as.",
    ),
)


def is_explained(complaint: Complaint) -> bool:
    """Return whether a row of the table matches a finding."""
    return any(
        re.search(row.operation, complaint.operation)
        and row.about == complaint.about
        and re.search(row.said, complaint.said)
        for row in EXPLAINED
    )
