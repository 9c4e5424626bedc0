"""Darkroom: enlarges photographs by the APIs of others."""
