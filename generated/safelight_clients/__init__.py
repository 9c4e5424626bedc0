"""Thin typed clients, one package per vendor, generated from the effective specifications; never edited by hand."""
