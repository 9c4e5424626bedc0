"""Webhooks: from a job's transition to the receiver's response.

Which module to open:

- `outbox`: creates a delivery for each transition that has one, signed once
- `dispatcher`: sends due deliveries, retries them, and advances a sandbox's clock on the way;
  `core.webhook` computes when (the back-off), `wire.webhook_settings` applies the settings
- `attempts`: one attempt, to an inbox or over HTTP; `http_sender`: over HTTP, with limits
- `inbox`: receivers inside the twin
- `timeline`: what happened while a clock was advanced
"""
