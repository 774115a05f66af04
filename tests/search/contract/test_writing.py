"""What is written, in any order and again, is what is found, by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from search.backends.base import BackendUnavailable, Op
from search.backends.prepared import digest_of
from tests.search.conftest import ask, fill, found, op, put, reached

if TYPE_CHECKING:
    from search.backends.base import SearchBackend

DIRECTIVE = "Chỉ thị về đẩy mạnh xử lý văn bản và họp giao ban trên môi trường số"


class TestApply:
    def test_twice_is_once(self, engine: SearchBackend) -> None:
        for _time in range(3):
            fill(engine, op(1, body=DIRECTIVE))

        assert ask(engine, "văn bản").total == 1

    def test_replaces_what_a_paper_said_and_who_may_read_it(self, engine: SearchBackend) -> None:
        fill(engine, op(1, 1, body="bản cũ"))
        fill(engine, op(1, 2, body="lời mới", tokens=["post:9"]))

        assert ask(engine, "bản cũ").total == ask(engine, "lời mới").total == 0
        assert found(engine, "lời mới", "post:9") == [1]

    def test_an_older_operation_comes_too_late(self, engine: SearchBackend) -> None:
        fill(engine, op(1, 5, body="lời mới"))
        fill(engine, op(1, 3, body="bản cũ"), Op(1, 4, None))

        assert found(engine, "lời mới") == [1]
        assert ask(engine, "bản cũ").total == 0

    def test_what_was_forgotten_stays_so_when_a_late_write_comes(self, engine: SearchBackend) -> None:
        fill(engine, op(1, 1, body=DIRECTIVE))
        fill(engine, Op(1, 4, None))
        fill(engine, op(1, 3, body=DIRECTIVE))

        assert ask(engine, "văn bản").total == 0
        assert engine.digests(1, 9) == {}

    def test_what_was_forgotten_can_come_back_later(self, engine: SearchBackend) -> None:
        fill(engine, Op(1, 4, None))
        fill(engine, op(1, 5, body=DIRECTIVE))

        assert found(engine, "văn bản") == [1]

    def test_the_checkpoint_never_goes_back(self, engine: SearchBackend) -> None:
        fill(engine, op(1), upto=9)
        fill(engine, op(2), upto=4)

        assert reached(engine) == 9

    def test_nothing_of_a_batch_that_breaks_off_is_there(self, engine: SearchBackend) -> None:
        """The checkpoint never comes before the papers that it speaks of."""
        fill(engine, op(1, body=DIRECTIVE), upto=3)

        def breaks() -> Any:
            yield op(2, body=DIRECTIVE)
            raise OSError

        with pytest.raises((OSError, BackendUnavailable)):
            put(engine, breaks(), 8)

        assert (reached(engine), ask(engine, "văn bản").total) == (3, 1)
        fill(engine, op(2, body=DIRECTIVE), upto=8)
        assert (reached(engine), ask(engine, "văn bản").total) == (8, 2)

    def test_in_any_order_gives_the_same(self, engine: SearchBackend) -> None:
        history = [op(pk, version, body=f"văn bản {version}") for pk in range(1, 6) for version in range(1, 5)]
        last = {pk: op(pk, 4, body="văn bản 4") for pk in range(1, 6)}

        for place in range(20):
            fill(engine, history[place * 7 % 20])  # in disorder

        assert engine.digests(1, 5) == {pk: digest_of(one.fields or {}) for pk, one in last.items()}
        assert ask(engine, "văn bản").total == 5
