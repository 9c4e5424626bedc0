"""Outgoing requests, for inputs and webhooks: which hosts are allowed, and how they are connected to.

Which module to open:

- `allowed_hosts`: the allow list, checked again for the addresses a name resolves to
- `urls`: which URLs are valid, and whether one leads to the control plane or an inbox
- `http`: a request to an allowed address in bounded time, without redirects or proxies
"""
