"""Complaints of Prism that are wrong, by their message; test_prism_defects.py has a minimal case of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint about a request: `about` names the part, and the validator if only one complains."""

    operation: str
    about: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Patterns of complaints that are not defects of ours, and the reason."""

    operation: str
    about: str
    message: str
    why: str


EXPLAINED: Sequence[Row] = (
    Row(
        operation="^editUploadedImage$",
        about="request, by Prism alone",
        message=r"^body\.data: Request body property data must be object$",
        why="An object in a form is JSON, says OpenAPI 3.1; Prism takes it for the text it is written as.",
    ),
)


def is_explained(complaint: Complaint) -> bool:
    """Return whether a row of the table matches a finding."""
    return any(
        re.search(row.operation, complaint.operation)
        and row.about == complaint.about
        and re.search(row.message, complaint.message)
        for row in EXPLAINED
    )
