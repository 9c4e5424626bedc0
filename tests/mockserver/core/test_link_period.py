"""New links to a result are made for a while; the job may be known for longer."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import Engine, InvalidTransitionError, ResultExpiredError, Sandbox

ENDS = 5.0  # of a job submitted at 0


def at(sandbox: Sandbox, now: float, within: float | None) -> Engine:
    return replace(engine(sandbox, now), lifecycle=replace(LIFECYCLE, linked_for=within))


@pytest.mark.fidelity("topaz.link_hours")
def test_links_are_made_until_their_period_ends() -> None:
    sandbox = Sandbox(name="box", seed="")
    taken = engine(sandbox, 0).submit(job(sandbox))

    assert at(sandbox, ENDS + 19.9, 20).linkable(taken.id).job.id == taken.id
    with pytest.raises(
        ResultExpiredError, match=f"^no new links to the result of job {taken.id}: it ended too long ago$"
    ):
        at(sandbox, ENDS + 20, 20).linkable(taken.id)
    assert at(sandbox, ENDS + 20, 20).result(taken.id).job.id == taken.id


def test_without_such_a_period_links_are_made_while_the_job_exists() -> None:
    sandbox = Sandbox(name="box", seed="")
    taken = engine(sandbox, 0).submit(job(sandbox))

    assert at(sandbox, ENDS + 49, None).linkable(taken.id).job.id == taken.id


def test_a_job_without_a_result_is_rejected_before_its_link_period() -> None:
    sandbox = Sandbox(name="box", seed="")
    taken = engine(sandbox, 0).submit(job(sandbox))

    with pytest.raises(InvalidTransitionError):
        at(sandbox, 1, 0).linkable(taken.id)


def test_a_lifecycle_that_has_no_results_makes_no_links() -> None:
    sandbox = Sandbox(name="box", seed="")
    taken = engine(sandbox, 0).submit(job(sandbox))
    without = replace(engine(sandbox, 9), lifecycle=lifecycle())

    with pytest.raises(InvalidTransitionError):
        without.linkable(taken.id)
