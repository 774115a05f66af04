"""The way to the cluster: who is asked, how long one waits, and what becomes of its errors."""

from __future__ import annotations

import logging
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import elasticsearch
from elasticsearch import Elasticsearch

from search.backends.base import BackendUnavailable, IndexLost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.backends.place import Place

logger = logging.getLogger(__name__)
ENGINE_ERRORS = (elasticsearch.ApiError, elasticsearch.TransportError, elasticsearch.UnsupportedProductError)
BUSY = (429, 502, 503, 504)
# Whoever searches waits so long at most before lists from the database take over; whoever writes has patience.
SEARCH_SECONDS, OPERATOR_SECONDS, WRITE_SECONDS = 2.5, 20.0, 60.0
AWAY_SECONDS, PATIENCE = 3.0, 2
USUAL_PORT = 9200
RETRIES = 2
LONGEST_REASON = 500


class Cluster:
    """Clients, made lazily and so after any fork."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.unseen: set[str] = set()  # indices into which this process wrote since it showed them
        self._away_until, self._unanswered = 0.0, 0
        self._made: tuple[int, Elasticsearch] | None = None

    def client(self, seconds: float) -> Elasticsearch:
        """
        A client whose every request ends after so many seconds; a node that cannot be reached is passed over for the next.

        :raises BackendUnavailable: to whoever searches, for some seconds after two requests in turn got no answer
        """
        if seconds <= SEARCH_SECONDS and time.monotonic() < self._away_until:
            raise BackendUnavailable("the engine did not answer a moment ago")
        if self._made is None or self._made[0] != os.getpid():
            self._made = (os.getpid(), self._make())
        return self._made[1].options(request_timeout=seconds)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """
        Turn the engine's errors into ours.

        :raises BackendUnavailable: for whatever is wrong with the engine or the way to it
        """
        try:
            yield
            self._unanswered = 0
        except ENGINE_ERRORS as error:
            if isinstance(error, elasticsearch.ConnectionTimeout):
                self._unanswered += 1
                if self._unanswered >= PATIENCE:
                    self._away_until = time.monotonic() + AWAY_SECONDS
            reason = str(error)[:LONGEST_REASON]
            logger.warning("the search engine failed: %s", reason)
            raise BackendUnavailable(reason) from error

    def _make(self) -> Elasticsearch:
        more: dict[str, Any] = {}
        if self.place.api_key:
            more["api_key"] = self.place.api_key
        if self.place.ca:
            more["ca_certs"] = self.place.ca
        urls = [_with_port(url) for url in self.place.urls]
        # A node that hangs may have a neighbour that answers; alone it would only be waited for twice.
        return Elasticsearch(urls, max_retries=RETRIES, retry_on_status=BUSY, retry_on_timeout=len(urls) > 1, **more)


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.port else parts._replace(netloc=f"{parts.netloc}:{USUAL_PORT}").geturl()


def is_there(answer: Any) -> bool:
    """
    Whether a document was found; its index is there in any case.

    :raises IndexLost: if there is no such index
    """
    if "error" in answer:
        raise IndexLost("there is no index")
    return bool(answer["found"])
