"""
What both engines index of a paper: terms made here, by one analysis, and split by them at blanks alone.

Whatever changes the meaning of a field stands here, in the analysis or in the folding: their source is the fingerprint of an
index, and another fingerprint is another index.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from functools import cache
from typing import Any

from core import symbols, vietnamese
from core.symbols import normal_symbol
from search import analysis
from search.analysis import bigrams, exact_words, folded_words, label_words, symbol_keys

NUMBERS = ("type_id", "unit_id", "year", "day")
INDEXED = ("title", "body", "symbol", "symbol_norm", "tokens", "issuer", "tags", "state", *NUMBERS)
BITS_OF_ID = 32


@cache
def fingerprint(engine: str) -> str:
    """Names what an index means: the engine with its format, these fields, the analysis."""
    with open(__file__, encoding="utf-8") as own:  # noqa: PTH123  # one line among its like
        facts = [engine, own.read(), *(inspect.getsource(module) for module in (analysis, vietnamese, symbols))]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]


def prepared(doc_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    """
    The terms of a paper, by field.

    `body`, `title`: folded words in order · `_exact`: with tones · `_bigrams`: folded neighbours · `label`: words of title and
    symbol, for completion · `symbol`: keys of its own number · `issuer_words`, `tag_words`: folded, in order · `readers`: tokens
    · facets as they are, 0 or "" for none · `newest`: order by day, then id.
    """
    found: dict[str, Any] = {}
    for name in ("body", "title"):
        words = folded_words(fields[name])
        found[name] = " ".join(words)
        found[f"{name}_exact"] = " ".join(exact_words(fields[name]))
        found[f"{name}_bigrams"] = " ".join(bigrams(words))
    symbol = fields["symbol_norm"] or normal_symbol(fields["symbol"]) or ""
    found["symbol"] = symbol_keys(symbol, fields["symbol"], fields["year"])
    found["label"] = " ".join(label_words(fields["symbol"], fields["title"]))
    found["issuer"], found["issuer_words"] = fields["issuer"], " ".join(folded_words(fields["issuer"]))
    found["tag"], found["tag_words"] = list(fields["tags"]), [" ".join(folded_words(tag)) for tag in fields["tags"]]
    found["state"] = fields["state"]
    found["readers"] = list(fields["tokens"])
    found |= {name: fields[name] or 0 for name in NUMBERS}
    # Newest first is a total order in one field: by day, then by id.
    found["newest"] = ((fields["day"] or 0) << BITS_OF_ID) + doc_id
    return found


def digest_of(fields: dict[str, Any]) -> bytes:
    """What verification compares: two papers with one digest are found alike, by the same people."""
    words = json.dumps([fields[name] for name in INDEXED], ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "replace")).digest()[:16]
