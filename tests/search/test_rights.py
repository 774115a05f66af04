"""Search shows what a person may see at this moment, and counts nothing else."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock, ids
from documents.models import Document
from documents.ocr import FileReading
from documents.services.access import grant, revoke
from documents.services.confirmation import withdraw_upload
from documents.services.drafting import add_version
from documents.services.reading import finish_reading, newest_file
from exchange.services import issue_dispatch
from organizations.models import Appointment
from organizations.policies import forget_holdings
from organizations.services import actor_for, appoint, close_account, delegate, end_appointment
from search.services import search_documents
from tests.factories.offices import SETTER, Office, act, blank_pdf, drafted
from tests.factories.organizations import fresh
from tests.factories.papers import chain_now, confirmed, index_now, read, uploaded

if TYPE_CHECKING:
    from search.services import SearchResults

TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"


def results(person: Any, query: str = "xử lý văn bản", **facts: Any) -> SearchResults:
    forget_holdings(person)
    return search_documents(query=query, user=person, at=clock.now(), **facts)


def hits(person: Any, query: str = "xử lý văn bản") -> list[int]:
    found = results(person, query, limit=100)
    assert found.total == len(found.hits)
    return sorted(hit.document_id for hit in found.hits)


@pytest.fixture
def paper(office: Office) -> Document:
    """In force, the top unit's own; nobody else has got it."""
    return confirmed(uploaded(TEXT, by=office.clerk, unit=office.top), by=office.clerk)


class TestReaders:
    def test_are_the_owners_office_alone_before_it_is_sent(self, office: Office, paper: Document) -> None:
        index_now()

        assert {name for name, person in office.people.items() if hits(person)} == {"clerk", "chief", "chair", "deputy"}

    def test_are_the_recipients_staff_once_it_is_sent(self, office: Office, paper: Document) -> None:
        issue_dispatch(document=paper, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk))
        index_now()

        assert hits(office.province_clerk) == hits(office.province_chair) == [paper.pk]
        assert hits(office.ward_officer) == hits(office.outsider) == []

    def test_get_an_exact_total_whatever_others_have(self, office: Office) -> None:
        ours = [uploaded(TEXT, by=office.clerk, unit=office.top).pk for _ in range(5)]
        theirs = [uploaded(TEXT, by=office.province_clerk, unit=office.province).pk for _ in range(7)]
        index_now()

        assert [results(office.clerk, limit=2).total, results(office.province_clerk, limit=2).total] == [5, 7]
        assert (hits(office.chair), hits(office.province_chair)) == (ours, theirs)
        assert results(office.outsider, "").total == 0


class TestUnconfirmed:
    def test_papers_are_found_by_the_office_of_their_unit_only(self, office: Office) -> None:
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()

        assert hits(office.clerk) == hits(office.chair) == [document.pk]
        assert hits(office.province_clerk) == hits(office.outsider) == []

    def test_papers_stay_behind_when_the_clerk_leaves_the_office(self, office: Office) -> None:
        """Whoever took a paper in reads it as the office does, not as a person: only drafters are named people."""
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        held = Appointment.objects.get(user=office.clerk)
        end_appointment(appointment=held, valid_to=clock.today(), actor=SETTER)
        appoint(user=office.clerk, post=office.posts["province_clerk"], valid_from=clock.today(), actor=SETTER)
        index_now()

        assert hits(fresh(office.clerk)) == []
        assert hits(office.chair) == [document.pk]

    def test_papers_say_so(self, office: Office, paper: Document) -> None:
        uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()

        assert sorted(hit.is_confirmed for hit in results(office.clerk).hits) == [False, True]


