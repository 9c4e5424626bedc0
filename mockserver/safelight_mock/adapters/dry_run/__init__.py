"""Plays the lifecycles of a document against a mock server of it, and says where one sticks.

Which module to open:

- `example_requests`: a request to any operation, from its description alone
- `control`: the sandbox that it is played in: clock, forced failures, inbox
- `job_calls`: calls on one job: submit, read, move, fetch its results, list
- `player`: the steps, from submit to what is refused
- `command`: `safelight-mock dry-run`, which prints them
"""
