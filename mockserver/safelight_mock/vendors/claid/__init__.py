"""Claid.ai's image edit API: one image later, one at once, one that is uploaded, and many."""

from safelight_mock.vendors.claid import batches, dialect, notices, reading, submit
from safelight_mock.vendors.claid.edits import AUTO, KEPT
from safelight_mock.vendors.claid.idle import idle
from safelight_mock.vendors.claid.inspection import look
from safelight_mock.vendors.claid.recipes import recipe
from safelight_mock.wire.vendor import Setting, Vendor

CLAID = Vendor(
    slug="claid",
    handlers={
        "editImageAsync": submit.submit,
        "readEdit": reading.edit,
        "editImage": submit.edit,
        "editUploadedImage": submit.upload,
        "editImageBatch": batches.submit,
        "readBatch": reading.batch,
    },
    recipe=recipe,
    look=look,
    key=dialect.key,
    refuse=dialect.refuse,
    body_limit=50_000_000,  # ours: no bound is published
    stamp="x-request-id",
    account=frozenset({"scopes", "balance"}),
    file_hosts=("dl.claid.ai", "storage.googleapis.com"),  # observed, and documented before it
    tell=notices.tell,
    idle=idle,
    settings={
        "webhook_retried": Setting(
            default="5xx,timeout,network",
            about="Which outcomes are tried again: of 4xx, 5xx, network and timeout, by commas.",
        ),
        "signature_format": Setting(
            default="sha256={hex}",
            about="How a webhook's signature is written: {hex} or {base64} stands for the digest.",
        ),
        "rate_limits": Setting(default=False, about="Refuse calls over 120 in a minute or 4 in a second."),
        "strict_auto": Setting(
            default=False, about='Refuse a width and a height that are both "auto", as one page says.'
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
