"""Adapters: sockets, ASGI, httpx clients and the command line, each of which makes requests of what it gets.

Which module to open:

- `asgi`: the ASGI application, which runs blocking work in threads
- `server`: `MockServer` in a thread, and the server of the command, both under uvicorn
- `portless_server`: the server in a thread without a port, on pairs of connected sockets; `own_sockets`:
  where tools for tests forbid sockets; `connection_faults`: connections that fail
- `bounded_protocol`: limits of uvicorn's HTTP protocol: a request's head (64 KB: 431, 414), header timeout
  (408), number of connections (503); `uvicorn_protocol`: its fast path
- `gathered_body`: small bodies, which take the fast path once they are whole
- `connections`, `held_requests`, `graceful_shutdown`: connection limits, waiting requests, stopping;
  `ending_threads`: threads that have to end with a block
- `httpx_transports`: the twin inside an httpx client, without a socket
- `faulty_transfers`: how a response is sent that a scenario makes go wrong; `faulty_sending` and `resets`
  send it, `httpx_faults` raises what httpx would
- `access_log`: one line for each request
- `cli`: the command `safelight-mock`; `infer_command`, `check_command`, `scenarios_command`, `dry_run`,
  `record`: its other commands
- `coverage_file`: what it writes at exit
- `serve_options`: its options; `grouped_options`, `option_types`,
  `environment`: groups of the help, types of values, variables in errors
"""
