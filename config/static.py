"""Static files: hashed names, except what is vendored under a name with its version."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """
    Hashed names for our own files. Scripts import vendored modules by their versioned path, which stays as it is; a page asked
    for a file that was not collected shows the plain name instead of failing.
    """

    manifest_strict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._urls: dict[tuple[str, bool], str] = {}

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Gzip alone: brotli made the files a tenth smaller and a newcomer wait most of a minute."""
        return Compressor(use_brotli=False, **kwargs)

    def url(self, name: str, force: bool = False) -> str:
        """Worked out once: a list of papers asks for its signs a hundred times, and the manifest is read at start alone."""
        known = self._urls.get((name, force))
        if known is None:
            known = self._urls[name, force] = str(super().url(name, force))
        return known

    def stored_name(self, name: str) -> str:
        """Give the hashed name, or the plain one of a file that was not collected."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def is_immutable(path: str, url: str) -> bool:
    """Hashed files, and vendored ones, whose folder carries the version."""
    name = path.rpartition("/")[2]
    parts = name.split(".")
    is_hashed = len(parts) > 2 and len(parts[-2]) == 12 and parts[-2].isalnum()  # noqa: PLR2004  # Django's hash
    return is_hashed or "/vendor/" in url
