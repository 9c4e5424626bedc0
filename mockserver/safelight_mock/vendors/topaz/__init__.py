"""Topaz Labs' Image API."""

from functools import partial

from safelight_mock.vendors.topaz import account, errors, jobs
from safelight_mock.vendors.topaz.parameters import ignored_fields
from safelight_mock.vendors.topaz.products import INPUTS, SUBMITS, SYNCS
from safelight_mock.vendors.topaz.recipes import recipe
from safelight_mock.vendors.topaz.submit import PROCESS_ID, submit, submit_and_wait
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.vendor import Vendor
from safelight_mock.wire.webhook_settings import DOCUMENTED, PER_WAIT, WebhookSettings

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
    auth=errors.AUTH,
    magic_keys=errors.MAGIC_KEYS,
    errors=errors.ERRORS,
    body_limit=500_000_000,  # documented: a request over 500 MB is answered 413
    job_header=PROCESS_ID,
    account=frozenset({"balance"}),
    file_hosts=(".r2.cloudflarestorage.com", ".amazonaws.com"),  # observed: signed R2, and S3 before it
    webhook_payload=jobs.webhook_payload,
    inputs=INPUTS,
    ignored_fields=ignored_fields,
    rate_limits=errors.RATE_LIMITS,
    webhooks=WebhookSettings(
        notify_pending=False,
        retried=DOCUMENTED,
        first=DOCUMENTED,
        max_delay=DOCUMENTED,
        attempts=DOCUMENTED,
        timeout=DOCUMENTED,
        cap=PER_WAIT,
    ),
    own_settings={
        "automatic_scale": Setting(
            default=2.0,
            least=0.001,
            most=100.0,
            about="Factor an enhanced image grows by when no output size is asked.",
        ),
        "quickstart_url": Setting(
            default=False, about="Tell the download link as `url` too, as the vendor's quickstart reads it."
        ),
        "head_url_bound": Setting(
            default=False, about="Presign `head_url` for HEAD alone; a GET on it is answered 403 then."
        ),
        "link_hours": Setting(
            default=None,
            kind=float,
            about="Hours after a job's end for which new links are made; its status may stay longer.",
        ),
        "credits": Setting(
            default=1_000_000, about="Credits that are told while the control plane has set no balance."
        ),
        "retry_after": Setting(
            default=False, about="Tell in Retry-After when a call over the limit may be made again."
        ),
        "refund_on_cancel": Setting(
            default=True, about="Give the credits of a job that is cancelled back; otherwise they are paid."
        ),
    },
)
