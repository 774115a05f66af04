"""Completions, papers alike and other ways to ask: of the searcher's own papers, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from documents.services.confirmation import withdraw_upload
from organizations.policies import forget_holdings, reader_tokens
from organizations.services import actor_for
from search import offers
from search.backends.base import ReaderTokens
from search.engine import backend
from search.offers import rewrites, similar, suggested
from search.parser import parse
from search.services import search_documents
from tests.factories.papers import chain_now, confirmed, index_now, uploaded

if TYPE_CHECKING:
    from documents.models import Document
    from organizations.models import Unit, User
    from tests.factories.offices import Office

LONG = "Chăm lo Tết cho đoàn viên và người lao động có hoàn cảnh khó khăn, tổ chức Tết sum vầy tại khu công nghiệp. "


def taken_in(by: User, unit: Unit, number: str, subject: str, text: str = "") -> Document:
    return confirmed(uploaded(text or subject, by=by, unit=unit), by=by, number=number, subject=subject)


def offered(text: str, person: Any) -> list[int]:
    forget_holdings(person)
    return [one.document_id for one in suggested(text=text, user=person, at=clock.now())]


class TestSuggested:
    @pytest.fixture
    def papers(self, office: Office) -> list[Document]:
        subjects = ["về chăm lo Tết cho đoàn viên", "về tổ chức Đại hội Công đoàn", "về Quỹ Tấm lòng vàng"]
        found = [taken_in(office.clerk, office.top, f"0{n}", subject) for n, subject in enumerate(subjects, start=1)]
        index_now()
        return found

    @pytest.mark.parametrize(
        ("typed", "place"),
        [
            ("chăm lo tế", 0),
            ("cham lo te", 0),
            ("ĐẠI H", 1),
            ("cong doan dai hoi", 1),
            ("tấm lò", 2),
            ("03/", 2),
            ("3/ct", 2),
            ("02", 1),
        ],
    )
    def test_complete_titles_and_numbers_with_or_without_tones(
        self, office: Office, papers: list[Document], typed: str, place: int
    ) -> None:
        assert offered(typed, office.clerk) == [papers[place].pk]

    def test_are_newest_first(self, office: Office, papers: list[Document]) -> None:
        assert offered("ve", office.clerk) == [paper.pk for paper in reversed(papers)]

    @pytest.mark.parametrize("typed", ["", "   ", "!!", "\x00", "zzz", ".*", "(", "x" * 5000])
    def test_of_garbage_are_none(self, office: Office, papers: list[Document], typed: str) -> None:
        assert offered(typed, office.clerk) == []

    def test_are_ones_own_papers_as_they_are_now(self, office: Office) -> None:
        paper = uploaded("về chăm lo Tết", by=office.clerk, unit=office.top)
        confirmed(paper, by=office.clerk, subject="về chăm lo Tết")
        other = uploaded("về chăm lo nhà ở", by=office.clerk, unit=office.top)
        index_now()
        assert offered("cham lo", office.outsider) == offered("cham lo", office.province_clerk) == []

        withdraw_upload(document=other, reason="Tải nhầm tệp", actor=actor_for(office.clerk))
        chain_now()

        assert offered("cham lo", office.clerk) == [paper.pk]

    def test_are_none_while_the_index_is_away(self, office: Office, papers: list[Document]) -> None:
        engine: Any = backend()
        (engine.root / "CURRENT").unlink()

        assert offered("cham", office.clerk) == []


class TestSimilar:
    def test_papers_share_what_is_rare_and_come_best_first(self, office: Office) -> None:
        paper = taken_in(office.clerk, office.top, "01", "về chăm lo Tết sum vầy", LONG * 3)
        near = taken_in(office.clerk, office.top, "02", "về Tết sum vầy", LONG + "Kinh phí từ nguồn công đoàn.")
        taken_in(
            office.clerk, office.top, "03", "về nghỉ mát", "Đoàn viên đăng ký nghỉ mát tại cơ sở điều dưỡng hằng năm."
        )
        index_now()

        found = similar(document=paper, user=office.clerk, at=clock.now())

        assert [hit.document_id for hit in found] == [near.pk]

    def test_papers_of_others_are_neither_shown_nor_weighed(self, office: Office) -> None:
        paper = taken_in(office.clerk, office.top, "01", "về chăm lo Tết sum vầy", LONG * 3)
        for number in ("02", "03"):
            taken_in(office.clerk, office.top, number, "về Tết sum vầy", LONG + "Kinh phí công đoàn. " * int(number))
        index_now()
        before = [(hit.document_id, hit.score) for hit in similar(document=paper, user=office.clerk, at=clock.now())]

        for place in range(10, 16):
            taken_in(
                office.province_clerk, office.province, str(place), "về chăm lo", "Chăm lo Tết sum vầy, sum vầy. " * 9
            )
        index_now()

        assert before
        assert [
            (hit.document_id, hit.score) for hit in similar(document=paper, user=office.clerk, at=clock.now())
        ] == before


class TestRewrites:
    @pytest.fixture
    def paper(self, office: Office) -> Document:
        found = taken_in(office.clerk, office.top, "01", "về chăm lo Tết sum vầy", LONG)
        index_now()
        return found

    def offered(self, query: str, person: User) -> list[tuple[str, int]]:
        results = search_documents(query=query, user=person, at=clock.now())
        return [(one.text, one.total) for one in rewrites(results=results, user=person, at=clock.now())]

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("sum vaay", ""),
            ("sun vầy", "sum vầy"),
            ("tết sum vây nhé", ""),
            ('"tết vầy sum"', "tết vầy sum"),
            ("vầy -tết", "vầy"),
            ("vaayf -tết", "vaayf"),
            ('"vầy sum" -"chăm sum"', 'vầy sum -"chăm sum"'),
        ],
    )
    def test_mend_a_letter_or_ask_less_strictly(self, office: Office, paper: Document, typed: str, meant: str) -> None:
        assert self.offered(typed, office.clerk) == ([(meant, 1)] if meant else [])

    def test_tell_nothing_of_papers_of_others(self, office: Office, paper: Document) -> None:
        assert self.offered("sun vầy", office.province_clerk) == []

    def test_are_not_needed_where_much_was_found(self, office: Office) -> None:
        for place in range(1, 6):
            taken_in(office.clerk, office.top, str(place), "về chăm lo Tết", LONG)
        index_now()

        assert self.offered("tết -nhà", office.clerk) == []

    def test_mend_a_few_words_of_a_query_however_many_it_has(self, office: Office, paper: Document) -> None:
        query = parse("sun vầy OR chăn lo OR hoàm cảnh OR khó khắm OR khu cônq")

        mended = list(offers._mended(query, ReaderTokens(reader_tokens(office.clerk, clock.now()))))

        assert mended
        assert len(mended) <= offers.DOUBTFUL_WORDS
