"""Claid.ai's image edit API: edits of one image, asynchronous or not, of an upload, and batches.

- `submit`, `batches`: new edits and batches; `status`: their state, for reads and webhooks
- `edits`: a request in one form; `rules`: what it may not contain; `addresses`, `storage`: URLs in it
- `tasks`: an edit as a job; `sizes`: how large the result is; `recipes`: how it is made
- `responses`: bodies; `errors`: keys, scopes, rate limits and error bodies; `messages`: pydantic's sentences
"""

from safelight_mock.vendors.claid import batches, errors, status, submit
from safelight_mock.vendors.claid.addresses import is_address
from safelight_mock.vendors.claid.edits import AUTO, KEPT, ignored_fields
from safelight_mock.vendors.claid.recipes import recipe
from safelight_mock.vendors.claid.responses import HTTP, HTTPS
from safelight_mock.vendors.claid.tasks import inspect
from safelight_mock.wire.framework import JSON_TYPE, Framework
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.vendor import Vendor
from safelight_mock.wire.webhook_settings import WebhookSettings

CLAID = Vendor(
    slug="claid",
    handlers={
        "editImageAsync": submit.submit,
        "readEdit": status.edit,
        "editImage": submit.edit,
        "editUploadedImage": submit.upload,
        "editImageBatch": batches.submit,
        "readBatch": status.batch,
    },
    framework=Framework(  # FastAPI, as far as was tried with 0.95 and pydantic 1.10
        untyped=JSON_TYPE,
        has_json_suffix=True,
        detects_unicode=True,
        requires_body=True,
        counts_unchosen_files=True,
        redirects_slashes=True,
        formats={"uri": is_address},
    ),
    recipe=recipe,
    inspect=inspect,
    auth=errors.AUTH,
    magic_keys=errors.MAGIC_KEYS,
    permit=errors.permit,
    errors=errors.ERRORS,
    body_limit=50_000_000,  # ours: no bound is published
    request_id_header="x-request-id",
    account=frozenset({"scopes", "balance"}),
    file_hosts=("dl.claid.ai", "storage.googleapis.com"),  # observed, and documented before it
    webhook_payload=status.webhook_payload,
    ignored_fields=ignored_fields,
    scopes=errors.SCOPES,
    rate_limits=errors.RATE_LIMITS,
    webhooks=WebhookSettings(retried="5xx,timeout,network", signature_format="sha256={hex}"),
    own_settings={
        "rate_limits": Setting(
            default=False, about="Reject submissions over 120 per minute or 4 per second."
        ),
        "strict_auto": Setting(
            default=False, about='Reject a width and a height that are both "auto", as one page says.'
        ),
        "post_needs_scope": Setting(
            default=True,
            about="Reject a POST of a key without image_editing, like a GET; otherwise accept it.",
        ),
        "result_url_scheme": Setting(
            default=HTTP,
            about="Scheme of result_url when this server is addressed by the vendor's host name.",
            choices=(HTTP, HTTPS),
        ),
        "absent_side": Setting(
            default=AUTO,
            about='A missing side of a crop: "auto" follows the other side, "kept" keeps its length.',
            choices=(AUTO, KEPT),
        ),
        "storages": Setting(
            default="", about="Names of connected storages, by commas; their contents are placeholders."
        ),
        "folder_size": Setting(
            default=3, least=1, most=1_000, about="Number of images in a folder of a storage."
        ),
        "batch_size": Setting(default=100, least=1, most=10_000, about="Most images in a batch."),
    },
)
