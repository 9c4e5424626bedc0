"""Patch OpenAPI documents with overlays; generate clients and specifications from them."""
