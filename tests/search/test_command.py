"""`manage.py search QUERY --as USER --json --limit N`, exactly as outside checks call it."""

from __future__ import annotations

import io
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import ManagementUtility, call_command

from search.engine import backend
from tests.factories.papers import confirmed, index_now, uploaded

if TYPE_CHECKING:
    from documents.models import Document
    from tests.factories.offices import Office

TEXT = "Số: 05/CT-TLĐ\nCHỈ THỊ\nvề đẩy mạnh xử lý văn bản <và> họp giao ban trên môi trường số"
SUBJECT = "về đẩy mạnh xử lý văn bản và họp giao ban trên môi trường số"


@pytest.fixture
def directive(office: Office) -> Document:
    paper = confirmed(uploaded(TEXT, by=office.clerk, unit=office.top), by=office.clerk, subject=SUBJECT)
    uploaded("Công điện về bão, không có số", by=office.clerk, unit=office.top)
    index_now()
    return paper


def search(query: str, user: str = "clerk", **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("search", query, user=user, json=True, stdout=out, **options)
    answer: dict[str, Any] = json.loads(out.getvalue())
    assert answer.keys() == {"total", "hits", "degraded"}
    for hit in answer["hits"]:
        assert hit.keys() == {"document", "symbol", "subject", "score", "snippet"}
    return answer


class TestAnswer:
    @pytest.mark.parametrize("query", ["05/CT-TLĐ", "05 ct tld", "5/ct-tlđ", "ct 05 tld"])
    def test_names_the_directive_first(self, directive: Document, query: str) -> None:
        answer = search(query)

        first = answer["hits"][0]
        assert (first["document"], first["symbol"], first["subject"]) == (directive.pk, "05/CT-TLĐ", SUBJECT)
        assert first["score"] > 0
        assert (answer["total"], answer["degraded"]) == (1, False)

    def test_marks_words_in_escaped_text(self, directive: Document) -> None:
        snippet = search("xu ly van ban")["hits"][0]["snippet"]

        assert "<mark>xử</mark> <mark>lý</mark> <mark>văn</mark> <mark>bản</mark> &lt;và&gt; họp" in snippet

    def test_tells_nothing_to_one_who_may_not_see_it(self, directive: Document) -> None:
        assert search("05 ct tld", "outsider") == {"total": 0, "hits": [], "degraded": False}

    def test_sorted_by_date_has_no_scores(self, directive: Document) -> None:
        answer = search("")

        assert answer["total"] == 2
        assert [hit["score"] for hit in answer["hits"]] == [None, None]

    @pytest.mark.parametrize(("limit", "shown"), [(0, 0), (1, 1), (2, 2), (50, 2), (-3, 0)])
    def test_counts_all_whatever_the_limit(self, directive: Document, limit: int, shown: int) -> None:
        answer = search("", limit=limit)

        assert (answer["total"], len(answer["hits"]), answer["degraded"]) == (2, shown, False)

    def test_shows_twenty_unless_told(self, office: Office) -> None:
        for _ in range(21):
            uploaded("văn bản", by=office.clerk, unit=office.top)
        index_now()

        assert (search("văn bản")["total"], len(search("văn bản")["hits"])) == (21, 20)

    def test_an_unknown_user_is_a_wrong_call(self, office: Office) -> None:
        with pytest.raises(SystemExit) as ended:
            search("văn bản", "ai-do")

        assert ended.value.code == 2

    @pytest.mark.parametrize("query", ["-khong", "--", "-", "-x=1", "!!!", "x" * 10_000, '"', "'; DROP TABLE", "%_\\"])
    def test_from_the_shell_no_query_is_an_error(
        self, directive: Document, capsys: pytest.CaptureFixture[str], query: str
    ) -> None:
        ManagementUtility(["manage.py", "search", query, "--as", "clerk", "--json", "--limit", "5"]).execute()

        assert json.loads(capsys.readouterr().out)["degraded"] is False


class TestDegraded:
    def lose(self) -> None:
        engine: Any = backend()
        shutil.rmtree(engine.root)

    def damage(self) -> None:
        engine: Any = backend()
        for path in engine.root.glob("gen-*/*"):
            path.write_bytes(b"?")

    def shut(self) -> None:
        """A file where a folder should be stands for a folder that cannot be entered: root enters every one."""
        engine: Any = backend()
        shutil.rmtree(engine.root)
        engine.root.write_text("")

    @pytest.mark.parametrize("how", ["lose", "damage", "shut"])
    @pytest.mark.parametrize(
        ("query", "total"),
        [
            ("05 ct tld", 1),
            ("ct 05 tld", 1),
            ("day manh xu ly van ban", 1),
            ("Đẩy Mạnh", 1),
            ("kim cuong", 0),
            ("", 2),
            ("!!!", 0),
        ],
    )
    def test_lists_from_the_database_and_says_so(self, directive: Document, how: str, query: str, total: int) -> None:
        getattr(self, how)()

        answer = search(query)

        assert (answer["degraded"], answer["total"], len(answer["hits"])) == (True, total, total)
        assert all(hit["score"] is None for hit in answer["hits"])
        assert search(query, "outsider")["total"] == 0

    @pytest.mark.parametrize(("limit", "shown"), [(0, 0), (1, 1), (-1, 0)])
    def test_cuts_and_counts_as_ever(self, directive: Document, limit: int, shown: int) -> None:
        self.lose()

        answer = search("", limit=limit)

        assert (answer["total"], len(answer["hits"])) == (2, shown)

    @pytest.mark.parametrize("query", ["x" * 10_000, '"', "\x00", "(", "[a", "\\", "%", "*", "a" * 300 + " b" * 80])
    def test_garbage_is_text_here_too(self, directive: Document, query: str) -> None:
        self.lose()

        assert search(query)["degraded"]

    def test_does_not_say_that_nothing_is_alike(self, directive: Document, capsys: pytest.CaptureFixture[str]) -> None:
        self.lose()

        call_command("search", similar=directive.pk, user="clerk", json=True)

        assert json.loads(capsys.readouterr().out) == {"total": 0, "hits": [], "degraded": True}

    def test_a_writer_at_work_locks_nobody_out(self, directive: Document) -> None:
        import tantivy

        engine: Any = backend()
        writer = tantivy.Index.open(str(engine._serving())).writer(15_000_000, 1)

        assert search("05 ct tld")["degraded"] is False
        writer.wait_merging_threads()

    def test_by_phrase_and_without_what_is_not_wanted(self, directive: Document) -> None:
        self.lose()

        assert search('"họp giao ban"')["total"] == 1
        assert search('"ban giao"')["total"] == 0
        assert search("văn bản -giao")["total"] == 0


class TestOptions:
    def call(self, *words: str, **options: Any) -> dict[str, Any]:
        out = io.StringIO()
        call_command("search", *words, json=True, stdout=out, **options)
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    def test_facets_count_what_the_person_sees(self, directive: Document) -> None:
        facets = self.call("", user="clerk", facets=True)["facets"]

        assert facets.keys() == {"type", "unit", "year", "issuer", "tag", "state"}
        assert {(one["value"], one["count"]) for one in facets["state"]} == {("IN_FORCE", 1), ("UNCONFIRMED", 1)}
        assert self.call("", user="outsider", facets=True)["facets"]["state"] == []

    def test_suggest_completes(self, directive: Document) -> None:
        assert [one["document"] for one in self.call("day man", user="clerk", suggest=True)["suggestions"]] == [
            directive.pk
        ]
        assert self.call("day man", user="outsider", suggest=True) == {"suggestions": []}

    def test_similar_needs_a_paper_that_one_may_see(self, directive: Document) -> None:
        assert self.call(user="clerk", similar=directive.pk) == {"total": 0, "hits": []}
        with pytest.raises(SystemExit) as refused:
            self.call(user="outsider", similar=directive.pk)
        assert refused.value.code == 2

    def test_explain_tells_how_the_query_was_read_and_scored(self, directive: Document) -> None:
        answer = self.call("xử lý OR kim cương", user="clerk", explain=True)

        assert answer["query"]["clauses"][0]["words"] == ["xu", "ly"]
        assert list(answer["scores"]) == [str(directive.pk)]
        assert answer["scores"][str(directive.pk)]["value"] == pytest.approx(answer["hits"][0]["score"], rel=1e-4)
