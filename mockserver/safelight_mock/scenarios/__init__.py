"""Scenarios: what goes wrong, from files, the library or Python values.

Which module to open:

- `reading`: a scenario from JSON-like values, validated by `scenario.schema.json`; errors name rule and line
- `rules`: one rule of it as `safelight_mock.core.scenario` has it
- `files`: scenarios from YAML and JSON files, and their lines
- `library`: the scenarios that come with the server, one file each in `named`
- `registry`: all scenarios of a server by name, and its default

To add an effect: its key in `scenario.schema.json` and in `rules`; its field in `core.transfer_faults` (while
a response is sent), `core.job_faults` (of a job) or `core.scenario.FixedResponse` (another response); what
carries it out: `adapters.faulty_transfers`, with `faulty_sending`, `uvicorn_protocol` and `httpx_faults`;
`core.planned_faults` or `app.faulty_results`; `app.fixed_responses`. Faults of webhooks are
`core.webhook.WebhookFault` and `webhooks.messages`. Then docs/scenarios.md; for the library a file in
`named`, with a test of two clients in tests/scenarios.
"""
