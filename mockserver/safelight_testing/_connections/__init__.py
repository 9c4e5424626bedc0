"""Connections of HTTP libraries, replaced by connections to a server in this process.

Each library's own `connect` gets one end of a pair of sockets. Everything above it (pooling, redirects,
retries, time-outs, streaming, exceptions) is the library's own code. One module per library:

- `http_client`: `http.client`, and with it urllib, requests, urllib3 1 and 2, their vendored copies, httplib2
- `httpcore`: httpx, and httpx2 by `httpcore2`
- `aiohttp`
- `native`: pycurl, curl_cffi and grpc, which are refused
- `socket_pairs`: pairs of sockets, which event loops need

The rest of the network is watched by `_network_hooks`.
"""

from collections.abc import Callable, Mapping
from types import ModuleType

from safelight_testing._connections.aiohttp import patch_aiohttp
from safelight_testing._connections.http_client import patch_http_client
from safelight_testing._connections.httpcore import patch_httpcore
from safelight_testing._connections.native import patch_curl_cffi, patch_grpc, patch_pycurl
from safelight_testing._connections.socket_pairs import patch_socket
from safelight_testing._network_guard import Watch
from safelight_testing._network_hooks import HOOKS, patch_hooks
from safelight_testing._patches import Patches

PatchModule = Callable[[ModuleType, Watch, Patches], None]

CLIENTS: Mapping[str, PatchModule] = {
    "aiohttp": patch_aiohttp,
    "curl_cffi": patch_curl_cffi,
    "grpc": patch_grpc,
    "grpc.aio": patch_grpc,
    "http.client": patch_http_client,
    "httpcore": patch_httpcore,
    "httpcore2": patch_httpcore,
    "pycurl": patch_pycurl,
    "socket": patch_socket,
}
MODULES = frozenset({*CLIENTS, *(hook.module for hook in HOOKS)})


def patch_module(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Patch a module of MODULES, once it is imported."""
    patch_hooks(module, watch, patches)
    patch_client = CLIENTS.get(module.__name__)
    if patch_client is not None:
        patch_client(module, watch, patches)
