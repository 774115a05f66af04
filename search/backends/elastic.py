"""
Elasticsearch 8 or 9, where one machine is outgrown.

An index `vanthu-<what it means>-000007` is a generation; the alias `vanthu` names the one that serves and moves in one step. Papers
carry the feed's number as an external version, so operations may come twice and in any order, from several processes. The
checkpoint is written after its papers were; repeating a batch does no harm.
"""

from __future__ import annotations

import json
import logging
import re
import time
from typing import TYPE_CHECKING, Any

from search.backends.base import (
    DEEPEST,
    FACETS,
    MOST_VALUES,
    BackendUnavailable,
    Health,
    Hit,
    ReaderTokens,
    SearchPage,
    bonds_of,
)
from search.backends.elastic_client import OPERATOR_SECONDS, SEARCH_SECONDS, WRITE_SECONDS, Cluster, is_there
from search.backends.elastic_index import SERVED, index_body, index_mark, settled
from search.backends.elastic_packing import Packing
from search.backends.elastic_query import NOTHING, compiled, counting, filtering
from search.backends.elastic_writing import ElasticGeneration
from search.shape import Term, rights_of, shape_of, suggestion_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from elasticsearch import Elasticsearch

    from search.backends.base import Facet, Neighbours, SearchRequest, Value
    from search.backends.place import Place
    from search.query import Words
    from search.shape import Node

logger = logging.getLogger(__name__)
GREEN_SECONDS = 30
RETIRED, RETIRED_SECONDS = "retired", 600  # searches that began on an index end on it
COUNTED_AT_ONCE, SCROLLED_AT_ONCE = 500, 1000
KEEP_ALIVE = "1m"
SHARD_VALUES = 10_000  # of a facet, which is then exact


