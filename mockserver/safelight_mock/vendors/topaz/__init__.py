"""Topaz Labs' Image API.

- `submit`: new jobs; `jobs`: status, links, cancel, delete, webhooks; `account`: estimates and balance
- `products`: limits, prices and durations as tables; `parameters`: the settings of models; `recipes`: how the
  image is made; `errors`: keys, limits, error bodies
"""

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
        "getStatus": jobs.read_status,
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
            about="Scale factor of enhanced images if the request has no output size.",
        ),
        "quickstart_url": Setting(
            default=False, about="Repeat the download link as `url`, which the vendor's quickstart reads."
        ),
        "head_url_bound": Setting(
            default=False, about="Presign `head_url` for HEAD only; a GET of it then gets 403."
        ),
        "link_hours": Setting(
            default=None,
            kind=float,
            about="Hours after a job's end in which new links are issued; the status may last longer.",
        ),
        "credits": Setting(
            default=1_000_000, about="Credits that are reported until the control plane sets a balance."
        ),
        "retry_after": Setting(default=False, about="Send Retry-After with a 429 for the rate limit."),
        "refund_on_cancel": Setting(
            default=True, about="Refund the credits of a cancelled job; otherwise they are paid."
        ),
    },
)
