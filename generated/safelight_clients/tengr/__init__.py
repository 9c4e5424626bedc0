"""The Tengr.ai API 2.2.0, generated from its effective specification; never edited by hand."""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
