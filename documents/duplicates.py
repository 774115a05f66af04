"""The same paper by another route (domain.md 15, I3): same bytes, same number and issuer, or nearly the same text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from rapidfuzz.distance import Levenshtein

from core.likeness import likeness
from core.vietnamese import fold
from documents.models import Document, DocumentFile, DocumentLink, PaperPrint, Validity

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from organizations.models import User

BYTES, NUMBER, TEXT = "bytes", "number", "text"
SAME, DIFFERS = DocumentLink.Kind.SAME, DocumentLink.Kind.DIFFERS
NOT_OFFERED = (Validity.WITHDRAWN, Validity.QUARANTINED, Validity.DRAFT)
# Two readings of one page have 0.84 to 1.00 of their runs in common (good, worn and faxed scans of the samples), other papers
# of the same office at most 0.30.
ALIKE = 0.6
MISREAD_LETTERS = 2
MOST_COMPARED, MOST_SHOWN = 200, 5


@dataclass(frozen=True, slots=True)
class Facts:
    """A paper's identity as it stands in a form, or as it was read; `is_sure` where nobody would doubt it."""

    symbol_norm: str
    issuer: str
    day: date | None
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Duplicate:
    """
    A paper that may be the same one.

    `reasons` are BYTES, NUMBER, TEXT, strongest first; `likeness` is the share of the text in common, None where it is not
    known; `verdict` is what the office found before: SAME, DIFFERS, or nothing yet.
    """

    document: Document
    reasons: tuple[str, ...]
    likeness: float | None
    verdict: str

    @property
    def percent(self) -> int | None:
        return None if self.likeness is None else round(self.likeness * 100)


def duplicates_of(document: Document, user: User, facts: Facts | None = None) -> list[Duplicate]:
    """
    The papers that this one may be, as far as the person may see them; the caller has found `document` through `visible_to`.

    :param facts: what stands in the form before the person; otherwise what was confirmed or read
    """
    own = PaperPrint.objects.visible_to(user).filter(document=document).select_related("document").first()
    facts = facts or _facts_of(own)
    prints = {row.pk: row for row in _candidates(document, user, own, facts)}
    alike = {pk: likeness(bytes(own.minima), bytes(row.minima)) for pk, row in prints.items()} if own else {}
    found: dict[int, list[str]] = {pk: [BYTES] for pk in _same_bytes(document, user)}
    for pk, row in prints.items():
        theirs = _facts_of(row)
        if _has_same_number(facts, theirs):
            found.setdefault(pk, []).append(NUMBER)
        if alike.get(pk, 0.0) >= ALIKE and not _is_another_letter(facts, theirs):
            found.setdefault(pk, []).append(TEXT)
    return _described(document, user, found, alike)


def _seen(user: User) -> QuerySet[Document]:
    return Document.objects.visible_to(user).exclude(state__in=NOT_OFFERED)


def _same_bytes(document: Document, user: User) -> list[int]:
    own = DocumentFile.objects.visible_to(user).filter(document=document, kind__in=_WHOLE).values("sha256")
    files = DocumentFile.objects.visible_to(user).filter(sha256__in=own, kind__in=_WHOLE).exclude(document=document)
    return list(files.filter(document__in=_seen(user).values("pk")).values_list("document", flat=True).distinct())


_WHOLE = (DocumentFile.Kind.SCAN, DocumentFile.Kind.ISSUED)


def _candidates(document: Document, user: User, own: PaperPrint | None, facts: Facts) -> list[PaperPrint]:
    asked = Q(pk__in=[])
    if facts.symbol_norm:
        asked |= Q(symbol_norm=facts.symbol_norm)
    if own and own.bands:
        asked |= Q(bands__overlap=own.bands)
    if not asked.children:
        return []
    rows = PaperPrint.objects.visible_to(user).filter(asked).exclude(pk=document.pk)
    rows = rows.exclude(document__state__in=NOT_OFFERED).select_related("document")
    return list(rows.order_by("-pk")[:MOST_COMPARED])


def _facts_of(row: PaperPrint | None) -> Facts:
    """As confirmed, otherwise as read."""
    if row is None:
        return Facts("", "", None, is_sure=False)
    if row.document.symbol_norm:
        return Facts(row.document.symbol_norm, row.document.issuer, row.document.issue_date)
    return Facts(row.symbol_norm, row.issuer, row.issue_date, row.is_sure)


def _has_same_number(one: Facts, other: Facts) -> bool:
    """Numbers begin anew each year, and many units have the same symbol."""
    if not one.symbol_norm or one.symbol_norm != other.symbol_norm:
        return False
    is_one_year = not (one.day and other.day) or one.day.year == other.day.year
    return is_one_year and _is_same_issuer(one.issuer, other.issuer)


def _is_same_issuer(one: str, other: str) -> bool:
    """As typed or read: a letter or two may be misread, but unit 1 is not unit 7."""
    one, other = (" ".join(fold(name).split()) for name in (one, other))
    if not one or not other:
        return True
    is_near = Levenshtein.distance(one, other, score_cutoff=MISREAD_LETTERS) <= MISREAD_LETTERS
    return is_near and re.findall(r"\d+", one) == re.findall(r"\d+", other)


def _is_another_letter(one: Facts, other: Facts) -> bool:
    """Letters of one pattern, such as each month's invitation: number and date both differ, beyond doubt."""
    if not (one.is_sure and other.is_sure and one.day and other.day):
        return False
    return one.symbol_norm != other.symbol_norm and one.day != other.day


def _described(document: Document, user: User, found: dict[int, list[str]], alike: dict[int, float]) -> list[Duplicate]:
    if not found:
        return []
    verdicts = _verdicts(document, found)
    rows = _seen(user).filter(pk__in=found).select_related("doc_type", "owner_unit").prefetch_related("fields")
    duplicates = [
        Duplicate(
            document=other, reasons=tuple(found[other.pk]), verdict=verdicts.get(other.pk, ""),
            likeness=1.0 if BYTES in found[other.pk] else alike.get(other.pk),
        )
        for other in rows
    ]  # fmt: skip
    duplicates.sort(key=lambda one: (_rank(one), one.document.pk))
    return duplicates[:MOST_SHOWN]


def _rank(one: Duplicate) -> tuple[int, float]:
    return ([BYTES, NUMBER, TEXT].index(one.reasons[0]), -(one.likeness or 0))


def _verdicts(document: Document, others: Collection[int]) -> dict[int, str]:
    """What was found of each pair, whichever of the two was the new one."""
    links = DocumentLink.objects.filter(kind__in=[SAME, DIFFERS])
    pairs = links.filter(Q(source=document, target__in=others) | Q(target=document, source__in=others))
    return {
        target if source == document.pk else source: kind
        for source, target, kind in pairs.values_list("source", "target", "kind")
    }


def undecided(duplicates: Collection[Duplicate]) -> list[Duplicate]:
    """Those that somebody has to look at."""
    return [one for one in duplicates if not one.verdict]


def same_papers(document: Document, user: User) -> list[Document]:
    """What was found to be this paper, the withdrawn arrivals too, as far as the person may see it."""
    links = DocumentLink.objects.filter(kind=SAME)
    ends = Q(pk__in=links.filter(source=document).values("target")) | Q(
        pk__in=links.filter(target=document).values("source")
    )
    return list(Document.objects.visible_to(user).filter(ends).select_related("doc_type").order_by("id"))
