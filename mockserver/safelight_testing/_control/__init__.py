"""What a test reads and changes of a mock server in its process, in types.

Which module to open:

- `admin_client`: the control plane, in process; `records`: what it returns
- `shared_clock`: one time for all sandboxes of a server
- `new_sandboxes`: changes that also apply to API keys that are used later
- `faults`, `jobs`, `ledger`, `webhooks`: what goes wrong; jobs; credits; deliveries
- `timeline`: what happened, as lines, with repeats folded
- `clients`: ready clients
"""
