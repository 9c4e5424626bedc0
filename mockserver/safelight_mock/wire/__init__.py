"""Requests and responses as values, validated by OpenAPI documents, without sockets.

Which module to open:

- `messages`: the request and the response; `listener`: whether a port serves the API, files or both
- `api`, `operation`, `schema`: an effective spec as operations and validators; `routing`: from a path to
  an operation; `suggestions`: what an unknown one may mean; `described_responses`: validators of responses
- `problem`, `violations`: why a request is rejected; `errors`: the vendor's response to that
- `reachable`: what a schema's references lead to, for its validator
- `served_vendor`: a vendor with its document
- `vendor`: a vendor as a value, and the checks before its handlers; its parts are values, too:
  `errors`, `rate_limits`, `webhook_settings`, `setting`, `framework`
- `key_sources`: where a key is read; `api_keys`: magic keys that cause errors, scopes
- `presigned_links`, `object_store`, `file_requests`: files by link, in part and on condition (RFC 9110)
- `recorded_files`, `placeholders`: files and bodies that were recorded, with the ids and links of now
- `missing_results`: bodies about jobs that have succeeded without a result
- `cors`, `forwarding`, `hosts`: origins, proxies and names
- `logs`, `redaction`, `credential_leak`, `trace`: what is logged of a request, without secrets
- `ed25519`: keys by which webhooks are signed
- `minimal_example`: the smallest valid value of a schema
"""

from safelight_mock.wire.api import Api
from safelight_mock.wire.described_responses import UndocumentedResponseError
from safelight_mock.wire.listener import Listener
from safelight_mock.wire.messages import JSON, Form, ReceivedFile, RenderedFile, Request, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem, VendorError
from safelight_mock.wire.schema import Schema
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.trace import Trace
from safelight_mock.wire.vendor import Handler, Vendor

__all__ = [
    "JSON",
    "Api",
    "Form",
    "Handler",
    "Kind",
    "Listener",
    "Operation",
    "Problem",
    "ReceivedFile",
    "RenderedFile",
    "Request",
    "Response",
    "Schema",
    "Setting",
    "Trace",
    "UndocumentedResponseError",
    "Vendor",
    "VendorError",
]
