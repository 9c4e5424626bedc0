"""Requests and responses of any vendor.

- `session`: the two HTTP clients, one with the key and one for files; the only module that imports httpx.
- `response`: a response as values, and what of it an error may show. `json_body`: request bodies.
- `error_response`: responses of failure as `ApiError`; `messages` joins the texts in them.
- `base_urls`: which base URLs a key may be sent to. `redaction`: keys and signed links kept out of texts.
"""
