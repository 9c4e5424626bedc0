"""Libraries with network code in C, whose connections cannot be replaced: their hosts are checked."""

import functools
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from safelight_testing._network_guard import Watch
from safelight_testing._patches import Function, Patches

URL = 10_002  # CURLOPT_URL


def patch_pycurl(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Check the URL of each new handle: the class is of C, so a subclass replaces it."""

    def checking(original: Any) -> Any:  # noqa: ANN401 - a class without types
        class Curl(original):  # type: ignore[misc] # as above
            def setopt(self, option: int, value: Any) -> Any:  # noqa: ANN401 - as above
                _check_option(option, value, watch)
                return super().setopt(option, value)

        return Curl

    patches.replace(module, "Curl", checking)


def patch_curl_cffi(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Check the URL of each handle."""

    def checking(original: Function) -> Function:
        @functools.wraps(original)
        def setopt(curl: Any, option: int, value: Any) -> Any:  # noqa: ANN401 - as the original
            _check_option(option, value, watch)
            return original(curl, option, value)

        return setopt

    patches.replace(module.Curl, "setopt", checking)


def patch_grpc(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Check the target of each new channel."""

    def checking(original: Function, watch: Watch) -> Function:
        @functools.wraps(original)
        def channel(target: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as the original
            watch.check(urlsplit(f"//{target.rpartition('/')[2]}").hostname)
            return original(target, *rest, **named)

        return channel

    for name in ("insecure_channel", "secure_channel"):
        patches.replace(module, name, partial(checking, watch=watch))


def _check_option(option: int, value: object, watch: Watch) -> None:
    if option == URL:
        url = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        watch.check(urlsplit(url if "://" in url else f"//{url}").hostname)
