"""Traps of the embedded engine, each sprung here: forks, panics, locks, kills, broken files (search design, 7)."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tantivy

from search.backends import embedded
from search.backends.base import BackendUnavailable, Likeness, Op, ReaderTokens, SearchRequest, WriterBusy
from search.backends.embedded import EmbeddedBackend
from search.backends.embedded_query import schema
from search.query import Query
from tests.processes import ROOT
from tests.search.conftest import EVERYBODY, ask, fill, found, op, put, reached

TEXT = "xử lý văn bản"
# A writer that never ends: it says each checkpoint once it is committed.
WRITER = """
import sys
from pathlib import Path
import django
django.setup()
from search.backends.embedded import EmbeddedBackend
from tests.search.conftest import fill, op, reached
engine = EmbeddedBackend(Path(sys.argv[1]))
n = reached(engine)
while True:
    n += 1
    fill(engine, *(op(pk, n, body=f"văn bản {n}") for pk in range(n, n + 3)), upto=n)
    print(n, flush=True)
"""


def writer(engine: EmbeddedBackend) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER, str(engine.root)]
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def serving(engine: EmbeddedBackend) -> Path:
    return engine.root / (engine.root / "CURRENT").read_text()


class TestDeletion:
    def test_is_silent_on_unsigned_fields_so_ids_are_integers(self, tmp_path: Path) -> None:
        left = {}
        for kind in ("unsigned", "integer"):
            builder = tantivy.SchemaBuilder()
            getattr(builder, f"add_{kind}_field")("id", stored=True, indexed=True)
            index = tantivy.Index(builder.build())
            hand = index.writer(15_000_000, 1)
            document = tantivy.Document()
            getattr(document, f"add_{kind}")("id", 1)
            hand.add_document(document)
            hand.commit()
            hand.delete_documents_by_term("id", 1)
            hand.commit()
            index.reload()
            left[kind] = index.searcher().num_docs

        assert left == {"unsigned": 1, "integer": 0}


class TestPanics:
    def test_are_no_ordinary_exceptions_and_become_ours(self) -> None:
        def phrase_of_one_word() -> object:
            return tantivy.Query.phrase_query(schema(), "body", ["một"])

        with pytest.raises(BaseException, match="more than one") as raised:
            phrase_of_one_word()
        assert not isinstance(raised.value, Exception)

        with pytest.raises(BackendUnavailable):
            embedded._guard(phrase_of_one_word)

    @pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
    def test_a_request_to_stop_is_none(self, stop: type[BaseException]) -> None:
        def stops() -> None:
            raise stop

        with pytest.raises(stop):
            embedded._guard(stops)

    @pytest.mark.parametrize("typed", ['"một"', "một", '-"một"', '"một" "hai"'])
    def test_a_phrase_of_one_word_is_a_word(self, engine: EmbeddedBackend, typed: str) -> None:
        fill(engine, op(1, body="một hai"), op(2, body="ba"))

        assert found(engine, typed) == ([2] if typed.startswith("-") else [1])


class TestUnusedParts:
    """What the engine offers and an office must not take: its source is looked through."""

    REFUSED = (
        "parse_query",
        "parse_query_lenient",
        "more_like_this_query",
        "more_like_this_document_fields_query",
        "fuzzy_term_query",
    )

    def test_the_engines_parser_never_sees_what_a_person_typed(self) -> None:
        for path in [*(ROOT / "search").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
            names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}

            assert names.isdisjoint(self.REFUSED), path

    def test_they_are_there_so_the_look_means_something(self) -> None:
        known = {*dir(tantivy.Query), *dir(tantivy.Index)}

        assert known.issuperset(self.REFUSED)

    def test_papers_alike_are_found_after_deletions(self, engine: EmbeddedBackend) -> None:
        """The engine's own way to find them may panic then; ours asks for pairs of syllables."""
        fill(engine, *(op(pk, body=TEXT) for pk in range(1, 40)))
        fill(engine, *(Op(pk, 2, None) for pk in range(1, 20)), upto=2)
        like = Likeness((("xu_ly", 1.0), ("van_ban", 2.0)), 2)
        readers = ReaderTokens(frozenset([EVERYBODY]))

        page = engine.search(SearchRequest(Query(), like=like, limit=50), readers)

        assert {hit.doc_id for hit in page.hits} == set(range(20, 40))
        assert {hit.score for hit in page.hits} == {3.0}


