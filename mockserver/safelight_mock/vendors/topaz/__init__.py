"""Topaz Labs' Image API."""

from functools import partial

from safelight_mock.vendors.topaz import dialect, jobs
from safelight_mock.vendors.topaz.products import PRODUCTS
from safelight_mock.vendors.topaz.submit import submit
from safelight_mock.wire.vendor import Setting, Vendor

TOPAZ = Vendor(
    slug="topaz",
    handlers={
        **{operation: partial(submit, operation, product) for operation, product in PRODUCTS.items()},
        "getStatus": jobs.status,
        "getAllStatuses": jobs.all_statuses,
        "deleteAllStatuses": jobs.delete_all,
        "getDownloadOutput": jobs.download_output,
        "getDownloadInput": jobs.download_input,
        "cancelTask": jobs.cancel,
        "deleteStatus": jobs.delete,
    },
    key=dialect.key,
    refuse=dialect.refuse,
    body_limit=500_000_000,  # documented: a request over 500 MB is answered 413
    settings={
        "automatic_scale": Setting(
            default=2.0,
            least=0.001,
            most=100.0,
            about="Factor an enhanced image grows by when no output size is asked.",
        ),
    },
)
