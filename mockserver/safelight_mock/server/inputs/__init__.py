"""Inputs that are named by an address."""

from safelight_mock.server.inputs.loader import Loader

__all__ = ["Loader"]
