"""Drafts as an officer exports them from a word processor: PDFs with text, number and date left open."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from demo.scans.fonts import folder


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft says; `symbol` such as "KH-LĐLĐ" follows the open place of the number."""

    parent: str
    issuer: str
    symbol: str
    place: str
    year: str
    title: str
    subject: str
    paragraphs: Sequence[str]
    copies: Sequence[str]
    authority: Sequence[str]
    signer: str


def draft_pdf(draft: Draft) -> bytes:
    """Lay a draft out after Decree 30 and return it as a PDF."""
    html = render_to_string("demo/draft.html", {"draft": draft, "fonts": folder().as_uri()})
    pdf: bytes = HTML(string=html).write_pdf(font_config=FontConfiguration())
    return pdf
