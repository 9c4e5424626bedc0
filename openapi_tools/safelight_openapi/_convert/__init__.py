"""Converts documents.

- `normalise`: any version to OpenAPI 3.1.2; `swagger` and `openapi_3_2` are the steps for 2.0 and 3.2,
  `media_types` for names such as `application/json; charset=utf-8`.
- `join`: several documents as one; `foreign`: recognises files that are not OpenAPI documents.
"""
