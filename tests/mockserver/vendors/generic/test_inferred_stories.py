"""Jobs of the APIs under examples/ with inferred lifecycles alone, submitted and read until they are over."""

from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.examples.inference import example_document
from tests.mockserver.vendors.generic.examples import KEYS, Served, id_in, state_in
from tests.mockserver.vendors.generic.test_generic_stories import SUBMISSIONS, read

from safelight_lifecycle import State
from safelight_mock import Settings, Spec, Twin, TwinTransport
from safelight_openapi import dump_json, infer_lifecycles

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("name", "_", "operation", "path", "body"), SUBMISSIONS)
def test_a_job_is_played_without_an_overlay(
    name: str, _: str, operation: str, path: str, body: dict[str, Any], tmp_path: Path
) -> None:
    document, _written = example_document(name)
    inferred = infer_lifecycles(document).extension
    assert inferred is not None
    (tmp_path / "api.json").write_text(dump_json({**document, "x-async-jobs": inferred}))

    twin = Twin(Settings(), specs=[Spec(tmp_path / "api.json", name=name)], real=lambda: 1_800_000_000.0)
    headers = {one: "Bearer k" if one == "authorization" else "k" for one in KEYS}
    client = httpx.Client(
        transport=TwinTransport(twin),
        base_url="http://twin",
        headers={**headers, "X-Runway-Version": "2024-11-06"},
    )
    with closing(twin), client:
        api = Served(name, twin, client, "k")
        api.advance(0)
        lifecycle = next(one for one in api.jobs.lifecycles.values() if operation in one.submissions)
        job_id = id_in(lifecycle, operation, api.post(path, body))
        reached = [state_in(lifecycle, read(api, lifecycle, job_id))]
        api.advance(60)
        reached.append(state_in(lifecycle, read(api, lifecycle, job_id)))

    first, last = reached
    assert first is not None
    assert last is not None
    assert (first.state.is_over, last.state) == (False, State.SUCCEEDED)


def test_a_retry_after_that_the_document_alone_describes_may_be_any_text(tmp_path: Path) -> None:
    header = {"Retry-After": {"schema": {"type": "string"}}}
    response = {"description": "Accepted", "headers": header, "content": {"application/json": {}}}
    document: Any = {
        "openapi": "3.1.2",
        "info": {"title": "Exports", "version": "1"},
        "paths": {"/exports": {"post": {"responses": {"202": response}}}},
    }
    (tmp_path / "api.json").write_text(dump_json(document))

    twin = Twin(Settings(), specs=[Spec(tmp_path / "api.json", name="exports")])
    with closing(twin), httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        assert client.post("/exports/exports").status_code == 202
