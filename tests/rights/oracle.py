"""
Who may see which paper, told a second time in plain Python (reliability: access control, the table of tokens).

Shares no code with the product: it keeps lists of what happened and answers from them. People, posts and papers are known by
their place in the story, units by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LEVEL = {"leader": 2, "clerk": 1, "office_chief": 1, "dept_head": 1}
OFFICE = {"clerk", "leader", "office_chief"}
ADMINISTRATION = {"sys_admin", "unit_admin"}
NOT_FOUND = {"withdrawn", "quarantined"}


@dataclass(frozen=True)
class Seat:
    """A post: its unit, the organ of that unit, what it may do."""

    unit: str
    organ: str
    roles: frozenset[str]


@dataclass
class Held:
    """Somebody in a post, from a day until another."""

    person: int
    seat: int
    start: int
    end: int | None = None


@dataclass
class Given:
    """One person acts for another in a window of time."""

    principal: int
    deputy: int
    start: datetime
    end: datetime


@dataclass
class Paper:
    """A paper: whose it is, how it stands, whether it holds the word of the story, and for whom it is, by cause."""

    owner: str
    state: str = "unconfirmed"
    has_word: bool = False
    readers: list[tuple[str, str]] = field(default_factory=list)

    def is_for(self, tokens: set[str]) -> bool:
        return any(token in tokens for token, _cause in self.readers)

    def end(self, cause: str) -> None:
        self.readers = [(token, why) for token, why in self.readers if why != cause]


@dataclass
class Oracle:
    """What happened so far."""

    seats: list[Seat]
    people: int
    now: datetime
    today: int = 0
    held: list[Held] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    papers: list[Paper] = field(default_factory=list)

    def sits(self, person: int) -> list[int]:
        """The seats that a person holds in their own right today."""
        return [
            held.seat
            for held in self.held
            if held.person == person and held.start <= self.today and (held.end is None or self.today < held.end)
        ]

    def capacities(self, person: int) -> set[int]:
        """A person and those for whom they act now; whoever has left the office neither acts nor is acted for."""
        if person in self.closed:
            return set()
        principals = {
            given.principal for given in self.given if given.deputy == person and given.start <= self.now < given.end
        }
        return {person} | (principals - self.closed)

    def seats_of(self, person: int) -> set[int]:
        """The seats a person holds or acts for now; no chains: a deputy of a deputy holds nothing by it."""
        return {seat for who in self.capacities(person) for seat in self.sits(who)}

    def tokens(self, person: int) -> set[str]:
        """Everything a person may read by."""
        found = {f"user {who}" for who in self.capacities(person)}
        for seat in self.seats_of(person):
            found |= self.tokens_of_seat(seat)
        return found

    def tokens_of_seat(self, number: int) -> set[str]:
        seat = self.seats[number]
        if seat.roles and seat.roles <= ADMINISTRATION:
            return set()
        found = {f"post {number}", f"staff {seat.unit}", f"staff {seat.organ}"}
        highest = max([LEVEL.get(role, 0) for role in seat.roles], default=0)
        for level in range(highest + 1):
            if seat.roles & OFFICE:
                found.add(f"office {seat.organ} {level}")
            if "dept_head" in seat.roles and seat.unit != seat.organ:
                found.add(f"office {seat.unit} {level}")
        if "security_officer" in seat.roles:
            found.add(f"security {seat.organ}")
        return found

    def sees(self, person: int) -> set[int]:
        """The papers whose pages open for a person."""
        tokens = self.tokens(person)
        return {number for number, paper in enumerate(self.papers) if paper.is_for(tokens)}

    def finds(self, person: int) -> set[int]:
        """The papers that search may show a person."""
        return {number for number in self.sees(person) if self.papers[number].state not in NOT_FOUND}

    def who_holds(self, seats: set[int]) -> list[int]:
        """People who hold or act for one of these seats now."""
        return [person for person in range(self.people) if self.seats_of(person) & seats]

    def registrars(self, organ: str) -> set[int]:
        """Seats that take papers in: clerks and chiefs of office; a leader where the unit has no clerk's seat."""
        ours = {number for number, seat in enumerate(self.seats) if seat.organ == organ}
        clerks = {number for number in ours if self.seats[number].roles & {"clerk", "office_chief"}}
        if any("clerk" in self.seats[number].roles for number in ours):
            return clerks
        return clerks | {number for number in ours if "leader" in self.seats[number].roles}
