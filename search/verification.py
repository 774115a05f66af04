"""
Whether search finds what the database has: bit rot is silent, so somebody has to look.

Compared are the number of papers, the digests of a sample (of all papers while they are few), and canaries: words of a paper,
looked for with its own readers' keys, find it, and find nothing for a key that nobody holds.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit import feed
from documents.selectors import findable_count, ids_after, newest_id
from search.analysis import exact_words
from search.backends.base import BackendUnavailable, Filters, ReaderTokens, SearchRequest
from search.backends.prepared import digest_of
from search.engine import backend
from search.feed import fields_by_document
from search.models import Verification
from search.parser import parse
from search.upkeep import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

PATIENCE_SECONDS = 60.0
PORTION = 100
LOOKS = 3  # others go on working while this looks
FEW, SHARE = 5_000, 100  # all papers up to so many, beyond that one of a hundred
CANARIES, CANARY_WORDS = 20, 4
AHEAD = 1_000  # ids, among which so many papers are surely to be found
MOST_FINDINGS = 100
KEPT = 400  # rows of earlier verifications
NOBODY = ReaderTokens(frozenset({"user:0"}))


# --- looking --------------------------------------------------------------------------------------------------------------


def differing(ids: Iterable[int]) -> set[int]:
    """Papers that the index lacks, has although nobody may find them, or has with other words or readers."""
    found: set[int] = set()
    for portion in _portions(sorted(ids)):
        kept = backend().digests(portion[0], portion[-1])
        present = {pk: digest_of(fields) for pk, fields in fields_by_document(portion).items()}
        found |= {pk for pk in portion if kept.get(pk) != present.get(pk)}
    return found


def _portions(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), PORTION):
        yield list(ids[start : start + PORTION])


def silent(ids: Iterable[int]) -> set[int]:
    """Papers that their own words do not find for their own readers, or find for somebody who reads nothing."""
    return {pk for pk, fields in fields_by_document(sorted(ids)).items() if not _answers(pk, fields)}


def _answers(pk: int, fields: dict[str, Any]) -> bool:
    words = exact_words(fields["body"]) or exact_words(fields["title"])
    if not words or not fields["tokens"]:
        return True
    start = random.randrange(max(1, len(words) - CANARY_WORDS + 1))  # noqa: S311  # no secret
    query = parse('"' + " ".join(words[start : start + CANARY_WORDS]) + '"')
    request = SearchRequest(query, Filters(only=frozenset({pk})), "date", limit=1)
    own = backend().search(request, ReaderTokens(frozenset(fields["tokens"])))
    return [hit.doc_id for hit in own.hits] == [pk] and not backend().search(request, NOBODY).total


def lasting(look: Callable[[Iterable[int]], set[int]], ids: Iterable[int]) -> set[int]:
    """What is wrong even when the index has taken in what happened meanwhile."""
    doubtful = look(ids)
    for _again in range(LOOKS - 1):
        if doubtful:
            settle(PATIENCE_SECONDS)
            doubtful = look(sorted(doubtful))
    return doubtful


# --- the whole of it ------------------------------------------------------------------------------------------------------


def verify_index() -> Verification:
    """Compare and keep what was found."""
    began, row = time.monotonic(), Verification()
    try:
        row.findings = list(_findings(row))[:MOST_FINDINGS]
    except BackendUnavailable:
        row.findings = [{"kind": "unavailable"}]
    row.seconds = round(time.monotonic() - began, 2)
    row.save()
    old = Verification.objects.order_by("-id").values_list("id", flat=True)[KEPT:]
    Verification.objects.filter(pk__in=list(old)).delete()
    return row


def _findings(row: Verification) -> Iterator[dict[str, Any]]:
    if not settle(PATIENCE_SECONDS):
        yield {"kind": "behind", "served": backend().served(), "head": feed.head()}
        return
    last = newest_id()
    ids = _sample(last)
    row.checked = len(ids)
    yield from ({"kind": "paper", "document": pk} for pk in sorted(lasting(differing, ids)))
    canaries = ids_after(random.randrange(max(1, last - AHEAD)), CANARIES)  # noqa: S311  # no secret
    yield from ({"kind": "canary", "document": pk} for pk in sorted(lasting(silent, canaries)))
    yield from _wrong_count(row)


def _sample(last: int) -> list[int]:
    """Whole stretches of ids, since those are asked for at once."""
    if last <= FEW:
        return list(range(1, last + 1))
    wanted = max(FEW, last // SHARE) // PORTION
    starts = random.sample(range(1, last + 1, PORTION), wanted)  # no secret
    return sorted(pk for start in starts for pk in range(start, min(start + PORTION, last + 1)))


def _wrong_count(row: Verification) -> Iterator[dict[str, Any]]:
    for _again in range(LOOKS):
        health = backend().health()
        row.engine, row.generation, row.documents = health.engine, health.generation, health.documents
        wanted = findable_count()
        if wanted == health.documents:
            return
        settle(PATIENCE_SECONDS)
    yield {"kind": "count", "index": row.documents, "database": wanted}


# --- for people -----------------------------------------------------------------------------------------------------------


def words_of(finding: dict[str, Any]) -> str:
    """A finding as a sentence for an operator."""
    return _sentences()[finding["kind"]] % {name: value for name, value in finding.items() if name != "kind"}


def _sentences() -> dict[str, str]:
    return {
        "unavailable": _("The index cannot be read. It has to be made anew."),
        "behind": _("The index stands at entry %(served)s of the audit chain, which ends at %(head)s."),
        "paper": _("Paper no. %(document)s stands in the index otherwise than in the database."),
        "canary": _("Paper no. %(document)s is not found by its own words, or by somebody who may not see it."),
        "count": _("The index holds %(index)s papers, the database %(database)s."),
    }