class TestFork:
    def test_a_child_sees_what_is_committed_after_it_was_born(self, engine: EmbeddedBackend) -> None:
        """The engine's file watcher does not live in a child: it would see its parent's moment for ever."""
        fill(engine, op(1, body=TEXT))
        assert ask(engine, TEXT).total == 1
        come, go = os.pipe()

        child = os.fork()
        if child == 0:  # nothing of the test's own may run here twice
            os.read(come, 1)
            os._exit(ask(engine, TEXT).total)
        fill(EmbeddedBackend(engine.root), op(2, body=TEXT), op(3, body=TEXT))
        os.write(go, b".")
        _pid, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 3

    def test_readers_see_each_commit_at_once(self, engine: EmbeddedBackend) -> None:
        other = EmbeddedBackend(engine.root)

        for number in range(1, 9):
            fill(other, op(number, body=TEXT))
            assert ask(engine, TEXT).total == number


class TestThreads:
    def test_share_an_engine_while_generations_are_switched(self, engine: EmbeddedBackend) -> None:
        fill(engine, op(1, body=TEXT))
        engine.begin_rebuild()
        put(engine, [op(1, body=TEXT)], 1)
        first, second = (generation.folder.name for generation in engine.generations())
        half, current = engine.root / "CURRENT.new", engine.root / "CURRENT"

        with ThreadPoolExecutor() as readers:
            asked = [readers.submit(lambda: {engine.served() for _ in range(400)}) for _ in range(4)]
            while not all(one.done() for one in asked):
                for name in (first, second):
                    half.write_text(name)
                    half.replace(current)

        assert [one.result() for one in asked] == [{1}] * 4


class TestOneWriter:
    def test_a_second_one_is_told_at_once(self, engine: EmbeddedBackend) -> None:
        fill(engine, op(1, body=TEXT))
        first = tantivy.Index.open(str(serving(engine))).writer(15_000_000, 1)

        with pytest.raises(WriterBusy):
            put(engine, [op(2, body=TEXT)], 2)

        assert ask(engine, TEXT).total == 1  # readers do not wait
        first.wait_merging_threads()
        fill(engine, op(2, body=TEXT))
        assert ask(engine, TEXT).total == 2

    def test_a_lock_that_cannot_be_had_for_another_reason_is_a_fault(self, engine: EmbeddedBackend) -> None:
        """A folder in its place stands for a disk that is read-only, or files of another owner: root writes to those."""
        fill(engine, op(1, body=TEXT))
        lock = serving(engine) / ".tantivy-writer.lock"
        lock.unlink(missing_ok=True)
        lock.mkdir()

        with pytest.raises(BackendUnavailable):
            put(engine, [op(2, body=TEXT)], 2)

    def test_a_batch_that_broke_off_gives_the_lock_back(self, engine: EmbeddedBackend) -> None:
        broken = Op(1, 1, {"title": None})

        with pytest.raises((TypeError, KeyError)) as kept:
            put(engine, [broken], 1)

        fill(engine, op(2, body=TEXT))
        assert kept.value is not None

    def test_writing_in_turn_leaves_no_files_behind(self, engine: EmbeddedBackend) -> None:
        for number in range(1, 13):
            fill(EmbeddedBackend(engine.root), op(number, body=TEXT))

        folder = serving(engine)
        segments = {path.name.partition(".")[0] for path in folder.iterdir() if len(path.stem.partition(".")[0]) == 32}
        used = tantivy.Index.open(str(folder)).searcher().num_segments
        assert len(segments) == used


