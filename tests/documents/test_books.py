"""The turn of the year: the new book opens by itself, the old one locks, a named person may correct it (domain.md 6)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from documents.checks import numbers_run
from documents.models import Register, RegisterEntry, RegisterOpening
from documents.services.books import RegisterClosed, RegisterNotOpenYet, WrongOpening, open_for_correction
from documents.services.confirmation import ReasonMissing
from documents.services.registration import register_arrival, take_issue_number, void_entry
from organizations.models import Role, User
from organizations.policies import NotAllowed
from organizations.services import actor_for, appoint
from tests.factories.offices import SETTER, Office, add_person, confirmed_paper, make_account

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD, NEW = datetime(2026, 12, 31, 9, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)
UNTIL = date(2027, 1, 15)
REASON = "Văn bản đến chiều 31/12 chưa kịp vào sổ"


@pytest.fixture
def year(db: None) -> Iterator[time_machine.Traveller]:
    """Begins on the last day of the old year, since a year the people have held their posts."""
    with time_machine.travel(OLD, tick=True) as traveller:
        yield traveller


@pytest.fixture
def turn(year: time_machine.Traveller, office: Office) -> Office:
    """An office with two arrivals of the old year, on the first working day of the new one."""
    for number in ("1", "2"):
        arrive(office, number=number)
    year.move_to(NEW)
    return office


def arrive(office: Office, *, at: datetime | None = None, by: str = "clerk", number: str = "9") -> RegisterEntry:
    paper = confirmed_paper(office, number=number, subject=f"Văn bản {number} {by} {at}")
    moment = at or datetime.now(tz=UTC)
    return register_arrival(document=paper, unit=office.top, received_at=moment, actor=actor_for(office.people[by]))


def opened(office: Office, *, person: User | None = None, by: str = "chair", **more: Any) -> RegisterOpening:
    facts: dict[str, Any] = {"until": UNTIL, "reason": REASON} | more
    book = Register.objects.select_related("unit").get(year=2026, direction="IN")
    return open_for_correction(
        register=book, person=person or office.clerk, actor=actor_for(office.people[by]), **facts
    )


class TestNewYear:
    def test_begins_a_book_from_01_by_itself(self, turn: Office) -> None:
        entry = arrive(turn)

        assert (entry.register.year, entry.display) == (2027, "01")
        assert numbers_run().violations == []

    def test_locks_the_old_books(self, turn: Office) -> None:
        with pytest.raises(RegisterClosed):
            arrive(turn, at=OLD)
        with pytest.raises(RegisterClosed):
            take_issue_number(
                document=confirmed_paper(turn), unit=turn.top, issued_on=OLD.date(), actor=actor_for(turn.clerk)
            )
        with pytest.raises(RegisterClosed):
            void_entry(entry=RegisterEntry.objects.all()[0], reason=REASON, actor=actor_for(turn.clerk))

        assert Register.objects.get(direction="IN").next_number == 3

    def test_does_not_open_a_book_before_its_year(self, year: time_machine.Traveller, office: Office) -> None:
        with pytest.raises(RegisterNotOpenYet):
            arrive(office, at=NEW)

        assert not Register.objects.exists()


class TestOpenForCorrection:
    def test_lets_the_named_person_go_on_with_the_old_numbers(self, turn: Office) -> None:
        opened(turn)

        late = arrive(turn, at=OLD)
        void_entry(entry=late, reason="Vào sổ nhầm", actor=actor_for(turn.clerk))

        assert (late.register.year, late.display, late.entry_date) == (2026, "03", date(2026, 12, 31))
        assert numbers_run().violations == []

    def test_is_for_nobody_else(self, turn: Office) -> None:
        opened(turn)

        with pytest.raises(RegisterClosed):
            arrive(turn, at=OLD, by="chief")

    def test_ends_with_its_day(self, turn: Office, year: time_machine.Traveller) -> None:
        opened(turn)

        year.move_to(datetime(2027, 1, 15, 16, 59, tzinfo=UTC))  # one minute to midnight in the office
        arrive(turn, at=OLD)
        year.move_to(datetime(2027, 1, 15, 17, 0, tzinfo=UTC))
        with pytest.raises(RegisterClosed):
            arrive(turn, at=OLD)

    def test_is_the_leader_s_to_give_and_remembered(self, turn: Office) -> None:
        for name in ("clerk", "chief", "outsider", "province_chair"):
            with pytest.raises(NotAllowed):
                opened(turn, by=name)

        opened(turn)

        (entry,) = AuditEntry.objects.filter(act="documents.register.opened")
        assert entry.data == {
            "year": 2026, "direction": "IN", "person": turn.clerk.pk, "until": "2027-01-15", "reason": REASON,
        }  # fmt: skip

    def test_says_why_for_whom_and_how_long(self, turn: Office) -> None:
        with pytest.raises(ReasonMissing):
            opened(turn, reason="  ")
        with pytest.raises(WrongOpening):
            opened(turn, until=date(2027, 1, 3))
        with pytest.raises(WrongOpening):
            opened(turn, person=turn.outsider)


class TestPage:
    @pytest.fixture
    def page(self, turn: Office) -> str:
        return f"{reverse('documents:register')}?so=den&nam=2026&don-vi={turn.top.pk}"

    def browser(self, person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def test_of_a_locked_book_offers_nothing_to_strike_out(self, turn: Office, page: str) -> None:
        before = self.browser(turn.clerk).get(page).content.decode()
        opened(turn)
        after = self.browser(turn.clerk).get(page).content.decode()

        assert ("Sổ năm 2026 đã khóa" in before, "/huy/" in before) == (True, False)
        assert (turn.clerk.full_name in after, "/huy/" in after) == (True, True)

    def test_lets_the_leader_open_it(self, turn: Office, page: str) -> None:
        book = Register.objects.get(year=2026, direction="IN")
        url = reverse("documents:open-book", args=[book.pk])
        fields = {"person": turn.clerk.pk, "until": "2027-01-15", "reason": REASON}

        refused = self.browser(turn.clerk).post(url, fields)
        wrong = self.browser(turn.chair).post(url, fields | {"until": "2027-01-01"})
        answer = self.browser(turn.chair).post(url, fields)

        assert (refused.status_code, wrong.status_code, answer.status_code) == (403, 422, 302)
        assert REASON in wrong.content.decode()
        assert RegisterOpening.objects.get().person == turn.clerk

    def test_offers_everybody_who_keeps_the_books(self, turn: Office, page: str) -> None:
        add_person(turn, "aide", turn.bureau, "Chuyên viên", [Role.SPECIALIST])
        second = make_account("second", "Trần Thị Hai")
        appoint(user=second, post=turn.posts["clerk"], valid_from=date(2027, 1, 1), actor=SETTER)

        answer = self.browser(turn.chair).get(page).content.decode()

        offered = answer[answer.index('name="person"') : answer.index("</select>", answer.index('name="person"'))]
        assert all(name in offered for name in (turn.clerk.full_name, turn.chief.full_name, "Trần Thị Hai"))
        assert turn.people["aide"].full_name not in offered


class TestLatePaper:
    def post(self, office: Office, day: str) -> Any:
        document = confirmed_paper(office, number="77", subject="Văn bản đến muộn")
        client = Client()
        client.force_login(office.clerk)
        fields = {
            "version": document.version, "number": "77", "symbol": "CT-TLĐ", "issuer": "Tổng Liên đoàn",
            "subject": "Văn bản đến muộn", "urgency": 0, "received_on": day,
        }  # fmt: skip
        return client.post(reverse("workflow:register", args=[document.pk]), fields)

    def test_is_entered_by_the_clerk_in_the_book_of_its_day(self, turn: Office) -> None:
        opened(turn)

        answer = self.post(turn, "2026-12-30")

        assert answer.status_code == 302
        entry = RegisterEntry.objects.get(document__number="77")
        assert (entry.register.year, entry.display, entry.entry_date) == (2026, "03", date(2026, 12, 30))

    @pytest.mark.parametrize("day", ["2026-12-30", "2027-01-02", "31/31/2026"])
    def test_is_refused_without_a_book_that_is_open_to_the_clerk(self, turn: Office, day: str) -> None:
        answer = self.post(turn, day)

        assert answer.status_code == 422
        assert "Văn bản đến muộn" in answer.content.decode()
        assert not RegisterEntry.objects.filter(document__number="77").exists()
