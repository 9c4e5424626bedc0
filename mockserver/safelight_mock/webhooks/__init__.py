"""Webhooks: from a job's transition to the receiver's response.

Which module to open:

- `outbox`: the deliveries of a sandbox: creates them of transitions, and returns the next to attempt
- `messages`: a transition's message: the vendor's body, signed once, its inbox, with injected faults
- `signing`: signatures of webhooks
- `dispatcher`: sends due deliveries, records each attempt with the time of its retry (`next_attempt_at` of
  `core.webhook`: when, and when to give up), and advances a sandbox's clock on the way
- `delivery_run`: how far the dispatcher has come with the deliveries of one sandbox
- `scheduler`: the thread that calls the dispatcher when something falls due by a running clock
- `attempts`: one attempt over HTTP; `http_sender`: how, with limits
- `inbox`: receivers inside the mock server, and attempts at them
- `timeline`: what happened while a clock was advanced
"""
