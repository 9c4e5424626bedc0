"""The SDK of Azure AI Document Intelligence, with the poller of azure-core, against its example."""

import pytest
from tests.sdks.conftest import Run, Served, Start

pytestmark = [pytest.mark.sdks, pytest.mark.slow]

NAME = "azure-document-intelligence"


@pytest.fixture(scope="module")
def run(start: Start) -> Run:
    return start(NAME, "azure_sdk.py", base=at_root, options={f"{NAME}.host": "localhost"})


def at_root(server: Served) -> str:
    """Return an endpoint whose paths begin with `/documentintelligence`: the SDK reads the id by that."""
    return server.origin.replace("127.0.0.1", "localhost")


def test_a_document_is_polled_to_its_analysis(run: Run) -> None:
    analysis = run.seen["analysis"]

    assert run.seen["statuses"][1] == "succeeded"
    assert analysis == {"model": "prebuilt-layout", "content": "Good morning.", "version": "2024-11-30"}


def test_the_pdf_and_the_figure_of_an_analysis_are_downloaded(run: Run) -> None:
    assert (run.folder / "document.pdf").read_bytes().startswith(b"%PDF")
    assert (run.folder / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_a_deleted_analysis_is_not_found(run: Run) -> None:
    assert run.seen["deleted"][:2] == ["ResourceNotFoundError", 404]


def test_polling_is_resumed_by_a_continuation_token(run: Run) -> None:
    assert run.seen["resumed"] == "Good morning."


def test_a_document_is_sent_as_base64(run: Run) -> None:
    assert run.seen["sent"] == "Good morning."


def test_a_failed_or_cancelled_analysis_raises(run: Run) -> None:
    assert run.seen["failed"][0] == "HttpResponseError"
    assert run.seen["failed"][2]
    assert run.seen["canceled"][0] == "HttpResponseError"


def test_a_batch_is_polled_and_listed(run: Run) -> None:
    assert run.seen["batch"]["succeededCount"] == 2
    assert [status for _, status in run.seen["batches"]] == ["succeeded"]


def test_a_wrong_key_is_refused(run: Run) -> None:
    assert run.seen["refused"][:2] == ["ClientAuthenticationError", 401]
