"""The bench that judges search: its figures, its archive, and that it sees what it must."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from math import log2
from pathlib import Path
from random import Random

import pytest

from bench.relevance import damage
from bench.relevance.archive import Archive, make_archive, subjects
from bench.relevance.laws import HALVES, make_code, make_law_needs
from bench.relevance.metrics import ndcg, percentile, recall, reciprocal_rank
from bench.relevance.needs import make_needs
from bench.relevance.papers import Need, Paper, WrongLine, read_needs, read_papers
from bench.relevance.plain import PlainIndex, syllables
from bench.relevance.report import behind, by_slice, gates, judged
from bench.relevance.scratch import Scratch, scratch_backend

RND = Random(1)  # noqa: S311  # nothing is kept secret


class TestFigures:
    def test_gain_grows_with_the_grade_and_falls_with_the_place(self) -> None:
        grades = {1: 3, 2: 1}

        assert ndcg([1, 2], grades) == 1
        assert ndcg([2, 1], grades) == pytest.approx((1 + 7 / log2(3)) / (7 + 1 / log2(3)))
        assert ndcg([9, 1], grades) == pytest.approx((7 / log2(3)) / (7 + 1 / log2(3)))

    def test_nothing_found_is_nothing(self) -> None:
        assert ndcg([], {1: 3}) == reciprocal_rank([], {1: 3}) == recall([], {1: 3}, 10) == 0

    def test_a_grade_of_nought_is_not_relevant(self) -> None:
        assert reciprocal_rank([5, 6], {5: 0, 6: 1}) == 0.5
        assert recall([5], {5: 0, 6: 1}, 10) == 0

    def test_recall_is_of_all_that_are_relevant(self) -> None:
        assert recall(list(range(50)), dict.fromkeys(range(100), 1), 50) == 0.5
        assert recall([1, 7], {1: 1, 2: 1}, 10) == 0.5

    def test_the_95th_of_a_hundred_is_the_95th_percentile(self) -> None:
        assert percentile(list(range(1, 101)), 0.95) == 95


class TestDamage:
    @pytest.mark.parametrize(
        ("change", "typed"),
        [
            (damage.telex, "quyeets ddinhj thuyr"), (damage.vni, "quye61t d9i5nh thu3y"), (damage.old_tones, "quyết định thuỷ"),
            (damage.without_marks, "quyet dinh thuy"), (damage.capitals, "QUYẾT ĐỊNH THỦY"),
            (damage.decomposed, unicodedata.normalize("NFD", "quyết định thủy")),
        ],
    )  # fmt: skip
    def test_is_what_keyboards_make(self, change: damage.Change, typed: str) -> None:
        assert change("quyết định thủy", RND) == typed

    def test_a_typo_is_one_slip(self) -> None:
        typed = damage.one_typo("quyết định thủy", RND).split()

        assert sum(one != other for one, other in zip(typed, ["quyết", "định", "thủy"], strict=True)) == 1

    def test_abbreviations_go_both_ways(self) -> None:
        assert damage.abbreviated("Liên đoàn Lao động tỉnh") == "LĐLĐ tỉnh"
        assert damage.spelled_out("CĐCS và NLĐ") == "công đoàn cơ sở và người lao động"

    def test_a_scan_misreads_its_share(self) -> None:
        clean = "ế" * 5000

        read = damage.scanned(clean, 0.08, RND)

        assert 0.06 < sum(one != other for one, other in zip(clean, read, strict=True)) / len(clean) < 0.1
        assert damage.scanned(clean, 0, RND) == clean


@pytest.fixture(scope="module")
def archive() -> Archive:
    return make_archive(size=120)


@pytest.fixture(scope="module")
def needs(archive: Archive) -> list[Need]:
    return make_needs(archive, share=0.1)


class TestArchive:
    def test_is_the_same_each_time(self, archive: Archive) -> None:
        assert make_archive(size=120).papers == archive.papers

    def test_holds_what_was_planted(self, archive: Archive) -> None:
        planted = archive.planted[0]
        best = [archive.papers[pk] for pk, grade in planted.items() if grade == 3]

        assert sorted(planted.values()) == [1] * 8 + [2] * 6 + [3] * 6
        assert all("thiệt hại nhà ở do bão" in paper.title for paper in best)

    def test_every_subject_is_asked_for_in_four_ways(self) -> None:
        known = subjects()

        assert len(known) == 60
        assert all(len(subject.sentences) == 3 and len(set(subject.asked.values())) == 4 for subject in known)

    def test_needs_have_answers_that_the_asker_may_read(self, archive: Archive, needs: list[Need]) -> None:
        assert all(need.relevant for need in needs)
        assert not any(set(need.tokens).isdisjoint(archive.papers[pk].tokens) for need in needs for pk in need.relevant)

    def test_every_need_is_spelled_in_several_ways(self, needs: list[Need]) -> None:
        slices = {need.slice for need in needs}

        for kind in ("span", "title", "facts", "clerk", "question"):
            assert {
                f"{kind}: {name}" for name in ("as typed", "no diacritics", "one typo", "Telex", "VNI", "NFD")
            } <= slices


class TestJudging:
    @pytest.fixture
    def scratch(self, archive: Archive) -> Iterator[Scratch]:
        with scratch_backend("tantivy") as engine:
            scratch = Scratch(engine)
            scratch.fill(archive.papers.values())
            yield scratch

    def test_finds_titles_and_symbols_first(self, scratch: Scratch, needs: list[Need]) -> None:
        wanted = [need for need in needs if need.slice in {"title: as typed", "symbol: as typed", "symbol: variant 1"}]

        rows = [judged(need, scratch.answer(need).hits, 1.0) for need in wanted]

        assert len(rows) > 10
        assert {row.rr for row in rows} == {1.0}

    def test_numbers_of_the_file_come_back_whatever_they_are(self) -> None:
        paper = Paper(7_000_000_000, "", "", "", None, "Quỹ trợ vốn", "trả góp", ["user:1"])
        need = Need("a", "a", "any", "quỹ trợ vốn", ["user:1"], {7_000_000_000: 1})
        with scratch_backend("tantivy") as engine:
            scratch = Scratch(engine)
            scratch.fill([paper])

            assert scratch.answer(need).hits == [7_000_000_000]

    def test_a_leak_would_be_seen(self, scratch: Scratch, archive: Archive, needs: list[Need]) -> None:
        secret = next(pk for pk, paper in archive.papers.items() if set(paper.tokens).isdisjoint(needs[0].tokens))

        assert scratch.leaks(needs[0], [secret, *needs[0].relevant]) == 1
        assert gates([judged(needs[0], [secret], 1.0, leaks=1)], {})[-1]["passed"] is False

    def test_plain_ranking_is_held_beside_it(self, archive: Archive, needs: list[Need]) -> None:
        typed = [need for need in needs if need.slice == "title: as typed"]
        plain = PlainIndex(list(archive.papers.values()), syllables).judge(typed)
        nothing = [judged(need, [], 1.0) for need in typed]

        assert by_slice(plain)["title: as typed"]["mrr@10"] > 0.5
        assert behind(nothing, plain) == ["title: as typed"]


class TestFiles:
    def test_are_read_as_they_are_written_down(self, tmp_path: Path) -> None:
        paper = {
            "id": 5,
            "symbol": "1/KH",
            "type": "",
            "unit": "",
            "date": None,
            "title": "A",
            "body": "B",
            "tokens": ["x"],
        }
        need = {"id": "q", "base": "q", "slice": "s", "text": "a", "tokens": ["x"], "relevant": {"5": 2}}
        (tmp_path / "docs").write_text(json.dumps(paper) + "\n")
        (tmp_path / "queries").write_text(json.dumps(need) + "\n")

        assert [one.id for one in read_papers(tmp_path / "docs")] == [5]
        assert read_needs(tmp_path / "queries")[0].relevant == {5: 2}

    @pytest.mark.parametrize(
        ("line", "wrong"),
        [
            ('{"id": 1, "date": "2024-02-30", "tokens": []}', "line 2: day is out of range for month"),
            ('{"title": "A"}', "line 2: id is missing"), ("[1]", "line 2: a JSON object is wanted"),
            ('{"id": 1, "tokens": "x"}', "line 2: tokens: a list is wanted"), ('{"id": 1,', "line 2: Expecting"),
            ('{"id": 5}', "line 2: the id 5 stands in a line before"),
        ],
    )  # fmt: skip
    def test_say_which_line_is_wrong(self, tmp_path: Path, line: str, wrong: str) -> None:
        (tmp_path / "docs").write_text(f'{{"id": 5, "tokens": []}}\n{line}\n')

        with pytest.raises(WrongLine, match=re.escape(wrong)):
            list(read_papers(tmp_path / "docs"))

    def test_what_is_left_out_is_empty(self, tmp_path: Path) -> None:
        (tmp_path / "docs").write_text('{"id": 5, "title": null, "body": "thai sản"}\n')
        (tmp_path / "queries").write_text('{"id": 1, "text": "thai sản"}\n')
        need = read_needs(tmp_path / "queries")[0]
        with scratch_backend("tantivy") as engine:
            scratch = Scratch(engine)
            scratch.fill(read_papers(tmp_path / "docs"))

            assert scratch.answer(need).hits == []  # nobody may read anything

    def test_a_need_that_nothing_answers_says_nothing_of_how_well_papers_are_found(self) -> None:
        good, other = (Need(one, one, "any", "a", ["x"], grades) for one, grades in (("a", {1: 1}), ("b", {})))

        assert by_slice([judged(good, [1], 1.0), judged(other, [1], 1.0)])["any"]["ndcg@10"] == 1


class TestLaws:
    def test_hold_what_questions_ask_for(self) -> None:
        code = make_code(size=300)
        needs = make_law_needs(code, share=0.02)
        asked = [need for need in needs if need.slice == "question: as typed"]

        assert make_code(size=300).papers == code.papers
        assert len(asked) > 5
        assert all(len(need.text.split()) > 10 and not set("{}~–") & set(need.text) for need in asked)
        assert all(grade == 3 or code.topics[pk].group for need in asked for pk, grade in need.relevant.items())

    def test_the_halves_share_no_law(self) -> None:
        code = make_code(size=300)
        laws = [
            {code.topics[pk].thing.law for need in make_law_needs(code, half, share=0.02) for pk in need.relevant}
            for half in HALVES
        ]

        assert laws[0]
        assert laws[1]
        assert not laws[0] & laws[1]
