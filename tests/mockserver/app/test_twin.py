"""Keys, sandboxes, bounds and bugs of a whole twin."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from msgspec.structs import replace
from tests.mockserver.stored import sandboxes

from safelight_mock import MockServer, Settings, Twin, TwinTransport
from safelight_mock.core import Engine
from safelight_mock.wire import Handler, Kind, Request, Response
from safelight_mock.wire.errors import Errors, ErrorTemplate

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

BASE = "/topaz/image/v1"
KEY = {"X-API-Key": "k"}


@contextmanager
def served(settings: Settings) -> Iterator[httpx.Client]:
    twin = Twin(settings, real=lambda: 1_800_000_000.0)
    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}", headers=KEY) as opened:
        yield opened
    twin.close()


def submit(to: httpx.Client, image: bytes) -> httpx.Response:
    return to.post("/enhance/async", files={"image": ("a.jpg", image)})


@pytest.mark.fidelity("topaz/404", "twin:sandbox")
def test_each_key_has_a_sandbox_of_its_own(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    other = {"X-API-Key": "another"}

    for method, path in (("GET", "status"), ("DELETE", "status"), ("GET", "download"), ("DELETE", "cancel")):
        assert client.call(method, f"/{path}/{process_id}", headers=other).status_code == 404
    assert client.call("GET", "/status", headers=other).json() == []
    assert client.call("GET", f"/status/{process_id}").status_code == 200


@pytest.mark.fidelity("twin:sandbox", "topaz:source-id")
def test_a_source_of_another_key_is_unknown(client: "TwinClient", photo: bytes) -> None:
    source_id = client.call("GET", f"/status/{client.submit(photo)}").json()["source_id"]

    response = client.call(
        "POST", "/enhance/async", files={"source_id": (None, source_id)}, headers={"X-API-Key": "another"}
    )

    assert response.status_code == 400


@pytest.mark.fidelity("twin.api_keys")
def test_a_twin_can_be_limited_to_listed_keys() -> None:
    with served(Settings(api_keys=frozenset({"right"}))) as to:
        assert to.get("/status").status_code == 401
        assert to.get("/status", headers={"X-API-Key": "right"}).status_code == 200


@pytest.mark.fidelity("twin:secrecy")
def test_neither_logs_nor_links_nor_settings_show_a_key(
    client: "TwinClient", photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    secret = {"X-API-Key": "a-very-secret-key"}
    with caplog.at_level(logging.DEBUG):
        process_id = client.call(
            "POST", "/enhance/async", files={"image": ("a", photo)}, headers=secret
        ).json()["process_id"]
        client.twin.advance(3, vendor="topaz", key="a-very-secret-key")
        link = client.call("GET", f"/download/{process_id}", headers=secret).json()["download_url"]

    settings = Settings(api_keys=frozenset({"a-very-secret-key"}))
    assert "very-secret" not in f"{caplog.text}{link}{settings!r}{sandboxes(client.twin)!r}"


@pytest.mark.fidelity("twin.seed")
def test_the_same_seed_and_calls_give_the_same_answers(photo: bytes) -> None:
    result = []
    for _ in range(2):
        with served(Settings(seed="same")) as to:
            result.append(submit(to, photo).json())

    assert result[0] == result[1]


def test_two_twins_in_one_process_do_not_notice_each_other(photo: bytes) -> None:
    with served(Settings(seed="one")) as one, served(Settings(seed="two")) as two:
        process_id = submit(one, photo).json()["process_id"]

        assert two.get(f"/status/{process_id}").status_code == 404


@pytest.mark.fidelity("topaz:503", "twin.max_jobs")
def test_a_full_sandbox_rejects_submissions_and_keeps_its_jobs(photo: bytes) -> None:
    with served(Settings(max_jobs=2)) as to:
        taken = [submit(to, photo).json()["process_id"] for _ in range(2)]

        refused = submit(to, photo)

        assert refused.status_code == 503
        assert "all 2 jobs are in progress: delete some, or raise --max-jobs" in refused.json()["message"]
        assert [result["process_id"] for result in to.get("/status").json()] == taken


@pytest.mark.fidelity("topaz:503", "twin.max_storage")
def test_a_full_storage_rejects_uploads_and_keeps_its_files(photo: bytes) -> None:
    with served(Settings(max_storage=len(photo) + 10)) as to:
        process_id = submit(to, photo).json()["process_id"]

        refused = submit(to, photo[:-2] + b"xx")

        assert refused.status_code == 503
        assert "storage" in refused.json()["message"]
        assert to.get(f"/status/{process_id}").status_code == 200


@pytest.mark.fidelity("twin.max_jobs")
def test_a_full_twin_evicts_the_oldest_ended_job(photo: bytes) -> None:
    twin = Twin(Settings(max_jobs=2), real=lambda: 1_800_000_000.0)
    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}", headers=KEY) as to:
        taken = [submit(to, photo).json()["process_id"] for _ in range(2)]
        twin.advance(5, vendor="topaz", key="k")

        third = submit(to, photo).json()["process_id"]
        kept = [result["process_id"] for result in to.get("/status").json()]
    twin.close()

    assert kept == [taken[1], third]


@pytest.mark.fidelity("twin.max_sandboxes")
def test_a_new_key_evicts_the_least_recently_used_idle_sandbox(photo: bytes) -> None:
    with served(Settings(max_sandboxes=2)) as to:
        busy = submit(to, photo).json()["process_id"]
        for key in ("second", "third", "fourth"):
            assert to.get("/status", headers={"X-API-Key": key}).status_code == 200

        assert to.get(f"/status/{busy}").status_code == 200


@pytest.mark.fidelity("topaz:503", "twin.max_sandboxes")
def test_a_new_key_cannot_submit_while_every_sandbox_is_busy(photo: bytes) -> None:
    with served(Settings(max_sandboxes=1)) as to:
        submit(to, photo)

        second = {"X-API-Key": "second"}
        assert to.get("/status", headers=second).json() == []
        refused = to.post("/enhance/async", files={"image": ("a.jpg", photo)}, headers=second)
        assert refused.status_code == 503


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"clock_rate": 1e300}, "clock_rate must be at most 1e[+]06, not 1e[+]300"),
        ({"job_speedup": 1e-300}, "job_speedup must be at least 1e-06, not 1e-300"),
    ],
)
def test_a_clock_cannot_be_advanced_beyond_the_last_date(chosen: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Settings(**chosen)  # type: ignore[arg-type] # whatever settings there are


@pytest.mark.parametrize("name", ["job_speedup", "max_jobs", "max_storage", "max_sandboxes", "body_timeout"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_settings_reject_invalid_numbers(name: str, value: float) -> None:
    with pytest.raises((TypeError, ValueError), match=f"{name} must be a (whole )?number above zero"):
        Settings(**{name: value})  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize("value", [-1.0, 0.0, float("nan"), float("inf"), "big"])
def test_an_invalid_vendor_setting_is_rejected(value: float | str) -> None:
    with pytest.raises(ValueError, match=r"is not between|is not a number"):
        Twin(Settings(options={"topaz.automatic_scale": value}))


@pytest.mark.fidelity("twin.options")
def test_an_unknown_vendor_setting_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"unknown setting 'topaz\.colour'"):
        Twin(Settings(options={"topaz.colour": 1}))


@pytest.mark.fidelity("topaz.automatic_scale")
def test_a_vendor_setting_has_effect(photo: bytes) -> None:
    with served(Settings(options={"topaz.automatic_scale": 3.0})) as to:
        result = to.get(f"/status/{submit(to, photo).json()['process_id']}").json()

    assert result["output_width"] == 3 * result["input_width"]


@pytest.mark.fidelity("twin.strict")
def test_a_strict_twin_accepts_only_what_the_document_describes(photo: bytes) -> None:
    with served(Settings(strict=True)) as to:
        for field, value, status in (
            ("model", "Wonder 3", 400),
            ("model", "CGI", 200),
            ("output_width", "0", 400),
            ("crop_to_fill", "True", 400),
            ("crop_to_fill", "true", 200),
        ):
            response = to.post("/enhance/async", files={"image": ("a.jpg", photo)}, data={field: value})
            assert (response.status_code, field, value) == (status, field, value)


@contextmanager
def broken(handler: Handler, *, check: bool = True) -> Iterator[httpx.Client]:
    """A twin one of whose handlers is wrong."""
    twin = Twin(Settings(validate_responses=check))
    topaz = twin.served["topaz"]
    vendor = replace(topaz.vendor, handlers={"getAllStatuses": handler})
    twin.served["topaz"] = replace(topaz, served=replace(topaz.served, make=lambda: vendor))
    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}", headers=KEY) as opened:
        yield opened
    twin.close()


@pytest.mark.internal_error
@pytest.mark.fidelity("twin.validate_responses")
def test_a_response_that_violates_the_document_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    with broken(lambda _engine, _call: Response.json(200, [{"process_id": 7}])) as to:
        response = to.get("/status")

    assert response.status_code == 500
    assert response.json()["message"].startswith("An internal server error occurred.")
    assert "getAllStatuses" in caplog.text


@pytest.mark.fidelity("twin.validate_responses")
def test_response_validation_can_be_disabled() -> None:
    with broken(lambda _engine, _call: Response.json(200, [{"process_id": 7}]), check=False) as to:
        assert to.get("/status").json() == [{"process_id": 7}]


@pytest.mark.internal_error
@pytest.mark.fidelity("topaz/500")
def test_a_bug_of_ours_is_a_500_with_a_trace_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def stumble(_engine: Engine, _call: Request) -> Response:
        raise RuntimeError("stumbled")

    with broken(stumble) as to:
        assert to.get("/status").status_code == 500

    assert "RuntimeError: stumbled" in caplog.text


def test_many_threads_share_one_twin(photo: bytes) -> None:
    with served(Settings()) as to, ThreadPoolExecutor(8) as pool:
        ids = [response.json()["process_id"] for response in pool.map(lambda _: submit(to, photo), range(40))]

        assert sorted(ids) == sorted(result["process_id"] for result in to.get("/status").json())


def test_a_submission_creates_one_job_at_any_speed(photo: bytes) -> None:
    with served(Settings(job_speedup=1e12)) as to:
        process_id = submit(to, photo).json()["process_id"]

        assert [result["process_id"] for result in to.get("/status").json()] == [process_id]


def test_unused_files_are_evicted(photo: bytes) -> None:
    with served(Settings(max_storage=len(photo) + 10)) as to:
        assert (
            to.post("/enhance/async", files={"image": ("a.jpg", photo)}, data={"model": "CGI"}).status_code
            == 200
        )
        process_id = to.get("/status").json()[0]["process_id"]
        to.delete(f"/cancel/{process_id}")
        to.delete(f"/status/{process_id}")

        assert submit(to, photo[:-2] + b"xx").status_code == 200


def test_a_result_that_cannot_be_stored_is_a_503_of_the_file_host(photo: bytes) -> None:
    twin = Twin(Settings(max_storage=len(photo) + 10), real=lambda: 1_800_000_000.0)
    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}", headers=KEY) as to:
        process_id = submit(to, photo).json()["process_id"]
        twin.advance(5, vendor="topaz", key="k")
        link = to.get(f"/download/{process_id}").json()["download_url"]

        response = to.get(link)
    twin.close()

    assert response.status_code == 503
    assert "<Code>SlowDown</Code>" in response.text


@pytest.mark.parametrize("check", [pytest.param(True, marks=pytest.mark.internal_error), False])
def test_error_responses_are_validated_too(check: bool) -> None:  # noqa: FBT001 - pytest gives it
    twin = Twin(Settings(validate_responses=check))
    topaz = twin.served["topaz"]
    pot = ErrorTemplate(status=418, message="")
    errors = Errors(templates={Kind.UNAUTHORIZED: pot, Kind.BAD_BODY: pot})
    teapot = replace(topaz.vendor, errors=errors)
    twin.served["topaz"] = replace(topaz, served=replace(topaz.served, make=lambda: teapot))
    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}") as to:
        answers = {to.get("/status").status_code, to.post("/enhance/async").status_code}
    twin.close()

    assert answers == ({500} if check else {418})


def test_a_rejected_submission_evicts_no_job(photo: bytes) -> None:
    twin = Twin(Settings(max_jobs=1), real=lambda: 1_800_000_000.0)
    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}", headers=KEY) as to:
        process_id = submit(to, photo).json()["process_id"]
        twin.advance(5, vendor="topaz", key="k")

        refused = to.post("/enhance/async", files={"image": ("a.jpg", photo)}, data={"output_width": "-4"})
        kept = to.get(f"/status/{process_id}")
    twin.close()

    assert (refused.status_code, kept.status_code) == (400, 200)


@pytest.mark.fidelity("topaz.quickstart_url")
@pytest.mark.parametrize("result", [True, False])
def test_the_link_can_have_the_name_of_the_quickstart(photo: bytes, result: bool) -> None:  # noqa: FBT001 - pytest gives it
    with served(Settings(options={"topaz.quickstart_url": result})) as to:
        process_id = submit(to, photo).json()["process_id"]

        links = to.get(f"/download/input/{process_id}").json()

    assert links.get("url") == (links["download_url"] if result else None)


def test_a_closed_twin_cannot_be_used(photo: bytes) -> None:
    twin = Twin()
    twin.close()
    twin.close()

    with httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}", headers=KEY) as to:
        uses: list[Callable[[], object]] = [
            lambda: submit(to, photo),
            lambda: twin.advance(1, vendor="topaz", key="k"),
            lambda: twin.snapshot(vendor="topaz", key="k"),
            lambda: twin.fork(vendor="topaz", key="k", to="other"),
            lambda: twin.run_until_response(Request(method="GET", path="/", at=0)),
        ]
        for use in uses:
            with pytest.raises(RuntimeError, match="this Twin is closed; make another one"):
                use()


def test_a_twin_of_a_mock_server_has_settings_and_documents_of_its_own() -> None:
    with closing(Twin()) as twin:
        for wrong in ({"settings": Settings()}, {"specs": ["acme.yaml"]}):
            with pytest.raises(ValueError, match="give twin, or settings and specs: a twin has its own"):
                MockServer(twin=twin, **wrong)
