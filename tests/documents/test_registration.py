"""Numbers: without gaps, never twice, void for ever (domain.md 5, 6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from bench.register import WRITERS, contend, gaps_and_doubles
from core import clock
from documents.checks import numbers_run
from documents.models import Document, Register, RegisterEntry
from documents.services.books import RegisterClosed
from documents.services.confirmation import ReasonMissing
from documents.services.registration import (
    AlreadyRegistered,
    AlreadyVoid,
    NotConfirmedYet,
    NumberInUse,
    register_arrival,
    void_entry,
)
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, act, confirmed_paper, make_office, registered_case
from workflow.checks import items_mirror_tasks
from workflow.services import register_and_start

NEW_YEARS_EVE = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # half past midnight in the office


def register(office: Office, document: Document, at: datetime | None = None, by: str = "clerk") -> RegisterEntry:
    return register_arrival(
        document=document, unit=office.top, received_at=at or clock.now(), actor=actor_for(office.people[by])
    )


class TestRegisterArrival:
    def test_numbers_run_from_one(self, office: Office) -> None:
        numbers = [register(office, confirmed_paper(office, number=str(n))).display for n in range(1, 4)]

        assert numbers == ["01", "02", "03"]

    def test_the_year_is_that_of_the_office_not_of_utc(self, office: Office) -> None:
        with time_machine.travel(NEW_YEARS_EVE):
            entry = register(office, confirmed_paper(office))

        assert (entry.register.year, entry.entry_date.isoformat()) == (2027, "2027-01-01")

    def test_a_paper_gets_one_number_per_unit(self, office: Office) -> None:
        document = confirmed_paper(office)
        register(office, document)

        with pytest.raises(AlreadyRegistered):
            register(office, document)

    def test_a_closed_book_takes_nothing(self, office: Office) -> None:
        Register.objects.create(unit=office.top, year=clock.today().year, direction="IN", is_closed=True)

        with pytest.raises(RegisterClosed):
            register(office, confirmed_paper(office))

    def test_what_nobody_confirmed_gets_no_number(self, office: Office) -> None:
        document = Document.plain.create(owner_unit=office.top, created_by=office.clerk)

        with pytest.raises(NotConfirmedYet):
            register(office, document)

    def test_the_leader_does_not_register(self, office: Office) -> None:
        with pytest.raises(NotAllowed):
            register(office, confirmed_paper(office), by="chair")


class TestVoidEntry:
    def test_keeps_the_number_void_for_ever(self, office: Office) -> None:
        entry = register(office, confirmed_paper(office))

        void_entry(entry=entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))

        entry.refresh_from_db()
        assert (entry.state, entry.void_reason) == (RegisterEntry.State.VOID, "Vào sổ nhầm")
        assert register(office, confirmed_paper(office, number="6")).number_int == 2


class TestEightClerksAtOnce:
    NUMBERS = 104  # bin/bench register makes a thousand

    @pytest.mark.django_db(transaction=True)
    def test_leave_no_gap_and_no_double(self, settings: Any, tmp_path: Any) -> None:
        settings.MEDIA_ROOT = tmp_path
        office = make_office()

        with ThreadPoolExecutor(WRITERS) as pool:
            contend(pool, unit=office.top, clerk=office.clerk, writers=WRITERS, numbers=self.NUMBERS)

        assert gaps_and_doubles(office.top) == (self.NUMBERS, 0, 0)
        assert numbers_run().violations == []


class TestVoidedCase:
    def test_ends_the_case_so_that_the_paper_can_be_registered_anew(self, office: Office) -> None:
        case = registered_case(office)
        void_entry(entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))

        again = register_and_start(
            document=case.document, unit=office.top, received_at=clock.now(), actor=actor_for(office.clerk)
        )

        assert again.entry.number_int == 2
        assert items_mirror_tasks().violations == numbers_run().violations == []

    def test_tells_the_second_that_somebody_was_first(self, office: Office) -> None:
        case = registered_case(office)
        void_entry(entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))

        with pytest.raises(AlreadyVoid):
            void_entry(entry=case.entry, reason="Một lý do khác", actor=actor_for(office.clerk))

        case.entry.refresh_from_db()
        assert case.entry.void_reason == "Vào sổ nhầm"

    def test_is_refused_once_the_leader_has_the_paper(self, office: Office) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")

        with pytest.raises(NumberInUse):
            void_entry(entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))

    def test_asks_for_a_reason(self, office: Office) -> None:
        with pytest.raises(ReasonMissing):
            void_entry(entry=registered_case(office).entry, reason=" ", actor=actor_for(office.clerk))
