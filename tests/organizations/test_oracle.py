"""
Who may read, told a second time in plain Python: whatever happens in an office, the database's answer is the oracle's.

The oracle shares no code with `organizations.policies`; it walks lists of what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock
from organizations.models import Appointment, Delegation, Role, Unit, User
from organizations.policies import holder_keys, reader_tokens
from organizations.services import appoint, close_account, delegate, end_appointment, revoke_delegation
from tests.factories.organizations import LONG_AGO, MAKER, fresh, make_department, make_post, make_unit, make_user

# unit, roles; D1 and D2 are departments of A, B stands below A
POSTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("A", ("clerk",)), ("A", ("leader", "chair")), ("D1", ("dept_head",)), ("D1", ("specialist",)), ("D2", ("archivist",)),
    ("D1", ("office_chief", "dept_head")), ("B", ("clerk", "leader")), ("B", ("security_officer",)), ("D2", ("sys_admin",)),
    ("B", ()), ("D2", ("unit_admin", "specialist")),
)  # fmt: skip
PEOPLE = 5
ORGAN = {"A": "A", "D1": "A", "D2": "A", "B": "B"}
LEVEL = {"leader": 2, "clerk": 1, "office_chief": 1, "dept_head": 1}
OFFICE = {"clerk", "leader", "office_chief"}


@dataclass
class Oracle:
    """What happened so far; people, posts and units by their place in the story."""

    now: datetime
    held: list[list[Any]] = field(default_factory=list)  # person, post, from, to
    given: list[list[Any]] = field(default_factory=list)  # principal, deputy, from, to
    closed: set[int] = field(default_factory=set)

    def sits(self, person: int) -> list[int]:
        day = clock.office_date(self.now)
        return [p for who, p, start, end in self.held if who == person and start <= day and (end is None or day < end)]

    def principals(self, person: int) -> set[int]:
        return {
            p for p, d, start, end in self.given if d == person and start <= self.now < end and p not in self.closed
        }

    def tokens(self, person: int) -> set[str]:
        if person in self.closed:
            return set()
        capacities = {person} | self.principals(person)
        found = {f"user {who}" for who in capacities}
        for post in {post for who in capacities for post in self.sits(who)}:
            found |= self.tokens_of_post(post)
        return found

    def tokens_of_post(self, post: int) -> set[str]:
        unit, roles = POSTS[post]
        if roles and set(roles) <= {"sys_admin", "unit_admin"}:
            return set()
        level = max([LEVEL.get(role, 0) for role in roles], default=0)
        found = {f"post {post}", f"staff {unit}", f"staff {ORGAN[unit]}"}
        for number in range(level + 1):
            if OFFICE & set(roles):
                found.add(f"office {ORGAN[unit]} {number}")
            if "dept_head" in roles and unit != ORGAN[unit]:
                found.add(f"office {unit} {number}")
        if "security_officer" in roles:
            found.add(f"security {ORGAN[unit]}")
        return found

    def keys(self, person: int) -> dict[str, bool]:
        """Key: whether it is held in one's own right."""
        if person in self.closed:
            return {}
        found = {f"user {who}": False for who in self.principals(person)} | {f"user {person}": True}
        for who in [*self.principals(person), person]:
            for post in self.sits(who):
                found |= dict.fromkeys(self.keys_of_post(post), who == person)
        return found

    def keys_of_post(self, post: int) -> set[str]:
        unit, roles = POSTS[post]
        if roles and set(roles) <= {"sys_admin", "unit_admin"}:
            return set()
        found = {f"post {post}"}
        if OFFICE & set(roles):
            found.add(f"unit {ORGAN[unit]}")
        if unit.startswith("D") and ("dept_head" in roles or not self.has_head(unit)):
            found.add(f"unit {unit}")
        return found

    def has_head(self, unit: str) -> bool:
        heads = [number for number, (where, roles) in enumerate(POSTS) if where == unit and "dept_head" in roles]
        return any(set(self.sits(who)) & set(heads) for who in range(PEOPLE) if who not in self.closed)


@dataclass
class World:
    """The same office in the database."""

    units: dict[str, Unit]
    posts: list[Any]
    people: list[User]

    def in_words(self, token: str) -> str:
        """A token of ours in the oracle's words."""
        kind, rest = token.split(":", 1)
        if kind == "user":
            return f"user {[user.pk for user in self.people].index(int(rest))}"
        if kind == "post":
            return f"post {[post.pk for post in self.posts].index(int(rest))}"
        number, _, circle = rest.replace("@", ":@").partition(":")
        name = next(name for name, unit in self.units.items() if unit.pk == int(number))
        if circle == "security":
            return f"security {name}"
        if circle.startswith("office"):
            return f"office {name} {circle[-1]}"
        return f"staff {name}" if circle else f"unit {name}"


