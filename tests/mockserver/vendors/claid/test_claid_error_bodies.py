"""How Claid says no where the twin speaks for itself."""

import pytest

from safelight_mock.vendors.claid.errors import PROBLEMS, refuse
from safelight_mock.wire.problem import SPOKEN, Kind, Problem

ENVELOPE = {"error_code", "error_type", "error_message", "error_details"}


@pytest.mark.parametrize("kind", [Kind.NO_ROOM, Kind.NOT_SERVED, Kind.STOPPING])
def test_a_bound_of_the_twin_is_told_in_its_own_words(kind: Kind) -> None:
    reply = refuse(Problem(kind, why="all 5 jobs of this twin are in progress"))

    assert reply.value["error_message"] == "all 5 jobs of this twin are in progress"
    assert reply.value["error_details"] == {}


@pytest.mark.parametrize("kind", sorted(SPOKEN))
def test_every_kind_of_refusal_is_said_in_the_vendors_envelope(kind: Kind) -> None:
    assert set(refuse(Problem(kind, place="x")).value) == ENVELOPE


def test_a_path_tells_the_methods_it_has() -> None:
    reply = refuse(Problem(Kind.WRONG_METHOD, place="POST"))

    assert (reply.status, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_code_that_is_not_published_is_the_status(kind: Kind) -> None:
    said = PROBLEMS[kind]

    assert said.body["error_code"] == ("111" if said.status == 401 else str(said.status))


def test_a_bug_of_ours_looks_like_one() -> None:
    assert refuse(KeyError("a")).status == 500
