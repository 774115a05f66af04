"""The shape of a query in Elasticsearch's words. Its own parsers never see what a person typed."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from search.shape import Begins, Between, Bool, Boosted, Constant, Near, OneOf, Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.shape import Node

MOST_TERMS = 60_000  # the engine takes 65,536 of one field at once
NOTHING: dict[str, Any] = {"match_none": {}}


@singledispatch
def compiled(node: Node, worth: float = 1.0) -> dict[str, Any]:
    """
    A node as JSON.

    :param worth: what its score is multiplied with
    """
    raise TypeError(node)


@compiled.register
def _(node: Term, worth: float = 1.0) -> dict[str, Any]:
    return {"term": {node.field: {"value": node.value, "boost": worth}}}


@compiled.register
def _(node: OneOf, worth: float = 1.0) -> dict[str, Any]:
    if not node.values:
        return NOTHING
    starts = range(0, len(node.values), MOST_TERMS)
    parts: list[dict[str, Any]] = [
        {"terms": {node.field: node.values[at : at + MOST_TERMS], "boost": worth}} for at in starts
    ]
    return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}


@compiled.register
def _(node: Near, worth: float = 1.0) -> dict[str, Any]:
    return {"match_phrase": {node.field: {"query": " ".join(node.words), "slop": node.slop, "boost": worth}}}


@compiled.register
def _(node: Begins, worth: float = 1.0) -> dict[str, Any]:
    return {"prefix": {node.field: {"value": node.prefix, "rewrite": "constant_score", "boost": worth}}}


@compiled.register
def _(node: Between, worth: float = 1.0) -> dict[str, Any]:
    bounds = {"gte": node.first, "lte": node.last}
    return {"range": {node.field: {**{k: v for k, v in bounds.items() if v is not None}, "boost": worth}}}


@compiled.register
def _(node: Boosted, worth: float = 1.0) -> dict[str, Any]:
    return compiled(node.node, worth * node.factor)


@compiled.register
def _(node: Constant, worth: float = 1.0) -> dict[str, Any]:
    return {"constant_score": {"filter": compiled(node.node), "boost": node.score * worth}}


@compiled.register
def _(node: Bool, worth: float = 1.0) -> dict[str, Any]:
    """What is worth nothing is a filter, which the engine remembers between searches."""
    parts = {
        "must": [compiled(one) for one in node.must if not _is_filter(one)],
        "filter": [compiled(one.node) for one in node.must if isinstance(one, Constant) and _is_filter(one)],
        "should": [compiled(one) for one in node.should],
        "must_not": [compiled(one) for one in node.must_not],
    }
    found: dict[str, Any] = {name: nodes for name, nodes in parts.items() if nodes}
    if node.should:
        found["minimum_should_match"] = node.least
    return {"bool": {**found, "boost": worth}}


def _is_filter(node: Node) -> bool:
    return isinstance(node, Constant) and node.score == 0


def filtering(*nodes: Node) -> dict[str, Any]:
    """Papers that fit all the nodes, without a score."""
    return {"bool": {"filter": [compiled(node) for node in nodes]}}


def counting(nodes: Sequence[Node]) -> dict[str, Any]:
    """An aggregation that counts the papers of each node."""
    return {"filters": {"filters": [compiled(node) for node in nodes]}}