class ElasticBackend:
    """The indices of one office on a cluster."""

    name = "elastic"

    def __init__(self, place: Place) -> None:
        self.place = place
        self._cluster = Cluster(place)
        self.client = self._cluster.client
        self._known = re.compile(rf"{re.escape(place.prefix)}-[0-9a-f]+-\d{{6}}")

    # --- writing ----------------------------------------------------------------------------------------------------------

    def generations(self) -> Sequence[ElasticGeneration]:
        """Those to be written, the newest last; an index that served until some minutes ago goes."""
        with self._cluster.guarded():
            indices = self._indices()
            for name, aliases in indices.items():
                self._look_after(name, aliases)
            ours = [name for name, aliases in indices.items() if self._is_written(name, aliases)]
            serving = [name for name in ours if self.place.prefix in indices[name]]
            newest = [name for name in ours[-1:] if name not in serving]
        return [self._generation(name) for name in (*serving, *newest)]

    def _generation(self, name: str) -> ElasticGeneration:
        return ElasticGeneration(self._cluster, name)

    def _indices(self) -> dict[str, set[str]]:
        """This office's indices, the oldest first, with their aliases."""
        found = self.client(OPERATOR_SECONDS).indices.get_alias(index=f"{self.place.prefix}-*", allow_no_indices=True)
        named = {name: set(facts["aliases"]) for name, facts in found.items() if self._known.fullmatch(name)}
        return dict(sorted(named.items(), key=lambda item: item[0].rpartition("-")[2]))

    def _is_written(self, name: str, aliases: set[str]) -> bool:
        return name.startswith(f"{self.place.prefix}-{index_mark()}-") and self._since(aliases, RETIRED) is None

    def _since(self, aliases: set[str], what: str) -> int | None:
        """Since when an index is `what`: an alias says so, whoever put it there."""
        mark = f"{self.place.prefix}-{what}-"
        return next((int(alias.removeprefix(mark)) for alias in aliases if alias.startswith(mark)), None)

    def _look_after(self, name: str, aliases: set[str]) -> None:
        retired = self._since(aliases, RETIRED)
        if retired is None:
            Packing(self._cluster, name, aliases).step()
        elif time.time() - retired > RETIRED_SECONDS:
            self.client(WRITE_SECONDS).options(ignore_status=404).indices.delete(index=name)

    def is_packing(self) -> bool:
        """Whether an index still comes to be packed; each call is a step on the way."""
        with self._cluster.guarded():
            indices = {name: aliases for name, aliases in self._indices().items() if self._is_written(name, aliases)}
            steps = [Packing(self._cluster, name, aliases).is_due() for name, aliases in indices.items()]
        return any(steps)

    def begin_rebuild(self) -> None:
        """Make an empty index beside the one that serves; another one that was being made goes."""
        logger.warning("a search index is made anew")
        with self._cluster.guarded():
            indices, client = self._indices(), self.client(WRITE_SECONDS)
            for name, aliases in indices.items():
                if self.place.prefix not in aliases and self._since(aliases, RETIRED) is None:
                    client.options(ignore_status=404).indices.delete(index=name)
            last = max((int(name.rpartition("-")[2]) for name in indices), default=0)
            name = f"{self.place.prefix}-{index_mark()}-{last + 1:06d}"
            client.indices.create(index=name, aliases={f"{name}-w": {}}, **index_body(shards=self.place.shards))

    def promote(self) -> None:
        """
        Let searchers see the newest index: complete, packed, with its copies, in one step.

        Packing takes up to half a minute and a merge; meanwhile nothing is done here, and whoever asked asks again.
        """
        with self._cluster.guarded():
            indices, client = self._indices(), self.client(WRITE_SECONDS)
            name = next((name for name in reversed(indices) if self._is_written(name, indices[name])), None)
            if name is None:
                raise BackendUnavailable("there is no index to promote")
            serving = [other for other, aliases in indices.items() if self.place.prefix in aliases]
            if serving == [name] or not self._generation(name).checkpoint().is_whole:
                return
            if Packing(self._cluster, name, indices[name]).is_due():
                return
            client.indices.put_settings(index=name, settings=settled(self.place.replicas))
            client.options(ignore_status=408).cluster.health(
                index=name, wait_for_status="green", timeout=f"{GREEN_SECONDS}s"
            )
            self._show(name)
            client.indices.update_aliases(actions=self._switch(name, [other for other in serving if other != name]))

    def _switch(self, name: str, before: Sequence[str]) -> list[dict[str, Any]]:
        now = int(time.time())
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.place.prefix}}]
        for other in before:
            actions.append({"remove": {"index": other, "alias": self.place.prefix}})
            actions.append({"add": {"index": other, "alias": f"{self.place.prefix}-{RETIRED}-{now}"}})
        return actions

    def refresh(self) -> None:
        """Show searchers what was applied, and note how far that is; nothing is done when they see all of it."""
        with self._cluster.guarded():
            for name, aliases in self._indices().items():
                if self.place.prefix in aliases and self._has_more(name):
                    self._show(name)

    def _has_more(self, name: str) -> bool:
        """Written by this process, or by another one that ended before it could show it."""
        return name in self._cluster.unseen or self._served(name) != self._generation(name).checkpoint().upto

    def _show(self, name: str) -> None:
        """
        What is noted was written before the refresh of every copy of every shard: searchers see at least that much.

        The engine's own refresh comes to each copy at another moment, and could not be noted.
        """
        reached = self._generation(name).checkpoint().upto
        self._cluster.unseen.discard(name)
        client = self.client(WRITE_SECONDS)
        shown = client.indices.refresh(index=name)
        if shown["_shards"]["failed"]:
            raise BackendUnavailable("not every copy of the index can be refreshed")
        client.index(index=f"{name}-w", id=SERVED, document={"upto": reached}, require_alias=True)

    # --- reading ----------------------------------------------------------------------------------------------------------

    def served(self) -> int:
        """The feed's number up to which searchers see."""
        reached = self._served(self.place.prefix)
        if reached is None:
            raise BackendUnavailable("there is no index yet")
        return reached

    def _served(self, index: str) -> int | None:
        with self._cluster.guarded():
            found = self.client(SEARCH_SECONDS).options(ignore_status=404).get(index=index, id=SERVED)
        return int(found["_source"]["upto"]) if is_there(found) else None

    def search(self, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        """
        Hits that the tokens may see, with their number and the facets that were asked for.

        :raises BackendUnavailable: before the first index is complete, or if the engine cannot answer
        """
        shape = _asked(request, readers)
        if shape is None:
            return SearchPage()
        chosen = [facet for facet in request.facets if request.filters.of.get(facet)]
        searches = [self._page_of(request, shape, [facet for facet in request.facets if facet not in chosen])]
        searches += [_facet_of(request, readers, facet) for facet in chosen]
        page, *others = self._ask(*searches)
        facets = _facets(page) | {name: values for other in others for name, values in _facets(other).items()}
        counted = page["hits"]["total"]
        is_floor = counted["relation"] != "eq"
        first = min(request.offset, DEEPEST)
        hits = page["hits"]["hits"][: max(0, min(request.limit, DEEPEST - first))]
        return SearchPage(
            total=DEEPEST if is_floor else counted["value"], is_floor=is_floor,
            facets={facet: facets[facet] for facet in FACETS if facet in facets},
            hits=[Hit(int(hit["_id"]), hit["_score"] if _is_ranked(request) else None) for hit in hits],
        )  # fmt: skip

    def _page_of(self, request: SearchRequest, shape: Node, facets: Sequence[Facet]) -> dict[str, Any]:
        first = min(request.offset, DEEPEST)
        return {
            "query": compiled(shape),
            "from": first if first < DEEPEST else 0,
            "size": min(request.limit, DEEPEST - first),
            "sort": _sort(request),
            "track_total_hits": DEEPEST + 1
            if request.limit
            else True,  # whoever asks for no hits asks for their number
            **({"aggs": {facet: _values(facet) for facet in facets}} if facets else {}),
        }

    def _ask(self, *searches: dict[str, Any]) -> list[Any]:
        """Searches, asked at once; half an answer is none."""
        common = {"_source": False, "timeout": f"{int(SEARCH_SECONDS * 1000)}ms"}
        kind = "dfs_query_then_fetch" if self.place.shards > 1 else "query_then_fetch"
        head = {"allow_partial_search_results": False, "search_type": kind, "index": self.place.prefix}
        with self._cluster.guarded():
            lines = [line for search in searches for line in (head, {**common, **search})]
            answers = self.client(SEARCH_SECONDS).msearch(searches=lines)["responses"]
        for answer in answers:
            if "error" in answer or answer.get("timed_out"):
                logger.warning("the search engine failed: %s", json.dumps(answer.get("error", "too slow"))[:500])
                raise BackendUnavailable("the engine does not answer")
        return list(answers)

    def scroll(self, request: SearchRequest, readers: ReaderTokens) -> Iterator[int]:
        """Every paper that answers, as they were at one moment."""
        shape = _asked(request, readers)
        if shape is None:
            return
        with self._cluster.guarded():
            client = self.client(OPERATOR_SECONDS)
            moment = client.open_point_in_time(index=self.place.prefix, keep_alive=KEEP_ALIVE)["id"]
            try:
                search = {"query": compiled(shape), "sort": _sort(request), "track_total_hits": False, "_source": False}
                yield from _all_pages(client, moment, {**search, "allow_partial_search_results": False})
            finally:
                client.options(ignore_status=404).close_point_in_time(id=moment)

    def suggest(self, words: Words, prefix: str, readers: ReaderTokens, n: int) -> list[int]:
        """Papers whose title or symbol holds the words and something that begins so; the newest first."""
        if not _tokens_of(readers) or not prefix:
            return []
        query = compiled(suggestion_of(words, prefix, readers))
        (page,) = self._ask({"query": query, "size": n, "sort": [{"newest": "desc"}], "track_total_hits": False})
        return [int(hit["_id"]) for hit in page["hits"]["hits"]]

    def known(self, words: Iterable[str], readers: ReaderTokens) -> set[str]:
        """Those of the folded words that some paper of the searcher holds."""
        asked = list(dict.fromkeys(words))
        nodes = [Term("body", word) for word in asked]
        return {word for word, count in zip(asked, self._counts(nodes, readers), strict=True) if count}

    def counts(self, pairs: Sequence[str], readers: ReaderTokens) -> list[int]:
        """How many papers of the searcher hold each pair of folded syllables."""
        return self._counts([Term("body_bigrams", pair) for pair in pairs], readers)

    def bonds(self, pairs: Collection[Neighbours], readers: ReaderTokens) -> dict[str, float]:
        """From the terms of a paper that there is not: one shard tells of all, and always the same one."""
        if not pairs or not _tokens_of(readers):
            return {}
        made = {"body": " ".join(word for two in pairs for word in two), "body_bigrams": " ".join(map("_".join, pairs))}
        with self._cluster.guarded():
            answer = self.client(SEARCH_SECONDS).termvectors(
                index=self.place.prefix, doc=made, routing="0", fields=list(made), term_statistics=True,
                field_statistics=False, positions=False, offsets=False, payloads=False,
            )  # fmt: skip
        found = {field: terms["terms"] for field, terms in answer["term_vectors"].items()}
        return bonds_of(pairs, lambda field, term: found.get(field, {}).get(term, {}).get("doc_freq", 0))

    def _counts(self, nodes: Sequence[Node], readers: ReaderTokens) -> list[int]:
        if not _tokens_of(readers) or not nodes:
            return [0] * len(nodes)
        found: list[int] = []
        for at in range(0, len(nodes), COUNTED_AT_ONCE):
            aggregation = {"each": counting(nodes[at : at + COUNTED_AT_ONCE])}
            search = {"query": filtering(rights_of(readers)), "size": 0, "track_total_hits": False}
            (page,) = self._ask({**search, "aggs": aggregation})
            found += [bucket["doc_count"] for bucket in page["aggregations"]["each"]["buckets"]]
        return found

    def explain(self, request: SearchRequest, readers: ReaderTokens, doc_id: int) -> str:
        """The engine's own account of a score, as JSON."""
        shape = _asked(request, readers)
        if shape is None:
            return "{}"
        with self._cluster.guarded():
            client = self.client(OPERATOR_SECONDS).options(ignore_status=404)
            answer = client.explain(index=self.place.prefix, id=str(doc_id), query=compiled(shape))
        return json.dumps(answer.get("explanation", {}), ensure_ascii=False)

    # --- looking after it -------------------------------------------------------------------------------------------------

    def digests(self, first: int, last: int) -> dict[int, bytes]:
        """What is served of the papers with these ids, each with the digest of its fields."""
        found: dict[int, bytes] = {}
        with self._cluster.guarded():
            client = self.client(OPERATOR_SECONDS)
            for start in range(max(1, first), last + 1, DEEPEST):
                query = {"range": {"id": {"gte": start, "lte": min(last, start + DEEPEST - 1)}}}
                page = client.search(
                    index=self.place.prefix, query=query, size=DEEPEST, source_includes=["digest"], track_total_hits=False,
                    allow_partial_search_results=False,
                )  # fmt: skip
                for hit in page["hits"]["hits"]:
                    if digest := hit["_source"].get("digest"):
                        found[int(hit["_id"])] = bytes.fromhex(digest)
        return found

    def health(self) -> Health:
        """How it is now."""
        with self._cluster.guarded():
            client = self.client(SEARCH_SECONDS)
            indices = self._indices()
            serving = next((name for name, aliases in indices.items() if self.place.prefix in aliases), None)
            if serving is None:
                raise BackendUnavailable("there is no index yet")
            size = client.indices.stats(index=serving, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
            return Health(
                engine=self.name, version=client.info()["version"]["number"], generation=serving, size=size,
                documents=client.count(index=serving, query={"exists": {"field": "newest"}})["count"],
                is_rebuilding=any(self._is_written(n, a) and n != serving for n, a in indices.items()),
            )  # fmt: skip


def _tokens_of(readers: ReaderTokens) -> frozenset[str]:
    """:raises TypeError: for anything but tokens: there is no way around them"""
    if not isinstance(readers, ReaderTokens):
        raise TypeError("search needs the searcher's tokens")
    return readers.tokens


def _asked(request: SearchRequest, readers: ReaderTokens) -> Node | None:
    return shape_of(request, readers) if _tokens_of(readers) else None


def _is_ranked(request: SearchRequest) -> bool:
    return request.sort == "relevance" and (request.like is not None or not request.query.is_empty)


def _sort(request: SearchRequest) -> list[Any]:
    """A total order: no page shows what another has shown."""
    newest = {"newest": "asc" if request.sort == "oldest" else "desc"}
    return ["_score", newest] if _is_ranked(request) else [newest]


def _facet_of(request: SearchRequest, readers: ReaderTokens, facet: Facet) -> dict[str, Any]:
    """The values of a facet under all conditions but its own."""
    shape = shape_of(request, readers, facet)
    query = filtering(shape) if shape is not None else NOTHING
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": {facet: _values(facet)}}


def _values(facet: Facet) -> dict[str, Any]:
    """One more than is shown: papers without a value are counted too."""
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": facet, "size": MOST_VALUES + 1, "shard_size": SHARD_VALUES, "order": order}}


def _facets(page: Any) -> dict[Facet, list[tuple[Value, int]]]:
    found = {}
    for facet, facts in page.get("aggregations", {}).items():
        values = [(bucket["key"], bucket["doc_count"]) for bucket in facts["buckets"] if bucket["key"]]
        found[facet] = values[:MOST_VALUES]
    return found


def _all_pages(client: Elasticsearch, moment: str, search: dict[str, Any]) -> Iterator[int]:
    after: dict[str, Any] = {}
    while True:
        page = client.search(
            pit={"id": moment, "keep_alive": KEEP_ALIVE}, size=SCROLLED_AT_ONCE, **_by_keyword(search), **after
        )
        hits = page["hits"]["hits"]
        yield from (int(hit["_id"]) for hit in hits)
        if len(hits) < SCROLLED_AT_ONCE:
            return
        after, moment = {"search_after": hits[-1]["sort"]}, page["pit_id"]


def _by_keyword(search: dict[str, Any]) -> dict[str, Any]:
    """The client calls it `source`."""
    return {name.removeprefix("_"): value for name, value in search.items()}
