"""The application: from a request to its response, without sockets.

Which module to open:

- `twin`: the composition root and its small public face
- `driver`: runs the steps a request needs before it can be answered; `steps` defines them
- `dispatch`: routes a vendor's request to its handler; `response_finalizer` validates the response
- `file_host`: serves uploads and results by presigned links; `outgoing_response` renders any response
- `request_log`, `ignored_fields`: what was requested, and what of it the API ignored
- `snapshots`, `dry_run`: export, restore and fork of sandboxes, checked before they are restored
"""
