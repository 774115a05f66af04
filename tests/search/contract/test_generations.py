"""An index that is made anew beside the one that serves: nobody sees less meanwhile, and nothing gets lost between the two."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from search.backends.base import BackendUnavailable, Checkpoint, Op
from tests.search.conftest import ask, fill, found, op

if TYPE_CHECKING:
    from search.backends.base import SearchBackend

TEXT = "xử lý văn bản"


class TestBefore:
    def test_the_first_index_nothing_can_be_asked(self, engine: SearchBackend) -> None:
        assert list(engine.generations()) == []

        for question in (lambda: ask(engine, TEXT), engine.served, lambda: engine.digests(1, 9), engine.health):
            with pytest.raises(BackendUnavailable):
                question()

    def test_it_is_promoted_nobody_sees_it(self, engine: SearchBackend) -> None:
        engine.begin_rebuild()
        engine.generations()[-1].apply([op(1, body=TEXT)], Checkpoint(3, None))
        engine.refresh()

        with pytest.raises(BackendUnavailable):
            ask(engine, TEXT)
        engine.promote()
        assert (found(engine, TEXT), engine.served()) == ([1], 3)


class TestRebuild:
    def test_leaves_what_serves_and_writes_go_into_both(self, engine: SearchBackend) -> None:
        fill(engine, op(1, 1, body=TEXT), op(2, 1, body=TEXT), upto=5)
        engine.begin_rebuild()
        serving, made = engine.generations()
        for generation in (serving, made):
            generation.apply([op(3, 6, body=TEXT), Op(1, 7, None)], Checkpoint(7, 0))
        made.apply([op(1, 5, body=TEXT), op(2, 5, body=TEXT)], Checkpoint(5, 2))  # the database, as it was before
        engine.refresh()
        meanwhile = found(engine, TEXT)

        made.apply([], Checkpoint(7, None))
        engine.promote()

        assert meanwhile == found(engine, TEXT) == [3, 2]
        assert [one.checkpoint() for one in engine.generations()] == [Checkpoint(7, None)]

    def test_begun_again_forgets_the_one_that_was_being_made(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body=TEXT))
        engine.begin_rebuild()
        engine.generations()[-1].apply([op(2, body=TEXT)], Checkpoint(5, 9))

        engine.begin_rebuild()

        assert [one.checkpoint() for one in engine.generations()] == [Checkpoint(1, None), Checkpoint()]
        assert found(engine, TEXT) == [1]

    def test_goes_on_where_it_was_left(self, engine: SearchBackend) -> None:
        engine.begin_rebuild()
        engine.generations()[-1].apply([op(1, body=TEXT)], Checkpoint(4, 1))

        assert engine.generations()[-1].checkpoint() == Checkpoint(4, 1)

    def test_a_reading_loop_never_sees_less(self, engine: SearchBackend) -> None:
        fill(engine, *(op(pk, body=TEXT) for pk in range(1, 6)))
        seen, over = set[int](), threading.Event()

        def read() -> None:
            while not over.is_set():
                seen.add(ask(engine, TEXT).total)

        reader = threading.Thread(target=read)
        reader.start()
        for _time in range(4):
            engine.begin_rebuild()
            engine.generations()[-1].apply([op(pk, body=TEXT) for pk in range(1, 6)], Checkpoint(1, None))
            engine.promote()
        over.set()
        reader.join()

        assert seen == {5}


class TestCheckpoint:
    def test_is_joined_with_what_was_reached(self, engine: SearchBackend) -> None:
        engine.begin_rebuild()
        made = engine.generations()[-1]
        places = []
        for place in (Checkpoint(3, 5), Checkpoint(2, 9), Checkpoint(4, 1), Checkpoint(1, None), Checkpoint(6, 3)):
            made.apply([], place)
            places.append(made.checkpoint())

        assert places == [
            Checkpoint(3, 5),
            Checkpoint(3, 9),
            Checkpoint(4, 9),
            Checkpoint(4, None),
            Checkpoint(6, None),
        ]


class TestPurge:
    def test_forgets_old_tombstones_alone(self, engine: SearchBackend) -> None:
        fill(engine, op(1, 1, body=TEXT), Op(2, 3, None), Op(3, 5, None), upto=5)

        serving = engine.generations()[-1]

        assert [serving.purge(4), serving.purge(4), serving.purge(9)] == [1, 0, 1]
        assert (found(engine, TEXT), serving.checkpoint()) == ([1], Checkpoint(5, None))
