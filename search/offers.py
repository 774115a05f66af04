"""
What search offers beside hits: completions, papers alike, other ways to ask.

All of it is counted and weighed among the searcher's own papers alone, by date or by constants, never by an engine's statistics
over all papers: what somebody may not see changes nothing here (reliability.md 2).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from core.vietnamese import fold, is_vietnamese_syllable
from documents.selectors import pages_by_document
from organizations.policies import reader_tokens
from search.abbreviations import table
from search.analysis import WORD, bigrams, folded_words, label_words
from search.backends.base import BackendUnavailable, Filters, Likeness, ReaderTokens, SearchRequest, WriterBusy
from search.engine import backend
from search.names import Catalogues
from search.parser import parse
from search.query import Query
from search.resolve import resolved
from search.services import findable, hidden_from, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from documents.models import Document
    from organizations.models import User
    from search.query import Clause, Words
    from search.services import Found, SearchResults

LONGEST_TYPED = 100
CANDIDATES, CLUES = 64, 20  # pairs of a paper that are counted; those that are looked for
TITLE_WORTH, LEAST_SHARED = 4, 0.25
FEW_HITS, MOST_REWRITES, DOUBTFUL_WORDS = 3, 3, 3
QUOTE = '"'
LETTERS = "abcdeghiklmnopqrstuvxy"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paper that what was typed may become."""

    document_id: int
    symbol: str
    title: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Another way to ask, and how many papers it finds."""

    text: str
    total: int


def suggested(*, text: str, user: User, at: datetime, n: int = 8) -> list[Suggestion]:
    """Papers whose number or title holds the words, the last of which may be unfinished; newest first, none without the index."""
    words = label_words(text[:LONGEST_TYPED])
    if not words:
        return []
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        hidden = hidden_from(user)
        ids = backend().suggest(tuple(words[:-1]), words[-1], readers, n + len(hidden))
    except (BackendUnavailable, WriterBusy):
        return []
    rows = findable(user).select_related("doc_type").in_bulk([pk for pk in ids if pk not in hidden][:n])
    papers = [rows[pk] for pk in ids if pk in rows]
    return [Suggestion(one.pk, one.full_symbol, one.type_and_subject) for one in papers]


# --- papers alike ---------------------------------------------------------------------------------------------------------


def similar(*, document: Document, user: User, at: datetime, n: int = 5) -> list[Found]:
    """
    Papers that share the pairs of syllables by which this one stands out among those the person may see.

    :param document: one that the person may see
    :raises BackendUnavailable: if the engine does not answer: that nothing is alike could not be said then
    """
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        like = _likeness(document, readers)
        if like is None:
            return []
        filters = Filters(hidden=hidden_from(user) | {document.pk})
        page = backend().search(SearchRequest(Query(), filters, limit=n, like=like), readers)
    except WriterBusy as busy:
        raise BackendUnavailable("the index is being written by another process") from busy
    return shown(page.hits, user, Query())


def _likeness(document: Document, readers: ReaderTokens) -> Likeness | None:
    often = _pairs(document)
    pairs = [pair for pair, _count in often.most_common(CANDIDATES)]
    counts = dict(zip(pairs, backend().counts(pairs, readers), strict=True))
    known = max(1, backend().search(SearchRequest(Query(), limit=0), readers).total)
    weights = {pair: _worth(often[pair], counts[pair], known) for pair in pairs if counts[pair] > 1}
    best = sorted(weights.items(), key=lambda row: (-row[1], row[0]))[:CLUES]
    return Likeness(tuple(best), max(1, math.ceil(len(best) * LEAST_SHARED))) if best else None


def _pairs(document: Document) -> Counter[str]:
    found = Counter(bigrams(folded_words(document.subject)))
    found = Counter({pair: count * TITLE_WORTH for pair, count in found.items()})
    for page in pages_by_document([document.pk]).get(document.pk, []):
        found.update(bigrams([word for word in folded_words(page.text) if not word.isdigit()]))
    return found


def _worth(often: int, papers: int, known: int) -> float:
    return round((1 + math.log(often)) * math.log(1 + (known - papers + 0.5) / (papers + 0.5)), 3)


# --- other ways to ask ----------------------------------------------------------------------------------------------------


def rewrites(*, results: SearchResults, user: User, at: datetime) -> list[Rewrite]:
    """Where little was found: the same with one word otherwise, or less strict; each finds papers under the same conditions."""
    if results.total > FEW_HITS or results.degraded or not results.query.is_answerable:
        return []
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        names, words = Catalogues(user, at), table()
        texts = dict.fromkeys([*_mended(results.query, readers), *_loosened(results.query)])
        counted = (
            Rewrite(text, _total(resolved(parse(text, names), backend(), readers, words), results.request, readers))
            for text in texts
            if text != results.query.text
        )
        return list(islice((one for one in counted if one.total > results.total), MOST_REWRITES))
    except (BackendUnavailable, WriterBusy):
        return []


def _total(query: Query, request: SearchRequest, readers: ReaderTokens) -> int:
    """Under the filters of the page; conditions in the text are among them already."""
    asked = replace(request, query=query, limit=0, offset=0, facets=())
    return backend().search(asked, readers).total


def _loosened(query: Query) -> Iterator[str]:
    """Without the quotation marks of what is wanted, without what was not wanted."""
    text = query.text
    for part in reversed([part for part in query.parts if part.kind == "phrase"]):
        text = f"{text[: part.start]} {text[part.start : part.end].strip(QUOTE)} {text[part.end :]}"
    yield " ".join(text.split())
    for part in query.parts:
        if part.kind == "not":
            yield query.without(part)


def _mended(query: Query, readers: ReaderTokens) -> Iterator[str]:
    """With a word one letter away from one that stands in no paper beside its neighbours."""
    doubts = ((clause, place) for clause in query.clauses for place in _doubtful(clause.words, readers))
    for clause, place in islice(doubts, DOUBTFUL_WORDS):
        if best := _best_variant(clause, place, readers):
            yield _with(query, clause.words[place], best)


def _doubtful(words: Words, readers: ReaderTokens) -> list[int]:
    """Places of words that no paper of the searcher holds beside a neighbour."""
    pairs = bigrams(list(words))
    counts = backend().counts(pairs, readers) if pairs else []
    known = backend().known(words, readers)
    alone = [
        place
        for place, word in enumerate(words)
        if word not in known or (pairs and not any(counts[max(0, place - 1) : place + 1]))
    ]
    return [place for place in alone if words[place].isalpha()]


def _best_variant(clause: Clause, place: int, readers: ReaderTokens) -> str | None:
    words = clause.words
    known = sorted(backend().known(_variants(words[place]), readers))
    beside = [_beside(words, place, word) for word in known]
    counts = backend().counts([pair for pairs in beside for pair in pairs], readers)
    totals: dict[str, int] = {}
    rest = iter(counts)
    for word, pairs in zip(known, beside, strict=True):
        totals[word] = sum(islice(rest, len(pairs))) if pairs else 1
    best = max(totals, key=lambda word: (totals[word], word), default=None)
    return best if best is not None and totals[best] else None


def _beside(words: Words, place: int, word: str) -> list[str]:
    around = [*words[max(0, place - 1) : place], word, *words[place + 1 : place + 2]]
    return bigrams(around)


def _variants(word: str) -> set[str]:
    """Syllables one letter away: one too many, one too few, another one, two in the wrong order."""
    cuts: Sequence[tuple[str, str]] = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in cuts if right for letter in LETTERS}
    found |= {left + letter + right for left, right in cuts for letter in LETTERS}
    return {one for one in found - {word} if one and is_vietnamese_syllable(one)}


def _with(query: Query, word: str, other: str) -> str:
    """The typed text with one word replaced wherever it stands among plain words."""
    text, folded = query.text, fold(query.text)
    for part in reversed([part for part in query.parts if part.kind == "words"]):
        for match in reversed(list(WORD.finditer(folded, part.start, part.end))):
            if match.group() == word:
                text = text[: match.start()] + other + text[match.end() :]
    return text