class TestAMomentAgo:
    """Nothing is indexed between the act and the search: the database has the last word."""

    def test_a_withdrawn_grant_shows_nothing_and_counts_nothing(self, office: Office, paper: Document) -> None:
        grant(document=paper, token=ids.user_key(office.outsider.pk), cause="test")
        confirmed(paper, by=office.clerk)
        index_now()
        assert hits(office.outsider) == [paper.pk]

        revoke(document=paper, cause="test")
        paper.refresh_from_db()
        confirmed(paper, by=office.clerk)
        chain_now()

        found = results(office.outsider)
        assert (found.total, found.hits, found.degraded) == (0, [], False)

    def test_a_grant_withdrawn_without_an_act_still_shows_nothing(self, office: Office, paper: Document) -> None:
        grant(document=paper, token=ids.user_key(office.outsider.pk), cause="test")
        confirmed(paper, by=office.clerk)
        index_now()

        revoke(document=paper, cause="test")

        assert (results(office.outsider).total, results(office.outsider).hits) == (0, [])

    def test_a_paper_beyond_the_page_is_not_counted_either(self, office: Office) -> None:
        papers = [uploaded(TEXT, by=office.clerk, unit=office.top) for _ in range(4)]
        index_now()

        withdraw_upload(document=papers[0], reason="Tải nhầm tệp", actor=actor_for(office.clerk))
        chain_now()

        found = results(office.clerk, limit=1)
        assert found.total == 3
        assert results(office.clerk, limit=1, offset=3).hits == []

    def test_a_locked_away_paper_is_gone(self, office: Office) -> None:
        document = uploaded(by=office.clerk, unit=office.top)
        index_now()
        assert results(office.clerk, "").total == 1
        secret = FileReading(status="quarantined", secrecy_mark="MẬT")

        finish_reading(document=document, file=newest_file(document), reading=secret, seconds=1)
        chain_now()

        assert results(office.clerk, "").total == 0

    def test_an_appointment_a_departure_and_a_closed_account_count_at_once(
        self, office: Office, paper: Document
    ) -> None:
        index_now()
        appoint(user=office.outsider, post=office.posts["clerk"], valid_from=clock.today(), actor=SETTER)
        assert hits(office.outsider) == [paper.pk]

        held = Appointment.objects.get(user=office.outsider)
        end_appointment(appointment=held, valid_to=clock.today(), actor=SETTER)
        assert hits(office.outsider) == []

        close_account(user=office.clerk, actor=SETTER)
        assert hits(office.clerk) == []

    def test_a_deputy_sees_within_the_time_and_not_after(self, office: Office, paper: Document) -> None:
        index_now()
        now = clock.now()
        delegate(
            principal=office.clerk, deputy=office.outsider, valid_from=now - timedelta(hours=2),
            valid_to=now + timedelta(hours=1), actor=SETTER,
        )  # fmt: skip

        seen = search_documents(query="văn bản", user=fresh(office.outsider), at=now).total
        later = search_documents(query="văn bản", user=fresh(office.outsider), at=now + timedelta(hours=1)).total

        assert (seen, later) == (1, 0)


class TestDrafts:
    def issued(self, office: Office) -> Document:
        """Version 1 was read, version 2 not: nobody could read it, and it was approved and issued."""
        document = drafted(office)
        read(document, "bản thảo đầu có chữ kim cương")
        add_version(
            document=document,
            stream=io.BytesIO(blank_pdf("hai")),
            name="2.pdf",
            comment="",
            actor=actor_for(office.chief),
        )
        failed = FileReading(status="failed", reason="broken")  # type: ignore[arg-type]
        finish_reading(document=document, file=newest_file(document), reading=failed, seconds=1)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=2, comment="")
        act(office.clerk, document, "issue", issued_on=clock.today())
        document.refresh_from_db()
        return document

    def test_that_were_replaced_are_not_found_by_those_who_get_the_issued_paper(
        self, office: Office, client: Any
    ) -> None:
        document = self.issued(office)
        index_now()
        client.force_login(office.province_clerk)

        page = client.get(f"/van-ban/{document.pk}/chu/")

        assert hits(office.province_clerk, "kế hoạch") == [document.pk]
        assert hits(office.province_clerk, "kim cương") == hits(office.clerk, "kim cương") == []
        assert (page.status_code, "kim cương" in page.content.decode()) == (200, False)
