"""What turns the outside into requests: a socket, an ASGI server, an httpx client, the command line.

Which module to open:

- `asgi`: the ASGI application, which runs blocking work in threads
- `server`: `MockServer` in a thread, and the server of the command, both under uvicorn
- `uvicorn_protocol`, `bounded_protocol`: uvicorn's HTTP protocol with a fast path and with limits
- `gathered_body`: small bodies, which take the fast path once they are whole
- `connections`, `held_requests`, `graceful_shutdown`: connection limits, waiting requests, stopping
- `httpx_transports`: the twin inside an httpx client, without a socket
- `access_log`: one line for each request
- `cli`, `option_types`, `environment`: the command `safelight-mock`, its options and their variables
"""
