"""Telling open pages that something changed: ids only, and only when the act commits."""

from live.services import publish

__all__ = ["publish"]
