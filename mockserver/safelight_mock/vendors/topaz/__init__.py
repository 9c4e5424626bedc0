"""Topaz Labs' Image API."""

from functools import partial

from safelight_mock.vendors.topaz import account, dialect, jobs
from safelight_mock.vendors.topaz.products import SUBMITS, SYNCS
from safelight_mock.vendors.topaz.recipes import recipe
from safelight_mock.vendors.topaz.submit import submit, submit_and_wait
from safelight_mock.wire.vendor import Setting, Vendor

TOPAZ = Vendor(
    slug="topaz",
    handlers={
        **{operation: partial(submit, operation, product) for operation, product in SUBMITS.items()},
        **{operation: partial(submit_and_wait, operation, product) for operation, product in SYNCS.items()},
        "getStatus": jobs.status,
        "getAllStatuses": jobs.all_statuses,
        "deleteAllStatuses": jobs.delete_all,
        "getDownloadOutput": jobs.download_output,
        "getDownloadInput": jobs.download_input,
        "cancelTask": jobs.cancel,
        "deleteStatus": jobs.delete,
        "postEstimate": account.estimate,
        "postEstimateGen": account.estimate,
        "postEstimateBulk": account.estimate_bulk,
        "getCreditBalance": account.balance,
    },
    recipe=recipe,
    key=dialect.key,
    refuse=dialect.refuse,
    body_limit=500_000_000,  # documented: a request over 500 MB is answered 413
    account=frozenset({"balance"}),
    settings={
        "automatic_scale": Setting(
            default=2.0,
            least=0.001,
            most=100.0,
            about="Factor an enhanced image grows by when no output size is asked.",
        ),
        "quickstart_url": Setting(
            default=False, about="Tell the download link as `url` too, as the vendor's quickstart reads it."
        ),
        "credits": Setting(
            default=1_000_000, about="Credits that are told while the control plane has set no balance."
        ),
    },
)