class TestKill:
    def test_at_any_moment_leaves_index_and_checkpoint_of_one_mind(self, engine: EmbeddedBackend) -> None:
        for pause in (0.0, 0.03, 0.11, 0.2):
            process = writer(engine)
            assert process.stdout is not None
            said = int(process.stdout.readline())
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
            said = max([said, *map(int, process.stdout.read().split())])
            process.wait()

            place = reached(engine)

            assert place >= said
            assert ask(engine, "văn bản").total == place + 2
            assert ask(engine, f'"văn bản {place}"').total == 3

    def test_in_a_commit_leaves_a_file_whose_name_comes_again(self, engine: EmbeddedBackend) -> None:
        """Deletions are written to a file named after the operation's number, and numbers are counted from the last commit."""
        fill(engine, op(1, body=TEXT), op(2, body=TEXT))
        folder = serving(engine)
        segment = next(folder.glob("*.term")).stem
        left = [f"{segment}.{number}.del" for number in range(40)]
        for name in left:
            (folder / name).touch()
        managed = folder / ".managed.json"
        managed.write_text(json.dumps([*json.loads(managed.read_text()), *left]))

        fill(engine, op(1, 2, body="kim cương"), upto=2)

        assert (reached(engine), found(engine, "kim cương")) == (2, [1])

    def test_gives_the_lock_back(self, engine: EmbeddedBackend) -> None:
        process = writer(engine)
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.wait()

        fill(engine, op(999, 10**6, body="kim cương"), upto=10**6)

        assert found(engine, "kim cương") == [999]


def cut_off(folder: Path) -> None:
    for path in folder.glob("*.*"):
        if path.name != "meta.json":
            path.write_bytes(path.read_bytes()[:3])


def scribble(folder: Path) -> None:
    (folder / "meta.json").write_text("{ không phải JSON")


def lose_a_part(folder: Path) -> None:
    next(iter(folder.glob("*.term"))).unlink()


DAMAGES = {"cut off": cut_off, "no JSON": scribble, "a part is gone": lose_a_part, "all is gone": shutil.rmtree}


class TestDamage:
    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
    def test_is_told_and_a_new_index_takes_its_place(self, engine: EmbeddedBackend, damage: object) -> None:
        fill(engine, op(1, body=TEXT))
        damage(serving(engine))  # type: ignore[operator]
        fresh = EmbeddedBackend(engine.root)

        with pytest.raises(BackendUnavailable):
            ask(fresh, TEXT)
        try:
            assert reached(fresh) == 0
        except BackendUnavailable:
            fresh.begin_rebuild()
        fill(fresh, op(1, body=TEXT), upto=3)

        assert (ask(fresh, TEXT).total, fresh.served()) == (1, 3)
        assert ask(engine, TEXT).total == 1  # a reader that had the old one open moves over

    def test_before_the_first_index_nothing_can_be_searched(self, engine: EmbeddedBackend) -> None:
        with pytest.raises(BackendUnavailable):
            ask(engine, TEXT)
        with pytest.raises(BackendUnavailable):
            engine.served()

    def test_a_current_file_of_garbage_is_told(self, engine: EmbeddedBackend) -> None:
        engine.root.mkdir()
        (engine.root / "CURRENT").write_bytes(b"\xff\x00/../..")

        with pytest.raises(BackendUnavailable):
            ask(engine, TEXT)


class TestGenerations:
    def test_the_old_index_serves_until_the_new_one_is_complete(
        self, engine: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(engine, op(1, body=TEXT), op(2, body=TEXT), upto=9)
        old = serving(engine)
        monkeypatch.setattr(embedded, "fingerprint", lambda _engine: "another")

        put(engine, [op(1, body=TEXT)], 4)
        meanwhile = (ask(engine, TEXT).total, reached(engine), engine.served())
        put(engine, [op(2, body=TEXT), op(3, body=TEXT)], 12)
        engine.promote()

        assert meanwhile == (2, 4, 9)
        assert (ask(engine, TEXT).total, engine.served()) == (3, 12)
        assert not old.exists()

    def test_a_reading_loop_never_sees_less_during_promotion(self, engine: EmbeddedBackend) -> None:
        fill(engine, *(op(pk, body=TEXT) for pk in range(1, 6)))
        reader, seen = EmbeddedBackend(engine.root), set()

        for _time in range(6):
            engine.begin_rebuild()
            put(engine, [op(pk, body=TEXT) for pk in range(1, 6)], 1)
            seen.add(ask(reader, TEXT).total)
            engine.promote()
            seen.add(ask(reader, TEXT).total)

        assert seen == {5}

    def test_one_that_is_given_up_leaves_nothing(self, engine: EmbeddedBackend) -> None:
        fill(engine, op(1, body=TEXT))
        engine.begin_rebuild()
        engine.begin_rebuild()

        folders = sorted(path.name for path in engine.root.glob("gen-*"))

        assert len(folders) == 2
        assert serving(engine).name == folders[0]
        assert [len(engine.generations()), engine.health().is_rebuilding] == [2, True]
