"""Programs that receive webhooks in this process: WSGI and ASGI applications, called without a socket.

Which module to open:

- `app_sender`: sends webhooks to the receivers of their addresses, and others as the server does by itself
- `receivers`: what responds: an application, or fixed statuses
- `app_loop`: the event loop of ASGI applications
"""
