"""A query's shape in the embedded engine's terms, and its fields."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import tantivy

from search.backends.prepared import NUMBERS, digest_of, prepared
from search.shape import Begins, Between, Bool, Boosted, Constant, Near, OneOf, Term

if TYPE_CHECKING:
    from search.backends.base import Op
    from search.shape import Node

NOTHING: tuple[Any, ...] = ("", [])
MOST_POSSIBLE = 2**63 - 1


def schema() -> Any:
    """
    Text is not stored, snippets come from the database.

    Ids are integers: on an unsigned field the engine's deletion deletes nothing and says nothing.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("version", stored=True, indexed=True, fast=True)
    builder.add_integer_field("scanned", stored=True)
    builder.add_bytes_field("digest", stored=True)
    for name in ("body", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_exact", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(f"{name}_bigrams", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("label", tokenizer_name="whitespace", index_option="basic")
    for name in ("issuer_words", "tag_words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("symbol", "days", "readers"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("issuer", "tag", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*NUMBERS, "newest"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_boolean_field("is_tombstone", indexed=True)
    return builder.build()


_own_schema = cache(schema)


def document_of(op: Op) -> Any:
    """A paper as the index keeps it; without fields a tombstone, so that a late write of an older version stays out."""
    document = tantivy.Document(id=op.doc_id, version=op.version)
    if op.fields is None:
        document.add_boolean("is_tombstone", True)  # the binding takes no name
        return document
    document.add_bytes("digest", digest_of(op.fields))
    document.extend(
        {name: value for name, value in prepared(op.doc_id, op.fields).items() if value not in NOTHING}, _own_schema()
    )
    return document


class Translator:
    """Translates for the schema of the index that is asked, which may be older than this program's."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def translate(self, node: Node) -> Any:  # noqa: PLR0911  # one line a node
        match node:
            case Term(field, value):
                return tantivy.Query.term_query(self.schema, field, value)
            case OneOf(field, values):
                return tantivy.Query.term_set_query(self.schema, field, list(values))
            case Near(field, words, slop):
                return tantivy.Query.phrase_query(self.schema, field, list(words), slop=slop)
            case Begins(field, prefix):
                return tantivy.Query.regex_query(self.schema, field, f"{re.escape(prefix)}.*")
            case Between(field, first, last):
                return tantivy.Query.range_query(self.schema, field, tantivy.FieldType.Integer, first, last)
            case Boosted(inner, factor):
                return tantivy.Query.boost_query(self.translate(inner), factor)
            case Constant(inner, score):
                return tantivy.Query.const_score_query(self.translate(inner), score)
            case Bool():
                return self._bool(node)

    def _bool(self, node: Bool) -> Any:
        kinds = (
            (tantivy.Occur.Must, node.must),
            (tantivy.Occur.Should, node.should),
            (tantivy.Occur.MustNot, node.must_not),
        )
        clauses = [(occur, self.translate(one)) for occur, nodes in kinds for one in nodes]
        return tantivy.Query.boolean_query(clauses, minimum_number_should_match=node.least or None)