@pytest.fixture
def world(db: None) -> World:
    organ = make_unit("A")
    units = {
        "A": organ,
        "D1": make_department(organ, "D1"),
        "D2": make_department(organ, "D2"),
        "B": make_unit("B", parent=organ),
    }
    posts = [make_post(units[unit], *map(Role, roles), title=f"Chức danh {n}") for n, (unit, roles) in enumerate(POSTS)]
    return World(units, posts, [make_user(f"nguoi-{n}") for n in range(PEOPLE)])


person, post = st.integers(0, PEOPLE - 1), st.integers(0, len(POSTS) - 1)
EVENTS = st.one_of(
    st.tuples(st.just("appoint"), person, post),
    st.tuples(st.just("appoint"), person, post),
    st.tuples(st.just("leave"), person, st.booleans()),
    st.tuples(st.just("delegate"), person, person, st.integers(0, 30), st.integers(1, 60)),
    # Delegations that matter: a chance of a lapsed one, or of one whose principal is gone, is too small otherwise.
    st.tuples(st.just("lapse"), person, person),
    st.tuples(st.just("strand"), person, person),
    st.tuples(st.just("recall"), person, person),
    st.tuples(st.just("close"), person),
    st.tuples(st.just("pass"), st.integers(1, 40)),
)


class Story:
    """Lets each event happen in both worlds."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world, self.oracle = world, Oracle(now)

    def tell(self, event: tuple[Any, ...]) -> None:
        getattr(self, event[0])(*event[1:])

    def appoint(self, who: int, post: int) -> None:
        day = clock.office_date(self.oracle.now)
        overlaps = any(row[:2] == [who, post] and (row[3] is None or row[3] > day) for row in self.oracle.held)
        if who in self.oracle.closed or overlaps:
            return
        appoint(user=fresh(self.world.people[who]), post=self.world.posts[post], valid_from=day, actor=MAKER)
        self.oracle.held.append([who, post, day, None])

    def leave(self, who: int, tomorrow: bool) -> None:
        row = next((row for row in self.oracle.held if row[0] == who and row[3] is None), None)
        if row is None:
            return
        row[3] = clock.office_date(self.oracle.now) + timedelta(days=int(tomorrow))
        found = Appointment.objects.get(
            user=self.world.people[who], post=self.world.posts[row[1]], valid_to__isnull=True
        )
        end_appointment(appointment=found, valid_to=row[3], actor=MAKER)

    def delegate(self, principal: int, deputy: int, start: int, hours: int) -> None:
        if principal == deputy or {principal, deputy} & self.oracle.closed:
            return
        begin = self.oracle.now + timedelta(hours=start)
        end = begin + timedelta(hours=hours)
        people = self.world.people
        delegate(
            principal=fresh(people[principal]),
            deputy=fresh(people[deputy]),
            valid_from=begin,
            valid_to=end,
            actor=MAKER,
        )
        self.oracle.given.append([principal, deputy, begin, end])

    def lapse(self, principal: int, deputy: int) -> None:
        self.delegate(principal, deputy, 0, 5)
        self.compare()
        self.pass_time(5)

    def strand(self, principal: int, deputy: int) -> None:
        self.delegate(principal, deputy, 0, 48)
        self.compare()
        self.close(principal)

    def recall(self, principal: int, deputy: int) -> None:
        self.delegate(principal, deputy, 0, 48)
        self.compare()
        self.revoke(principal)

    def revoke(self, principal: int) -> None:
        rows = Delegation.objects.filter(principal=self.world.people[principal], revoked_at__isnull=True)
        for row in rows.order_by("id"):
            revoke_delegation(delegation=row, at=self.oracle.now, actor=MAKER)
        for told in self.oracle.given:
            if told[0] == principal:
                told[3] = min(told[3], self.oracle.now)

    def close(self, who: int) -> None:
        if len(self.oracle.closed) < PEOPLE - 2:
            close_account(user=fresh(self.world.people[who]), actor=MAKER)
            self.oracle.closed.add(who)

    def pass_time(self, hours: int) -> None:
        self.oracle.now += timedelta(hours=hours)

    def compare(self) -> None:
        for number, someone in enumerate(self.world.people):
            reader = fresh(someone)
            tokens = {self.world.in_words(token) for token in reader_tokens(reader, self.oracle.now)}
            assert tokens == self.oracle.tokens(number)
            keys = holder_keys(reader, self.oracle.now)
            assert {self.world.in_words(key): principal is None for key, principal in keys.items()} == self.oracle.keys(
                number
            )


setattr(Story, "pass", Story.pass_time)  # a keyword, but the right word


class TestOracle:
    @given(events=st.lists(EVENTS, min_size=5, max_size=9))
    # Without shrinking: stories are short enough to read, and each costs half a second.
    @settings(
        max_examples=15,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_agrees_after_every_event(self, world: World, events: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            story = Story(world, clock.now())
            for number, seat in enumerate((0, 1, 2, 3, 6)):
                story.oracle.held.append([number, seat, LONG_AGO, None])
                appoint(user=fresh(world.people[number]), post=world.posts[seat], valid_from=LONG_AGO, actor=MAKER)
            for event in events:
                story.tell(event)
                story.compare()
            transaction.set_rollback(True)
