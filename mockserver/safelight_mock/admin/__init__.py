"""The control plane under `/_safelight/`: what no vendor offers and a test needs.

Which module to open:

- `router`: dispatches by `openapi.json`; `admin_request`: what a handler receives
- `auth`: loopback or token, and never a web page of another origin
- `sandboxes`, `jobs`, `create_job`: clocks, balances, forced transitions, jobs in any state
- `conduct`: responds with the findings of `app.conduct`; `next_steps`: what can be made to happen next
- `faults`: scenarios of sandboxes, and the next faults
- `webhooks`, `deliveries`, `inboxes`: webhook settings,
  redelivery, received messages and the responses to them
- `requests`, `snapshots`: the request log, export and restore
- `health`, `metrics`, `prometheus`: health and metrics; `coverage`: what clients covered of the APIs
"""

from safelight_mock.admin.admin_request import Backend
from safelight_mock.admin.router import AdminRouter

__all__ = ["AdminRouter", "Backend"]
