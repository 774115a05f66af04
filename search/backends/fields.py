"""
The fields of the embedded index and how a paper fills them.

Whatever changes the meaning of a field stands here, in the analysis or in the folding: their source is the index's
fingerprint, and another fingerprint is another index.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import tantivy

from core import symbols, vietnamese
from core.symbols import normal_symbol
from search import analysis
from search.analysis import bigrams, exact_words, folded_words

if TYPE_CHECKING:
    from search.backends.base import Op

NUMBERS = ("type_id", "unit_id", "year", "day")
INDEXED = ("title", "body", "symbol", "symbol_norm", "tokens", *NUMBERS)
BITS_OF_ID = 32


@cache
def fingerprint() -> str:
    """Names what the index means: the engine's format, these fields, the analysis."""
    sources = [inspect.getsource(module) for module in (analysis, vietnamese, symbols)]
    with open(__file__, encoding="utf-8") as own:  # noqa: PTH123  # one line among its like
        facts = "\n".join([version("tantivy"), own.read(), *sources])
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def schema() -> Any:
    """
    Text is not stored, snippets come from the database.

    Ids are integers: on an unsigned field the engine's deletion deletes nothing and says nothing.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("version", stored=True, fast=True)
    builder.add_bytes_field("digest", stored=True)
    for name in ("body", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_exact", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(f"{name}_bigrams", tokenizer_name="whitespace", index_option="freq")
    for name in ("symbol", "readers"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*NUMBERS, "newest"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def document_of(op: Op) -> Any:
    """A paper as the index keeps it; without fields a tombstone, so that a late write of an older version stays out."""
    document = tantivy.Document(id=op.doc_id, version=op.version)
    if op.fields is None:
        return document
    document.add_bytes("digest", digest_of(op.fields))
    for name in ("body", "title"):
        text = op.fields[name]
        words = folded_words(text)
        document.add_text(name, " ".join(words))
        document.add_text(f"{name}_exact", " ".join(exact_words(text)))
        document.add_text(f"{name}_bigrams", " ".join(bigrams(words)))
    if symbol := op.fields["symbol_norm"] or normal_symbol(op.fields["symbol"]):
        document.add_text("symbol", symbol)
    for token in op.fields["tokens"]:
        document.add_text("readers", token)
    for name in NUMBERS:
        document.add_integer(name, op.fields[name] or 0)
    # Newest first is a total order in one field: by day, then by id.
    document.add_integer("newest", ((op.fields["day"] or 0) << BITS_OF_ID) + op.doc_id)
    return document


def digest_of(fields: dict[str, Any]) -> bytes:
    """What verification compares: two papers with one digest are found alike, by the same people."""
    words = json.dumps([fields[name] for name in INDEXED], ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "replace")).digest()[:16]
