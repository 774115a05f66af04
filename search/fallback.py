"""Finding without the engine: the database compares folded words of numbers and subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from core.vietnamese import fold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from documents.models import Document
    from search.backends.base import SearchRequest
    from search.query import Query

MOST_WORDS = 12  # each is looked for in every row
COLUMNS = {"type_id": "doc_type", "unit_id": "owner_unit", "year": "issue_date__year"}
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
    for name, column in COLUMNS.items():
        value = getattr(request, name)
        rows = rows.filter(**{column: value}) if value is not None else rows
    rows = rows.annotate(folded=Folded(Concat(F("number"), Value(" "), F("symbol"), Value(" "), F("subject"))))
    for words in query.excluded:
        rows = rows.exclude(folded__regex=_phrase(words))
    return rows if query.is_empty else rows.filter(_wanted(query))


def _wanted(query: Query) -> Q:
    if not query.is_answerable:
        return Q(pk__in=[])
    words = Q()
    for phrase in [*query.phrases, *((word,) for word in dict.fromkeys(query.words))][:MOST_WORDS]:
        words &= Q(folded__regex=_phrase(phrase))
    return Q(symbol_norm__in=query.symbols) | words if words else Q(symbol_norm__in=query.symbols)


def _phrase(words: tuple[str, ...]) -> str:
    """Whole words, one after the other; words hold no sign that means anything to the pattern."""
    return rf"\m{r'[^[:alnum:]]+'.join(words)}\M"
