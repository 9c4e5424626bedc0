"""Many images in one call: each gets a result or an error, and the batch is done if any of them is."""

from typing import TYPE_CHECKING

import pytest
from tests.mockserver.claid import (
    BATCH,
    CAT,
    COFFEE,
    DAMAGED,
    PICTURE,
    TEXT,
    advance,
    caller,
    fetched,
    finished,
    read_edit,
    request,
    submitted,
    with_options,
)

from safelight_mock import Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("claid/editImageBatch", "claid/readBatch")
def test_a_batch_from_urls_to_results(any_client: "TwinClient") -> None:
    call, requested = caller(any_client), request([COFFEE, CAT], resizing={"width": "50%", "height": "50%"})

    taken = call("POST", BATCH, json=requested).json()["data"]
    advance(any_client, 0.6)
    working = read_edit(call, taken["id"], BATCH)
    advance(any_client, 10)
    done = read_edit(call, taken["id"], BATCH)

    assert [result["status"] for result in (taken, working, done)] == ["ACCEPTED", "PROCESSING", "DONE"]
    assert taken["result_url"].endswith(f"/claid/v1{BATCH}/{taken['id']}")
    assert (working["results"], working["errors"]) == ([], [])
    assert done["request"] == requested
    outputs = [pair["output_object"] for pair in done["results"]]
    assert [(output["width"], output["height"]) for output in outputs] == [(300, 200), (226, 150)]
    assert [fetched(any_client, output).status_code for output in outputs] == [200, 200]
    assert "result" not in done


@pytest.mark.fidelity("claid/readBatch")
@pytest.mark.parametrize("images", [[DAMAGED, TEXT, COFFEE], [COFFEE, DAMAGED, TEXT]])
def test_failed_images_of_a_batch_are_errors_beside_the_other_results(
    client: "TwinClient", images: list[str]
) -> None:
    result = finished(client, request(images), BATCH)

    assert result["status"] == "DONE"
    assert [pair["input_object"] for pair in result["results"]] == [PICTURE]
    assert {error["error"]: error["input_object"] for error in result["errors"]} == {
        "Input image is damaged.": PICTURE,
        "Input file is not an image.": None,
    }


def test_a_batch_with_one_result_succeeds(client: "TwinClient") -> None:
    result = finished(client, request([TEXT, COFFEE]), BATCH)

    jobs = client.request("GET", "/_safelight/jobs").json()
    assert [job["state"] for job in jobs if job["id"] == str(result["id"])] == ["succeeded"]


@pytest.mark.fidelity("claid/readBatch")
@pytest.mark.parametrize("images", [[DAMAGED, TEXT], [TEXT], [DAMAGED]])
def test_a_batch_without_results_fails(client: "TwinClient", images: list[str]) -> None:
    result = finished(client, request(images), BATCH)

    assert (result["status"], result["results"], len(result["errors"])) == ("ERROR", [], len(images))


def test_an_image_that_is_named_twice_is_edited_twice(client: "TwinClient") -> None:
    result = finished(client, request([CAT, CAT]), BATCH)

    assert len({pair["output_object"]["tmp_url"] for pair in result["results"]}) == 2


@pytest.mark.fidelity("claid/editImageBatch")
def test_one_url_is_a_batch_of_one(client: "TwinClient") -> None:
    alone, source = (
        finished(client, request(image), BATCH) for image in (CAT, {"source": CAT, "recursive": True})
    )

    assert [len(result["results"]) for result in (alone, source)] == [1, 1]


@pytest.mark.fidelity("claid:storage")
def test_a_folder_of_an_unknown_storage_fails(client: "TwinClient") -> None:
    result = finished(client, request("storage://shop/new/"), BATCH)

    assert result["status"] == "ERROR"
    assert {error["error"] for error in result["errors"]} == {
        "Unable to find the storage of the input image."
    }


@pytest.mark.fidelity("claid.folder_size")
@with_options(storages="shop", folder_size=2)
def test_a_folder_of_a_connected_storage_has_placeholder_images(configured_client: "TwinClient") -> None:
    result = finished(configured_client, request({"source": "storage://shop/new/"}), BATCH)

    assert (result["status"], len(result["results"])) == ("DONE", 2)


