"""The door for uvicorn: event streams alone."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from live.streams import application  # noqa: E402  # after Django is ready

__all__ = ["application"]
