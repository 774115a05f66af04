"""The print of a paper is kept up to date by whatever reads or names the paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.likeness import bands_of, minima_of
from core.symbols import normal_symbol
from documents.models import Document, ExtractedField, PaperPrint

if TYPE_CHECKING:
    from collections.abc import Iterable

SURE = 0.9


def keep_print(*, document: Document, texts: Iterable[str]) -> None:
    """What the paper is known by after a reading: `texts` are its pages."""
    minima = minima_of(texts)
    _keep(document, minima=minima, bands=bands_of(minima))


def renew_print(*, document: Document) -> None:
    """The same after a person has said what the paper is; its text stays."""
    _keep(document)


def forget_print(*, document: Document) -> None:
    """Of a paper that is locked away nothing stays by which it could be known."""
    PaperPrint.plain.filter(document=document).delete()


def _keep(document: Document, **text: Any) -> None:
    PaperPrint.plain.update_or_create(document=document, defaults=_identity(document) | text)


def _identity(document: Document) -> dict[str, Any]:
    """The confirmed facts, or those that were read."""
    if document.symbol_norm:
        facts = {"symbol_norm": document.symbol_norm, "issuer": document.issuer, "issue_date": document.issue_date}
        return facts | {"is_sure": True}
    rows = ExtractedField.plain.filter(document=document, name__in=["number", "symbol", "issuer", "date"])
    fields = {row.name: row for row in rows if isinstance(row.value, str) and row.value}
    words = {name: str(row.value) for name, row in fields.items()}
    symbol = words.get("symbol", "")
    full = symbol if symbol[:1].isdigit() else f"{words.get('number', '')}/{symbol}"
    return {
        "symbol_norm": normal_symbol(full) or "", "issuer": words.get("issuer", "")[:300],
        "issue_date": _day(words.get("date", "")),
        "is_sure": all(name in fields and fields[name].confidence >= SURE for name in ("number", "symbol", "date")),
    }  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
