"""Rejections that are common to all vendors."""

from safelight_mock.wire.problem import Kind, stopping


def test_a_request_that_cannot_be_finished_says_that_the_server_stops() -> None:
    problem = stopping()

    assert (problem.kind, str(problem)) == (Kind.STOPPING, "The mock server is being stopped.")