@pytest.mark.fidelity("claid:storage")
def test_results_lie_in_the_folder_of_a_destination_under_their_names(client: "TwinClient") -> None:
    result = finished(client, request([COFFEE, CAT], "storage://shop/done"), BATCH)

    keys = [pair["output_object"]["object_key"] for pair in result["results"]]
    assert keys == ["done/coffee.jpeg", "done/chelsea.jpeg"]


@pytest.mark.fidelity("claid.batch_size")
@with_options(batch_size=2)
def test_a_batch_that_is_too_large_is_refused(configured_client: "TwinClient") -> None:
    response = caller(configured_client)("POST", BATCH, json=request([COFFEE, CAT, COFFEE]))

    assert response.status_code == 422
    assert response.json()["error_details"] == {"input": ["ensure this value has at most 2 items"]}


@pytest.mark.fidelity("claid:words")
@pytest.mark.parametrize(
    ("state_name", "errors"), [("ERROR", ["Processing failed."]), ("CANCELLED", []), ("PAUSED", [])]
)
def test_a_cancelled_batch_has_no_results(client: "TwinClient", state_name: str, errors: list[str]) -> None:
    call = caller(client)
    batch = submitted(call, request([COFFEE]), BATCH)

    client.request("POST", f"/_safelight/jobs/{batch}/move", json={"to": state_name})
    advance(client, 60)
    result = read_edit(call, batch, BATCH)

    assert (result["status"], result["results"]) == (state_name, [])
    assert [error["error"] for error in result["errors"]] == errors


def test_a_paused_batch_ends_after_it_is_resumed(client: "TwinClient") -> None:
    call = caller(client)
    batch = submitted(call, request([DAMAGED, COFFEE]), BATCH)

    for state_name in ("PAUSED", "PROCESSING"):
        client.request("POST", f"/_safelight/jobs/{batch}/move", json={"to": state_name})
        assert read_edit(call, batch, BATCH)["status"] == state_name
        advance(client, 60)
    result = read_edit(call, batch, BATCH)

    assert (result["status"], len(result["results"]), len(result["errors"])) == ("DONE", 1, 1)


@pytest.mark.fidelity("claid:words")
@pytest.mark.parametrize(
    ("state_name", "results", "paid"), [("CANCELLED", 0, 0), ("ERROR", 0, 0), ("DONE", 2, 2)]
)
def test_images_of_a_batch_follow_its_forced_state(
    client: "TwinClient", state_name: str, results: int, paid: int
) -> None:
    call = caller(client)
    advance(client, 0)
    batch = submitted(call, request([COFFEE, DAMAGED, CAT]), BATCH)

    client.request("POST", f"/_safelight/jobs/{batch}/move", json={"to": state_name})

    result = read_edit(call, batch, BATCH)
    (sandbox,) = client.request("GET", "/_safelight/sandboxes").json()
    assert (result["status"], len(result["results"])) == (state_name, results)
    assert (
        len(result["errors"]) == {"DONE": 1, "ERROR": 3, "CANCELLED": 0}[state_name]
    )  # one for each that failed
    assert (sandbox["account"]["paid"], sandbox["account"]["reserved"]) == (paid, 0)


@pytest.mark.fidelity("twin.max_jobs")
@pytest.mark.parametrize("settings", [Settings(seed="tests", max_jobs=4)])
def test_a_full_server_accepts_a_whole_batch_or_none_of_it(configured_client: "TwinClient") -> None:
    call = caller(configured_client)
    advance(configured_client, 0)
    first = submitted(call, request([COFFEE]), BATCH)

    refused = call("POST", BATCH, json=request([COFFEE, CAT]))
    kept = {job["id"] for job in configured_client.request("GET", "/_safelight/jobs").json()}
    advance(configured_client, 60)
    second = submitted(call, request([COFFEE, CAT]), BATCH)

    assert (refused.status_code, kept) == (503, {f"{first}", f"{first}.0"})
    assert len(read_edit(call, second, BATCH)["results"]) == 0
    advance(configured_client, 60)
    assert len(read_edit(call, second, BATCH)["results"]) == 2


def test_an_error_names_the_index_in_a_list(client: "TwinClient") -> None:
    response = caller(client)("POST", BATCH, json=request([COFFEE, "ftp://a.example/b.jpg"]))

    assert response.json()["error_details"] == {
        "input": ["value is not a valid dict", "str type expected"],
        "input.1": ["URL scheme not permitted"],
    }
