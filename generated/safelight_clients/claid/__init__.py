"""The Claid REST API v1, generated from its effective specification; never edited by hand."""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
