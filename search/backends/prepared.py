"""
What both engines index of a paper: terms made here, by one analysis, and split by them at blanks alone.

Whatever changes the meaning of a field stands here, in the analysis or in the folding: their source is the fingerprint of an
index, and another fingerprint is another index.
"""

from __future__ import annotations

import hashlib
import inspect
from datetime import date
from functools import cache, lru_cache
from typing import Any

from core import symbols, vietnamese
from core.symbols import normal_symbol
from search import analysis
from search.analysis import analysed, date_keys, kind_key, label_words, symbol_keys, without_zeros

NUMBERS = ("type_id", "unit_id", "year", "day")
INDEXED = ("title", "body", "symbol", "symbol_norm", "tokens", "issuer", "tags", "state", *NUMBERS)
BITS_OF_ID = 32
GAP = " . "  # a term of its own, so that no phrase reaches from one text into the next


@cache
def fingerprint(engine: str) -> str:
    """Names what an index means: the engine with its format, these fields, the analysis."""
    with open(__file__, encoding="utf-8") as own:  # noqa: PTH123  # one line among its like
        facts = [engine, own.read(), *(inspect.getsource(module) for module in (analysis, vietnamese, symbols))]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]


def prepared(doc_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    """
    The terms of a paper, by field.

    `body`: folded words in order of title, text and what stands in every head: kind, office, day; so whatever must match is
    looked for there alone · `title`: the title's · `_exact`: with tones · `_bigrams`: folded neighbours, the title's with those
    of kind, office and day · `days`: keys of the days and months that it names · `label`: words of title and symbol, for
    completion · `symbol`: keys of its own number, day and kind · `issuer_words`, `tag_words`: folded, in order · `readers`:
    tokens · facets as they are, 0 or "" for none · `newest`: order by day, then id.
    """
    found = _texts(fields)
    symbol = fields["symbol_norm"] or normal_symbol(fields["symbol"]) or ""
    found["symbol"] = [
        *symbol_keys(symbol, fields["symbol"], fields["year"]), *_days(fields["day"]), *_kind(fields["type_name"]),
    ]  # fmt: skip
    found["label"] = " ".join([*label_words(fields["symbol"]), *without_zeros(found["title"].split())])
    found["issuer"], found["issuer_words"] = fields["issuer"], _remembered(fields["issuer"])[0]
    found["tag"], found["tag_words"] = list(fields["tags"]), [_remembered(tag)[0] for tag in fields["tags"]]
    found["state"] = fields["state"]
    found["readers"] = list(fields["tokens"])
    found |= {name: fields[name] or 0 for name in NUMBERS}
    # Newest first is a total order in one field: by day, then by id.
    found["newest"] = ((fields["day"] or 0) << BITS_OF_ID) + doc_id
    return found


def _texts(fields: dict[str, Any]) -> dict[str, Any]:
    title, body = analysed(fields["title"]), analysed(fields["body"])
    own, exact, pairs = zip(*_facts(fields), strict=True)
    days = [*date_keys(f" {body[0]}"), *_days(fields["day"])]
    return {
        "title": title[0], "title_exact": title[1], "title_bigrams": " ".join([title[2], *pairs]),
        "body": GAP.join([title[0], body[0], *own]), "body_exact": " ".join([title[1], body[1], *exact]),
        "body_bigrams": " ".join([title[2], body[2], *pairs]), "days": list(dict.fromkeys(days)),
    }  # fmt: skip


def _facts(fields: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What every paper says of itself in its head, in one form."""
    offices = dict.fromkeys([fields["issuer"], fields["unit_name"]])
    return [_remembered(text) for text in (fields["type_name"], *offices, _written(fields["day"]))]


_remembered = lru_cache(maxsize=20_000)(analysed)


@lru_cache(maxsize=20_000)
def _written(ordinal: int | None) -> str:
    day = date.fromordinal(ordinal) if ordinal else None
    return f"ngày {day.day} tháng {day.month} năm {day.year}" if day else ""


@lru_cache(maxsize=20_000)
def _days(ordinal: int | None) -> tuple[str, ...]:
    return tuple(date_keys(f" {_remembered(_written(ordinal))[0]}"))


@lru_cache(maxsize=1_000)
def _kind(name: str) -> tuple[str, ...]:
    words = _remembered(name)[0].split()
    return (kind_key(words),) if words else ()


def digest_of(fields: dict[str, Any]) -> bytes:
    """What verification compares: two papers with one digest are found alike, by the same people."""
    words = "\0".join([str(fields[name]) for name in INDEXED])
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).digest()
