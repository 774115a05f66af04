"""
Whatever happens in an office, everything that shows papers shows the same ones: the oracle's.

After each event the database's answer, the hits of a search, the page of a paper and the download of its file are compared
with an oracle in plain Python. `VISIBILITY_STORIES=300 bin/test tests/rights/test_machine.py` tells more and longer stories.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from documents.models import Document, DocumentFile
from documents.services.confirmation import withdraw_upload
from documents.services.registration import void_entry
from exchange.models import Delivery, DeliveryState
from exchange.services import issue_dispatch
from organizations.models import Appointment, Delegation
from organizations.services import appoint, close_account, delegate, end_appointment, revoke_delegation
from search.services import search_documents
from tests.factories.papers import chain_now, confirmed, index_now
from tests.rights.oracle import Given, Held, Oracle, Paper
from tests.rights.world import PEOPLE, SEATS, SYSTEM, WORD, World, seats
from workflow import services

if TYPE_CHECKING:
    from pathlib import Path

    from organizations.models import User

STORIES = int(os.environ.get("VISIBILITY_STORIES", "6"))
STEPS = 12 if STORIES < 50 else 30
LOOKS = 4  # pages opened after each event; the database and the search are asked about everything
FIRST_SEATS = (0, 1, 2, 3, 4, 6, 8, 5)
SOMEBODY, SOMETHING, SOME_SEAT = st.integers(0, PEOPLE - 1), st.integers(0, 99), st.integers(0, len(SEATS) - 1)
HOURS = st.integers(0, 30)
UNITS = st.sampled_from(["A", "A", "B", "C"])


class Office(RuleBasedStateMachine):
    """One office; each event happens to the product and to the oracle."""

    world: World
    folder: Path
    count = 0

    def __init__(self) -> None:
        super().__init__()
        rollback: Any = transaction.atomic()
        rollback._from_testcase = True  # as the block of any test, so that services may ask for one of their own
        self.rollback = rollback
        self.rollback.__enter__()
        Office.count += 1
        self.django = pytest.MonkeyPatch()
        self.django.setattr("django.conf.settings.SEARCH_ROOT", self.folder / f"index-{Office.count}")
        self.documents: list[Document] = []
        self.before: list[set[int]] = [set() for _ in range(PEOPLE)]
        self.oracle = Oracle(seats=seats(), people=PEOPLE, now=clock.now())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)
        self.django.undo()

    @initialize()
    def open_the_office(self) -> None:
        for person, seat in enumerate(FIRST_SEATS):
            self.appoint(person, seat)
        self.upload("A", 0, is_read=True)

    # --- people -----------------------------------------------------------------------------------------------------------

    @rule(person=SOMEBODY, seat=SOME_SEAT)
    def appoint(self, person: int, seat: int) -> None:
        told = self.oracle
        overlaps = any(
            (h.person, h.seat) == (person, seat) and (h.end is None or h.end > told.today) for h in told.held
        )
        if person in told.closed or overlaps:
            return
        appoint(user=self.world.person(person), post=self.world.posts[seat], valid_from=clock.today(), actor=SYSTEM)
        told.held.append(Held(person, seat, told.today))

    @rule(person=SOMEBODY, days=st.integers(0, 2))
    def leave(self, person: int, days: int) -> None:
        held = next((one for one in self.oracle.held if one.person == person and one.end is None), None)
        if held is None:
            return
        row = Appointment.objects.get(
            user=self.world.people[person], post=self.world.posts[held.seat], valid_to__isnull=True
        )
        end_appointment(appointment=row, valid_to=clock.today() + timedelta(days=days), actor=SYSTEM)
        held.end = self.oracle.today + days

    def delegate(self, principal: int, deputy: int, start: int, hours: int) -> None:
        if principal == deputy or {principal, deputy} & self.oracle.closed:
            return
        begin = clock.now() + timedelta(hours=start)
        delegate(
            principal=self.world.person(principal), deputy=self.world.person(deputy),
            valid_from=begin, valid_to=begin + timedelta(hours=hours), actor=SYSTEM,
        )  # fmt: skip
        shift = timedelta(days=self.oracle.today)
        self.oracle.given.append(Given(principal, deputy, begin + shift, begin + shift + timedelta(hours=hours)))

    @rule(principal=SOMEBODY, deputy=SOMEBODY, start=HOURS, hours=st.integers(1, 60))
    def let_act(self, principal: int, deputy: int, start: int, hours: int) -> None:
        self.delegate(principal, deputy, start, hours)

    # Delegations that matter: one that lapses, is taken back or loses its principal is too seldom met by chance.
    @rule(
        principal=st.sampled_from([0, 1, 5]),
        deputy=SOMEBODY,
        end=st.sampled_from(["lapse", "revoke", "close", "leave"]),
    )
    def let_act_and_end(self, principal: int, deputy: int, end: str) -> None:
        self.delegate(principal, deputy, 0, 20)
        self.everything_agrees()
        if end == "lapse":
            self.pass_days(1)
        elif end == "revoke":
            self.revoke(principal)
        elif end == "close":
            self.close(principal)
        else:
            self.leave(principal, 0)

    def revoke(self, principal: int) -> None:
        rows = Delegation.objects.filter(principal=self.world.people[principal], revoked_at__isnull=True)
        now = clock.now()
        for row in rows.order_by("id"):
            if row.valid_to > now:
                revoke_delegation(delegation=row, at=now, actor=SYSTEM)
        for given in self.oracle.given:
            if given.principal == principal:
                given.end = min(given.end, now + timedelta(days=self.oracle.today))

    @rule(person=SOMEBODY)
    def close(self, person: int) -> None:
        if len(self.oracle.closed) < PEOPLE - 4:
            close_account(user=self.world.person(person), actor=SYSTEM)
            self.oracle.closed.add(person)

    @rule(days=st.integers(1, 2))
    def pass_days(self, days: int) -> None:
        self.world.pass_days(days)
        self.oracle.today += days

    # --- papers -----------------------------------------------------------------------------------------------------------

    @rule(unit=UNITS, pick=SOMETHING, is_read=st.booleans())
    def upload(self, unit: str, pick: int, *, is_read: bool) -> None:
        if able := self.tell_time().who_holds(self.oracle.registrars(unit)):
            document = self.world.upload(able[pick % len(able)], unit, is_read=is_read)
            self.take_in(document, Paper(unit, readers=[(f"office {unit} 0", "owner")], has_word=is_read))

    def take_in(self, document: Document, paper: Paper) -> None:
        self.documents.append(document)
        self.oracle.papers.append(paper)

    @rule(pick=SOMETHING)
    def draft(self, pick: int) -> None:
        by = self.one_of(self.tell_time().who_holds({0, 1, 2, 3}), pick)
        if by is not None:
            document = self.world.draft(by, "A", signer=1)
            readers = [("office A 0", "owner"), (f"user {by}", "owner"), ("post 1", "outgoing")]
            self.take_in(document, Paper("A", "draft", readers=readers, has_word=True))

    @precondition(lambda self: self.some("unconfirmed"))
    @rule(pick=SOMETHING)
    def confirm(self, pick: int) -> None:
        number = self.one_of(self.some("unconfirmed"), pick)
        by = self.registrar(self.oracle.papers[number], pick)
        if by is not None:
            document = self.fresh(number)
            confirmed(document, by=self.world.person(by), number=str(number + 1), subject=f"về {WORD} số {number}")
            self.oracle.papers[number].state, self.oracle.papers[number].has_word = "confirmed", True

    @precondition(lambda self: self.some("unconfirmed"))
    @rule(pick=SOMETHING, is_secret=st.booleans())
    def take_away(self, pick: int, *, is_secret: bool) -> None:
        """The clerk withdraws a wrong upload, or the reader finds a red mark."""
        number = self.one_of(self.some("unconfirmed"), pick)
        paper, document = self.oracle.papers[number], self.fresh(number)
        if is_secret and document.read_state in {"QUEUED", "READING"}:
            self.world.lock_away(document)
            paper.state, paper.readers = "quarantined", [(f"security {paper.owner}", "quarantine")]
            return
        by = self.registrar(paper, pick)
        if by is not None:
            actor = self.world.actor(by, paper.owner)
            withdraw_upload(document=document, reason="Tải nhầm", actor=actor)
            paper.state = "withdrawn"

    @precondition(lambda self: self.some("confirmed"))
    @rule(pick=SOMETHING)
    def register(self, pick: int) -> None:
        number = self.one_of(self.some("confirmed"), pick)
        paper = self.oracle.papers[number]
        by = self.registrar(paper, pick)
        if by is not None:
            services.register_and_start(
                document=self.fresh(number), unit=self.world.units[paper.owner], received_at=clock.now(),
                actor=self.world.actor(by, paper.owner),
            )  # fmt: skip
            paper.state = "registered"
            paper.readers.append((f"office {paper.owner} 0", "case"))

    @precondition(lambda self: self.some("registered"))
    @rule(pick=SOMETHING)
    def strike_out(self, pick: int) -> None:
        """The number becomes void and its case ends; the paper is registered anew."""
        number = self.one_of(self.some("registered"), pick)
        paper = self.oracle.papers[number]
        by = self.registrar(paper, pick)
        if by is not None:
            entry = (
                self.documents[number].entries.filter(state="USED").select_related("register__unit", "document").get()
            )
            void_entry(entry=entry, reason="Vào sổ nhầm", actor=self.world.actor(by, paper.owner))
            paper.state = "confirmed"
            paper.end("case")

    @precondition(lambda self: self.some("registered", "A"))
    @rule(pick=SOMETHING)
    def present_and_direct(self, pick: int) -> None:
        """To the leader, who gives the work to the department and one post of another one for information."""
        number = self.one_of(self.some("registered", "A"), pick)
        paper = self.oracle.papers[number]
        if not self.do(number, "present", "A", "present", pick, leader_post=self.world.posts[1]):
            return
        paper.state = "presented"
        paper.readers.append(("post 1", "case"))
        self.everything_agrees()
        department, post = self.world.units["D"].pk, self.world.posts[4].pk
        if self.do(
            number, "direct", "A", "direct", pick, text="Giao Ban D", lead=f"unit:{department}", fyi=[f"post:{post}"]
        ):
            paper.state = "assigned"
            paper.readers += [("office D 0", "lead"), ("staff D", "lead"), ("post 4", "fyi")]

    @precondition(lambda self: self.some("assigned"))
    @rule(pick=SOMETHING)
    def return_work(self, pick: int) -> None:
        """Whoever gives work back loses what came with it."""
        number = self.one_of(self.some("assigned"), pick)
        item = self.world.step(self.documents[number], "work", "A")
        able = self.tell_time().who_holds(self.holders_of_department())
        if item is None or item.role != "LEAD" or not able:
            return
        self.world.complete(item, able[pick % len(able)], "A", "return", reason="Không thuộc việc của Ban")
        self.oracle.papers[number].state = "presented"
        self.oracle.papers[number].end("lead")

    def holders_of_department(self) -> set[int]:
        """Work of a department is its head's and, while nobody heads it, everybody's who sits there."""
        is_headed = any(2 in self.oracle.sits(who) for who in range(PEOPLE) if who not in self.oracle.closed)
        return {2} if is_headed else {3}

    @precondition(lambda self: self.some("confirmed") or self.some("registered"))
    @rule(pick=SOMETHING, to=st.sampled_from(["B", "C", "BC"]))
    def send(self, pick: int, to: str) -> None:
        number = self.one_of(self.some("confirmed") + self.some("registered"), pick)
        paper = self.oracle.papers[number]
        recipients = [unit for unit in to if unit != paper.owner]
        by = self.registrar(paper, pick)
        if by is None or not recipients:
            return
        issue_dispatch(
            document=self.fresh(number), sender=self.world.units[paper.owner],
            recipients=[self.world.units[unit] for unit in recipients], actor=self.world.actor(by, paper.owner),
        )  # fmt: skip
        for unit in recipients:
            paper.readers += [(f"office {unit} 0", "dispatch"), (f"staff {unit}", "dispatch")]

    @precondition(lambda self: self.waiting())
    @rule(pick=SOMETHING)
    def receive(self, pick: int) -> None:
        delivery = self.waiting()[pick % len(self.waiting())]
        unit = delivery.unit.code
        able = self.tell_time().who_holds(self.oracle.registrars(unit))
        number = [document.pk for document in self.documents].index(delivery.dispatch.document_id)
        if able and not delivery.dispatch.document.entries.filter(register__unit=delivery.unit, state="USED").exists():
            actor = self.world.actor(able[pick % len(able)], unit)
            services.receive_delivery(delivery=delivery, received_at=clock.now(), actor=actor)
            self.oracle.papers[number].readers.append((f"office {unit} 0", f"case {unit}"))

    # --- what the rules ask -----------------------------------------------------------------------------------------------

    def tell_time(self) -> Oracle:
        self.oracle.now = clock.now() + timedelta(days=self.oracle.today)
        return self.oracle

    def some(self, state: str, owner: str = "ABC") -> list[int]:
        papers = enumerate(self.oracle.papers)
        return [number for number, paper in papers if paper.state == state and paper.owner in owner]

    def one_of(self, numbers: list[int], pick: int) -> Any:
        return numbers[pick % len(numbers)] if numbers else None

    def registrar(self, paper: Paper, pick: int) -> int | None:
        found: int | None = self.one_of(self.tell_time().who_holds(self.oracle.registrars(paper.owner)), pick)
        return found

    def fresh(self, number: int) -> Document:
        return Document.plain.get(pk=self.documents[number].pk)

    def waiting(self) -> list[Delivery]:
        rows = Delivery.plain.filter(state=DeliveryState.DELIVERED).select_related("unit", "dispatch__document")
        return list(rows.order_by("pk"))

    def do(self, number: int, node: str, unit: str, action: str, pick: int, **payload: Any) -> bool:
        item = self.world.step(self.documents[number], node, unit)
        seat = self.world.seat_of(item) if item else None
        able = self.tell_time().who_holds({seat}) if seat is not None else []
        if item is None or not able:
            return False
        self.world.complete(item, able[pick % len(able)], unit, action, **payload)
        return True

    # --- what must hold ---------------------------------------------------------------------------------------------------

    @invariant()
    def everything_agrees(self) -> None:
        told = self.tell_time()
        readers = [self.world.person(person) for person in range(PEOPLE)]
        self.world.forget_jobs()
        chain_now()
        self.search_agrees(readers, "", is_current=False)  # nothing that is over, though the index has not looked yet
        index_now()
        self.search_agrees(readers, "", is_current=True)
        self.search_agrees(readers, WORD, is_current=True)
        for person, reader in enumerate(readers):
            assert self.numbers(Document.objects.visible_to(reader).values_list("pk", flat=True)) == told.sees(person)
            rows = DocumentFile.objects.visible_to(reader).values_list("document", flat=True)
            assert self.numbers(rows) == told.sees(person)
        self.pages_agree()

    def search_agrees(self, readers: list[User], query: str, *, is_current: bool) -> None:
        papers = enumerate(self.oracle.papers)
        having = {number for number, paper in papers if paper.has_word or not query}
        for person, reader in enumerate(readers):
            expected = self.oracle.finds(person) & having
            found = search_documents(query=query, user=reader, at=clock.now(), limit=100)
            shown = self.numbers(hit.document_id for hit in found.hits)
            assert found.total == len(found.hits)
            assert shown == expected if is_current else shown <= expected

    def numbers(self, pks: Any) -> set[int]:
        known = [document.pk for document in self.documents]
        return {known.index(pk) for pk in pks}

    def pages_agree(self) -> None:
        """Open pages and files where something has changed for somebody, and a few others in turn."""
        pairs = [(person, number) for person in range(PEOPLE) for number in range(len(self.documents))]
        after = [self.oracle.sees(person) for person in range(PEOPLE)]
        changed = [(person, number) for person, number in pairs if number in self.before[person] ^ after[person]]
        start = (7 * len(self.documents) + self.oracle.today) % max(1, len(pairs))
        for person, number in [*changed[:LOOKS], *pairs[start : start + LOOKS]]:
            self.page_agrees(person, number)
        self.before = after

    def page_agrees(self, person: int, number: int) -> None:
        document, reader = self.documents[number], self.world.person(person)
        client = Client()
        client.force_login(reader)
        file = document.files.order_by("pk")[0]
        expected = 200 if number in self.oracle.sees(person) else 404
        if person in self.oracle.closed:
            expected = 302  # to the page of signing in
        assert client.get(reverse("desk:paper", args=[document.pk])).status_code == expected
        assert client.get(reverse("documents:file", args=[document.pk, file.pk])).status_code == expected


class TestVisibility:
    def test_is_one_thing_everywhere(self, db: None, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "files"
        Office.world, Office.folder = World(), tmp_path
        run_state_machine_as_test(Office, settings=RUNS)


# Without shrinking in the run of every day: a story of twelve events is short enough to read.
RUNS = settings(
    max_examples=STORIES, stateful_step_count=STEPS, deadline=None,
    phases=[Phase.generate] if STORIES < 50 else [Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
