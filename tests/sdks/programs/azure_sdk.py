"""Analyses by the SDK of Azure AI Document Intelligence and azure-core's poller, as their READMEs show."""

import time
from collections.abc import Callable

from azure.ai.documentintelligence import DocumentIntelligenceClient
from azure.ai.documentintelligence.models import (
    AnalyzeBatchDocumentsRequest,
    AnalyzeDocumentRequest,
    AnalyzeOutputOption,
    AzureBlobContentSource,
)
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError
from harness import BASE_URL, FOLDER, KEY, error_of, force, report, stopped_clock

MODEL = "prebuilt-layout"
DOCUMENT = AnalyzeDocumentRequest(url_source="https://example.com/invoice.pdf")


def connect(key: str) -> DocumentIntelligenceClient:
    """Return a client that does not try again."""
    return DocumentIntelligenceClient(endpoint=BASE_URL, credential=AzureKeyCredential(key), retry_total=0)


def status_of(call: Callable[[], object]) -> list[object]:
    """Return class, status and code of the error that a call raises."""
    error = error_of(call)
    assert isinstance(error, HttpResponseError), error
    return [type(error).__name__, error.status_code, error.error.code if error.error else None, str(error)]


client = connect(KEY)

poller = client.begin_analyze_document(
    MODEL, DOCUMENT, output=[AnalyzeOutputOption.PDF, AnalyzeOutputOption.FIGURES]
)
first_status = poller.status()
analysis = poller.result()
operation = poller.details["operation_id"]
(FOLDER / "document.pdf").write_bytes(
    b"".join(client.get_analyze_result_pdf(model_id=analysis.model_id, result_id=operation))
)
(FOLDER / "figure.png").write_bytes(
    b"".join(
        client.get_analyze_result_figure(
            model_id=analysis.model_id,
            result_id=operation,
            figure_id=(analysis.figures or [])[0].id or "",
        )
    )
)
client.delete_analyze_result(model_id=analysis.model_id, result_id=operation)

token = client.begin_analyze_document(MODEL, DOCUMENT).continuation_token()
resumed = client.begin_analyze_document(MODEL, DOCUMENT, continuation_token=token)

sent = client.begin_analyze_document(MODEL, AnalyzeDocumentRequest(bytes_source=b"%PDF-1.4"))

with stopped_clock("azure-document-intelligence"):
    failing = client.begin_analyze_document(MODEL, DOCUMENT)
    force(failing.details["operation_id"], "failed")
    canceled = client.begin_analyze_document(MODEL, DOCUMENT)
    force(canceled.details["operation_id"], "canceled")

batch = client.begin_analyze_batch_documents(
    MODEL,
    AnalyzeBatchDocumentsRequest(
        azure_blob_source=AzureBlobContentSource(container_url="https://example.com/in"),
        result_container_url="https://example.com/out",
    ),
)
while not batch.done():
    time.sleep(0.1)

report(
    statuses=[first_status, poller.status()],
    analysis={"model": analysis.model_id, "content": analysis.content, "version": analysis.api_version},
    deleted=status_of(lambda: client.get_analyze_result_pdf(model_id=MODEL, result_id=operation)),
    resumed=resumed.result().content,
    sent=sent.result().content,
    failed=status_of(failing.result),
    canceled=status_of(canceled.result),
    batch=batch.result().as_dict(),
    batches=[[one.result_id, one.status] for one in client.list_analyze_batch_results(MODEL)],
    refused=status_of(lambda: connect("invalid").begin_analyze_document(MODEL, DOCUMENT)),
)
