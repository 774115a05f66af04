"""Papers that the office itself draws: WeasyPrint from our own templates, in Tinos, without any network."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Mapping


class ForeignAddress(Exception):
    """A template asked for something outside the office; nothing is ever fetched."""


@cache
def font_folder() -> Path:
    """The vendored Tinos: the width of Times New Roman, with every Vietnamese letter."""
    static = Path(finders.find("ui/icons.svg") or "").parent
    return next(iter(sorted((static / "vendor").glob("tinos-*"))))


def draw(template: str, context: Mapping[str, Any]) -> bytes:
    """Render a template of ours as PDF bytes."""
    from weasyprint import HTML  # loads Pango, which only some processes need

    markup = render_to_string(template, {**context, "fonts": font_folder().as_uri()})
    pdf: bytes = HTML(string=markup, url_fetcher=_only_fonts).write_pdf()
    return pdf


def _only_fonts(url: str) -> Any:
    from weasyprint.urls import URLFetcherResponse

    name = url.removeprefix(f"{font_folder().as_uri()}/")
    if name == url or "/" in name:
        raise ForeignAddress(url)
    return URLFetcherResponse(url, (font_folder() / name).read_bytes())
