"""Claid.ai's image edit API: one image later, one at once, one that is uploaded, and many."""

from safelight_mock.vendors.claid import batches, errors, status, submit
from safelight_mock.vendors.claid.addresses import is_address
from safelight_mock.vendors.claid.edits import AUTO, KEPT, ignored_fields
from safelight_mock.vendors.claid.recipes import recipe
from safelight_mock.vendors.claid.responses import HTTP, HTTPS
from safelight_mock.vendors.claid.tasks import look
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
    look=look,
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
        "rate_limits": Setting(default=False, about="Refuse calls over 120 in a minute or 4 in a second."),
        "strict_auto": Setting(
            default=False, about='Refuse a width and a height that are both "auto", as one page says.'
        ),
        "post_needs_scope": Setting(
            default=True,
            about="Refuse a POST of a key without image_editing, as a GET; else such a POST is taken.",
        ),
        "result_url_scheme": Setting(
            default=HTTP,
            about="Scheme of result_url where this server is called by the vendor's name.",
            choices=(HTTP, HTTPS),
        ),
        "absent_side": Setting(
            default=AUTO,
            about='Side that a crop is not given: "auto", it follows the other one; "kept", it stays.',
            choices=(AUTO, KEPT),
        ),
        "storages": Setting(
            default="", about="Names of connected storages, by commas; what is in them is made up."
        ),
        "folder_size": Setting(
            default=3, least=1, most=1_000, about="Pictures that are taken to be in a folder of a storage."
        ),
        "batch_size": Setting(default=100, least=1, most=10_000, about="Images of a batch at most."),
    },
)
