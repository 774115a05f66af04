"""Finding without the engine: the database compares folded words of numbers and subjects."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from core.vietnamese import fold
from documents.models import DocumentTag

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from documents.models import Document
    from search.backends.base import Facet, Filters, Named, SearchRequest, Sort
    from search.backends.base import Value as FacetValue
    from search.query import Clause, Words

MOST_WORDS = 12  # each is looked for in every row
COLUMNS: dict[Facet, str] = {
    "type_id": "doc_type", "unit_id": "owner_unit", "issuer": "issuer", "state": "state",
}  # fmt: skip
LETTERS = "".join(
    letter for block in ((0x41, 0x5B), (0xC0, 0x250), (0x1E00, 0x1F00)) for letter in map(chr, range(*block))
    if fold(letter) != letter and len(fold(letter)) == 1
)  # fmt: skip


class Folded(Func):
    """Small letters without marks, as `core.vietnamese.fold`, letter by letter."""

    function = "translate"

    def __init__(self, expression: object) -> None:
        super().__init__(expression, Value(LETTERS), Value(fold(LETTERS)))


def matching(rows: QuerySet[Document], request: SearchRequest) -> QuerySet[Document]:
    """Those of `rows` that bear the number and symbol, or hold every word in number, symbol or subject."""
    query = request.query
    rows = _narrowed(rows, request.filters).annotate(
        folded=Folded(Concat(F("number"), Value(" "), F("symbol"), Value(" "), F("subject")))
    )
    for phrase in query.excluded:
        rows = rows.exclude(folded__regex=_phrase(phrase.folded))
    if query.is_empty:
        return rows
    if not query.is_answerable:
        return rows.none()
    wanted = Q()
    for clause in query.clauses:
        wanted |= _wanted(clause)
    return rows.filter(wanted)


def ordered(rows: QuerySet[Document], sort: Sort) -> QuerySet[Document]:
    """By day, then by id, as the engines do, where papers without a date stand on day 0; by rank there is nothing to go by."""
    if sort == "oldest":
        return rows.order_by(F("issue_date").asc(nulls_first=True), "id")
    return rows.order_by(F("issue_date").desc(nulls_last=True), "-id")


def _narrowed(rows: QuerySet[Document], filters: Filters) -> QuerySet[Document]:
    base = rows = rows.annotate(folded_issuer=Folded(F("issuer")))
    for facet, values in filters.of.items():
        rows = rows.filter(_among(facet, values))
    for other in filters.without:
        rows = rows.exclude(pk__in=_narrowed(base, other).values("pk"))
    for symbol in filters.symbols:
        number = Q(number__regex=rf"(?i)^0*{symbol[:-1]}$") if symbol.endswith("/") else Q(symbol_norm=symbol)
        rows = rows.filter(number)
    for field, words in filters.named:
        rows = rows.filter(_named(field, words))
    if filters.first_day is not None:
        rows = rows.filter(issue_date__gte=date.fromordinal(filters.first_day))
    if filters.last_day is not None:
        rows = rows.filter(issue_date__lte=date.fromordinal(filters.last_day))
    return rows if filters.only is None else rows.filter(pk__in=filters.only)


def _tags() -> QuerySet[DocumentTag]:
    return DocumentTag.objects.system("they narrow rows that are the person's already")


def _named(field: Named, words: Words) -> Q:
    if field == "issuer_words":
        return Q(folded_issuer__regex=_phrase(words))
    tagged = _tags().annotate(folded=Folded(F("name"))).filter(folded__regex=_phrase(words))
    return Q(pk__in=tagged.values("document"))


def _among(facet: Facet, values: Collection[FacetValue]) -> Q:
    """In a row of its own where a paper may have several, so that no paper is listed twice."""
    if facet == "tag":
        return Q(pk__in=_tags().filter(name__in=values).values("document"))
    if facet == "year":
        spans = [Q(issue_date__year=year) for year in values if MINYEAR <= int(year) <= MAXYEAR]
        return reduce(or_, spans, Q(pk__in=[]))
    return Q(**{f"{COLUMNS[facet]}__in": values})


def _wanted(clause: Clause) -> Q:
    words = Q()
    listed = [phrase.folded for phrase in clause.phrases] + [(word,) for word in dict.fromkeys(clause.words)]
    for phrase in listed[:MOST_WORDS]:
        words &= Q(folded__regex=_phrase(phrase))
    for prefix in clause.prefixes[:MOST_WORDS]:
        words &= Q(folded__regex=rf"\m{prefix}")
    return Q(symbol_norm__in=clause.symbols) | words if words else Q(symbol_norm__in=clause.symbols)


def _phrase(words: tuple[str, ...]) -> str:
    """Whole words, one after the other; words hold no sign that means anything to the pattern."""
    return rf"\m{r'[^[:alnum:]]+'.join(words)}\M"
