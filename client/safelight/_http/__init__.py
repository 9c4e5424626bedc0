"""Requests and responses of any API.

- `session`: the two HTTP clients, one with the API key and one for files; the only module that imports httpx.
- `response`: a response as a value, with what errors may contain of it. `json_body`: request bodies.
- `retry_after`: how long a service asks to wait.
- `error_response`: error responses as `ApiError`; `messages` joins the texts in them.
- `arguments`: checks of arguments, before anything is sent.
- `base_urls`: which base URLs a key may be sent to. `redaction`: masks keys and signed URLs in logs and
  errors.
"""
