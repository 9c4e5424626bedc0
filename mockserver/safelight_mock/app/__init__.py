"""The application: from a request to its response, without sockets.

Which module to open:

- `dispatch`: authenticates and reads a vendor's request; `routes`: from a request to its operation, with
  what is known of that beforehand; `handling` runs its handler in a transaction, advances `auto` clocks
  for polls, and keeps synchronous requests waiting
- `request_progress`: what is known of a request between two attempts
- `fault_injection`: chooses what goes wrong with a request by the scenarios that apply; `fixed_responses` and
  `faulty_results` make the responses then, `recorded_responses` those that were recorded
- `scenario_names`: names in scenarios that nothing served has
- `driver`: runs an exchange to its response; `steps`: what an exchange may wait for; `effects`: how a server
  performs a step (clock, disk, network, rendering)
- `response_finalizer`: validates the response against the document (off: `validate_responses`)
- `file_host`: serves uploads and results by presigned links; `file_uploads` takes files at them;
  `outgoing_response` renders any response; `event_feed`: the body of a stream of events
- `request_log`, `ignored_fields`: what was requested, and what of it the API ignored; `conduct`: the
  rules by which a client did wrong
- `next_steps`: what can be made to happen next to a job
- `deletion`: deletes sandboxes with all that belongs to them
- `surfaces`: whether a request is for an API, a file or the control plane
- `snapshots`, `dry_run`: export, restore and fork of sandboxes, checked before they are restored

`safelight_mock.twin` is the composition root, with the small public face.
"""
