"""A proxy on loopback that records a session with a real service.

Which module to open:

- `command`: the command `safelight-mock record`; `recorder`: the proxy under uvicorn, and what it writes
- `proxy`: the ASGI application: passes requests and webhooks on, and notes them
- `request_body`: bodies of requests; `response_body`: bodies of responses, passed on and kept
- `upstream`: the outgoing side, by httpx
"""
