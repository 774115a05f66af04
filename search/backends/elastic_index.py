"""
The index in Elasticsearch: its fields, and how a paper fills them.

The server only cuts at blanks: the terms are those of `search.backends.prepared`, so that both engines index exactly the same.
(Folding on the server needs 248 rules for decomposed letters and still does not place a tone.)
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from search.backends.base import DEEPEST
from search.backends.prepared import NUMBERS, digest_of, fingerprint, prepared

if TYPE_CHECKING:
    from search.backends.base import Op

# Letters of at most four bytes, two such words in a pair: for a term of more than 32,766 bytes the engine refuses its paper.
LONGEST_TERM = 4000
REFRESH = "5s"  # the engine's own; the indexer shows what it wrote as soon as it is through
CHECKPOINT, SERVED = "checkpoint", "served"  # ids that no paper bears
PLACED = ("body", "title", "issuer_words", "tag_words")  # phrases are looked for here
COUNTED = ("body_exact", "title_exact", "title_bigrams")
PAIRED = ("body",)  # the server pairs neighbours of long texts itself: that halves what is sent
NAMED = ("label",)
KEYS = ("symbol", "days", "issuer", "tag", "state")


def index_body(*, shards: int) -> dict[str, Any]:
    """What an index is made with: it is filled without copies and without being shown, `settled` gives it both."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "max_result_window": DEEPEST,
            # What was sent is kept until an index is packed: it takes half the room so, and goes with the first merges.
            "codec": "best_compression",
            "translog.flush_threshold_size": "64mb",
            "analysis": {
                "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": LONGEST_TERM}},
                "filter": {
                    "neighbours": {
                        "type": "shingle",
                        "min_shingle_size": 2,
                        "max_shingle_size": 2,
                        "output_unigrams": False,
                        "token_separator": "_",
                    }
                },
                "analyzer": {
                    "terms": {"type": "custom", "tokenizer": "blanks"},
                    "pairs": {"type": "custom", "tokenizer": "blanks", "filter": ["neighbours"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            # Text is not kept: snippets come from the database, and so does a new index.
            "_source": {"includes": ["id", "version", "digest", "deleted", "upto", "scanned"]},
            "properties": _properties(),
        },
    }


def settled(replicas: int) -> dict[str, Any]:
    """Copies, as far as there are nodes for them, and a refresh of its own."""
    return {"index": {"auto_expand_replicas": f"0-{replicas}" if replicas else False, "refresh_interval": REFRESH}}


def _properties() -> dict[str, Any]:
    """Places where phrases are looked for, frequencies where they raise a rank; nothing twice."""
    fields: dict[str, Any] = {}
    for names, options in ((PLACED, "positions"), (COUNTED, "freqs"), (NAMED, "docs")):
        fields |= {name: {"type": "text", "analyzer": "terms", "index_options": options} for name in names}
    for name in PAIRED:
        fields[name]["copy_to"] = f"{name}_bigrams"
        fields[f"{name}_bigrams"] = {"type": "text", "analyzer": "pairs", "index_options": "freqs"}
    fields |= {name: {"type": "keyword", "ignore_above": LONGEST_TERM} for name in KEYS}
    fields["readers"] = {"type": "keyword", "doc_values": False}
    fields |= {name: {"type": "long"} for name in (*NUMBERS, "id", "version", "newest", "upto", "scanned")}
    fields["digest"] = {"type": "keyword", "index": False, "doc_values": False}
    fields["deleted"] = {"type": "boolean"}
    return fields


@cache
def index_mark() -> str:
    """Names what an index means: another mark is another index."""
    return fingerprint("elastic " + hashlib.sha256(json.dumps(index_body(shards=1)).encode()).hexdigest())


def source_of(op: Op) -> dict[str, Any]:
    """A paper as the index keeps it; without fields a tombstone, so that a late write of an older version stays out."""
    facts = {"id": op.doc_id, "version": op.version}
    if op.fields is None:
        return {**facts, "deleted": True}
    terms = prepared(op.doc_id, op.fields)
    for name in PAIRED:
        del terms[f"{name}_bigrams"]
    return {**terms, **facts, "digest": digest_of(op.fields).hex()}
