"""Who holds what, and when: the table of docs/architecture.md, case by case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from organizations.models import Role, Unit, User
from organizations.policies import (
    NotAllowed,
    administers_anything,
    can_register,
    grantable_roles,
    has_role,
    holder_keys,
    is_admin_of,
    is_admin_of_person,
    reader_tokens,
    require,
    require_clerk,
)
from organizations.selectors import (
    administered_people,
    clerk_post,
    colleagues,
    holders_of,
    leader_post,
    posts_of,
    units_of,
)
from organizations.services import (
    actor_for,
    appoint,
    change_post,
    close_account,
    close_post,
    end_appointment,
    revoke_delegation,
)
from tests.factories.organizations import (
    LONG_AGO,
    MAKER,
    fresh,
    make_delegation,
    make_department,
    make_person,
    make_post,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def tokens(user: User, at: Any = None) -> set[str]:
    return set(reader_tokens(fresh(user), at or clock.now()))


def keys(user: User, at: Any = None) -> dict[str, int | None]:
    return holder_keys(fresh(user), at or clock.now())


@pytest.fixture
def organ() -> Unit:
    return make_unit("AH")


@pytest.fixture
def department(organ: Unit) -> Unit:
    return make_department(organ, "AH-VP")


class TestReaderTokens:
    @pytest.mark.parametrize(
        ("role", "circle"),
        [
            (Role.CLERK, ["{organ}:office@0", "{organ}:office@1"]),
            (Role.OFFICE_CHIEF, ["{organ}:office@0", "{organ}:office@1"]),
            (Role.LEADER, ["{organ}:office@0", "{organ}:office@1", "{organ}:office@2"]),
            (Role.DEPT_HEAD, ["{department}:office@0", "{department}:office@1"]),
            (Role.SPECIALIST, []),
            (Role.SECRETARY, []),
            (Role.ARCHIVIST, []),
            (Role.ASSISTANT, []),
            (Role.CHAIR, []),
            (Role.SECURITY_OFFICER, ["{organ}:security"]),
        ],
    )
    def test_of_a_post_in_a_department(self, role: str, circle: list[str], organ: Unit, department: Unit) -> None:
        post = make_post(department, role)
        person = make_user("", post)

        names = {"organ": f"unit:{organ.pk}", "department": f"unit:{department.pk}"}
        expected = {f"user:{person.pk}", f"post:{post.pk}", f"unit:{department.pk}@0", f"unit:{organ.pk}@0"}
        assert tokens(person) == expected | {token.format(**names) for token in circle}

    @pytest.mark.parametrize("roles", [[Role.UNIT_ADMIN], [Role.SYS_ADMIN], [Role.UNIT_ADMIN, Role.SYS_ADMIN]])
    def test_administrators_read_nothing_by_their_office(self, roles: list[str], department: Unit) -> None:
        admin = make_person(department, *roles)

        assert tokens(admin) == {f"user:{admin.pk}"}
        assert keys(admin) == {f"user:{admin.pk}": None}

    def test_of_a_post_without_a_role_are_those_of_staff(self, organ: Unit) -> None:
        post = make_post(organ)
        person = make_user("", post)

        assert tokens(person) == {f"user:{person.pk}", f"post:{post.pk}", f"unit:{organ.pk}@0"}

    def test_come_and_go_with_the_days_of_the_appointment(self, organ: Unit) -> None:
        post, person, now = make_post(organ, Role.CLERK), make_user(), clock.now()
        today = clock.office_date(now)
        row = appoint(user=person, post=post, valid_from=today, actor=MAKER)

        assert f"post:{post.pk}" not in tokens(person, now - DAY)
        assert f"post:{post.pk}" in tokens(person, now)

        end_appointment(appointment=row, valid_to=today + DAY, actor=MAKER)

        assert f"post:{post.pk}" in tokens(person, now)
        assert f"post:{post.pk}" not in tokens(person, now + DAY)

    def test_end_with_a_closed_post(self, organ: Unit) -> None:
        post, person, today = make_post(organ, Role.CLERK), make_user(), clock.today()
        row = appoint(user=person, post=post, valid_from=LONG_AGO, actor=MAKER)
        end_appointment(appointment=row, valid_to=today, actor=MAKER)

        close_post(post=post, on=today, actor=MAKER)

        assert tokens(person) == {f"user:{person.pk}"}

    def test_follow_the_roles_of_the_post_at_once(self, organ: Unit) -> None:
        post = make_post(organ, Role.SPECIALIST)
        person = make_user("", post)

        change_post(post=post, title="Chủ tịch", roles=[Role.LEADER], order=1, actor=MAKER)

        assert f"unit:{organ.pk}:office@2" in tokens(person)

    def test_of_a_closed_account_are_none(self, organ: Unit) -> None:
        person = make_person(organ, Role.LEADER)

        close_account(user=person, actor=MAKER)

        assert tokens(person) == set()
        assert keys(person) == {}
        assert posts_of(fresh(person), clock.now()) == []

    def test_cost_one_query_with_posts_and_deputyship_and_none_the_second_time(
        self, organ: Unit, department: Unit, django_assert_num_queries: Any
    ) -> None:
        chief, deputy = make_person(organ, Role.LEADER), make_person(department, Role.SPECIALIST)
        make_delegation(chief, deputy)
        person, now = fresh(deputy), clock.now()

        with django_assert_num_queries(1):
            reader_tokens(person, now)
            holder_keys(person, now)
            assert posts_of(person, now)[0].unit.name == "Ban"


class TestDeputy:
    def test_holds_what_the_principal_holds_within_the_window_alone(self, organ: Unit) -> None:
        chief, deputy, now = make_person(organ, Role.LEADER), make_user(), clock.now()
        make_delegation(chief, deputy, valid_from=now - DAY, valid_to=now + DAY)

        assert tokens(deputy) == tokens(chief) | {f"user:{deputy.pk}"}
        assert set(keys(deputy).values()) == {None, chief.pk}
        assert tokens(deputy, now - 2 * DAY) == {f"user:{deputy.pk}"}
        assert tokens(deputy, now + DAY) == {f"user:{deputy.pk}"}

    def test_loses_it_when_it_is_revoked(self, organ: Unit) -> None:
        chief, deputy, now = make_person(organ, Role.LEADER), make_user(), clock.now()
        row = make_delegation(chief, deputy)

        revoke_delegation(delegation=row, at=now, actor=MAKER)

        assert tokens(deputy, now) == {f"user:{deputy.pk}"}
        assert tokens(deputy, now - timedelta(minutes=5)) > {f"user:{deputy.pk}"}

    def test_loses_it_when_the_principal_leaves_the_post(self, organ: Unit) -> None:
        post, chief, deputy = make_post(organ, Role.LEADER), make_user(), make_user()
        row = appoint(user=chief, post=post, valid_from=LONG_AGO, actor=MAKER)
        make_delegation(chief, deputy)

        end_appointment(appointment=row, valid_to=clock.today(), actor=MAKER)

        assert tokens(deputy) == {f"user:{deputy.pk}", f"user:{chief.pk}"}

    def test_loses_all_when_the_principal_s_account_is_closed(self, organ: Unit) -> None:
        chief, deputy = make_person(organ, Role.LEADER), make_user()
        make_delegation(chief, deputy)

        close_account(user=chief, actor=MAKER)

        assert tokens(deputy) == {f"user:{deputy.pk}"}

    def test_does_not_pass_it_on(self, organ: Unit) -> None:
        chief, deputy, third = make_person(organ, Role.LEADER), make_user(), make_user()
        make_delegation(chief, deputy)

        make_delegation(deputy, third)

        assert tokens(third) == {f"user:{third.pk}", f"user:{deputy.pk}"}

    def test_is_not_an_administrator_by_it(self, organ: Unit) -> None:
        admin, deputy = make_person(organ, Role.SYS_ADMIN), make_user()
        make_delegation(admin, deputy)

        assert not administers_anything(fresh(deputy), clock.now())

    def test_acts_in_their_own_right_where_they_have_one(self, organ: Unit) -> None:
        chief, clerk = make_person(organ, Role.LEADER), make_person(organ, Role.CLERK)
        make_delegation(chief, clerk)

        assert keys(clerk)[f"unit:{organ.pk}"] is None


class TestHolderKeys:
    def test_work_of_an_organ_is_its_office_s(self, organ: Unit, department: Unit) -> None:
        for role, expected in [
            (Role.CLERK, True), (Role.LEADER, True), (Role.OFFICE_CHIEF, True),
            (Role.SPECIALIST, False), (Role.DEPT_HEAD, False), (Role.ASSISTANT, False),
        ]:  # fmt: skip
            assert (f"unit:{organ.pk}" in keys(make_person(department, role))) is expected, role

    def test_work_of_a_department_is_its_head_s(self, department: Unit) -> None:
        head, specialist = make_person(department, Role.DEPT_HEAD), make_person(department, Role.SPECIALIST)

        assert f"unit:{department.pk}" in keys(head)
        assert f"unit:{department.pk}" not in keys(specialist)

    def test_work_of_a_department_without_a_head_is_everybody_s_there(self, department: Unit) -> None:
        specialist, admin = make_person(department, Role.SPECIALIST), make_person(department, Role.UNIT_ADMIN)

        assert f"unit:{department.pk}" in keys(specialist)
        assert f"unit:{department.pk}" not in keys(admin)

    def test_a_head_who_left_does_not_keep_the_work_waiting(self, department: Unit) -> None:
        post, head = make_post(department, Role.DEPT_HEAD), make_user()
        specialist = make_person(department, Role.SPECIALIST)
        row = appoint(user=head, post=post, valid_from=LONG_AGO, actor=MAKER)

        end_appointment(appointment=row, valid_to=clock.today(), actor=MAKER)

        assert f"unit:{department.pk}" in keys(specialist)

    def test_work_of_units_above_and_below_stays_theirs(self, organ: Unit) -> None:
        ward = make_unit("DT", parent=organ, tier=3)
        clerk = make_person(ward, Role.CLERK)

        assert f"unit:{organ.pk}" not in keys(clerk)
        assert f"unit:{organ.pk}@0" not in tokens(clerk)
        assert f"unit:{ward.pk}@0" not in tokens(make_person(organ, Role.LEADER))


class TestRights:
    def test_has_role_in_the_unit_or_a_department_of_it(self, organ: Unit, department: Unit) -> None:
        head, clerk, now = make_person(department, Role.DEPT_HEAD), make_person(organ, Role.CLERK), clock.now()

        assert has_role(fresh(head), Role.DEPT_HEAD, department, now)
        assert has_role(fresh(head), {Role.DEPT_HEAD}, organ, now)
        assert has_role(fresh(clerk), Role.CLERK, department, now)
        assert not has_role(fresh(head), Role.CLERK, organ, now)
        assert not has_role(fresh(clerk), Role.CLERK, make_unit("SL"), now)

    def test_clerks_register_chiefs_substitute_leaders_only_where_there_is_no_clerk(self, organ: Unit) -> None:
        now = clock.now()
        leader, specialist = make_person(organ, Role.LEADER), make_person(organ, Role.SPECIALIST)
        assert can_register(fresh(leader), organ, now)

        clerk, chief = make_person(organ, Role.CLERK), make_person(organ, Role.OFFICE_CHIEF)

        assert can_register(fresh(clerk), organ, now)
        assert can_register(fresh(chief), organ, now)
        assert not can_register(fresh(leader), organ, now)
        assert not can_register(fresh(specialist), organ, now)

    def test_require_says_what_is_not_allowed(self) -> None:
        with pytest.raises(NotAllowed):
            require("organizations.test", allowed=False)

        require("organizations.test", allowed=True)

    def test_require_clerk_refuses_everybody_else(self, organ: Unit) -> None:
        clerk, leader = make_person(organ, Role.CLERK), make_person(organ, Role.LEADER)

        assert require_clerk(actor_for(clerk), organ) == (clerk, actor_for(clerk))
        with pytest.raises(NotAllowed):
            require_clerk(actor_for(leader), organ)


class TestAdministration:
    @pytest.fixture
    def admin(self, organ: Unit, department: Unit) -> User:
        return make_person(department, Role.UNIT_ADMIN)

    def test_of_a_unit_reaches_down_and_neither_up_nor_sideways(self, organ: Unit, admin: User) -> None:
        now, ward, other = clock.now(), make_unit("DT", parent=organ), make_unit("SL")

        assert is_admin_of(admin, fresh_unit(organ), now)
        assert is_admin_of(admin, ward, now)
        assert not is_admin_of(admin, other, now)
        assert not is_admin_of(admin, None, now)
        assert is_admin_of(make_person(other, Role.SYS_ADMIN), organ, now)
        assert not is_admin_of(make_person(organ, Role.LEADER), organ, now)

    def test_of_people_is_only_of_those_who_sat_nowhere_else(self, organ: Unit, admin: User) -> None:
        now, other = clock.now(), make_unit("SL")
        clerk, stranger, both = make_person(organ, Role.CLERK), make_person(other, Role.CLERK), make_user()
        appoint(user=both, post=make_post(organ), valid_from=LONG_AGO, actor=MAKER)
        past = appoint(user=both, post=make_post(other), valid_from=LONG_AGO, actor=MAKER)
        end_appointment(appointment=past, valid_to=date(2021, 1, 1), actor=MAKER)

        assert is_admin_of_person(admin, clerk, now)
        assert is_admin_of_person(admin, make_user(), now)
        assert not is_admin_of_person(admin, stranger, now)
        assert not is_admin_of_person(admin, both, now)
        assert not is_admin_of_person(admin, make_person(organ, Role.SYS_ADMIN), now)
        assert not is_admin_of_person(clerk, make_user(), now)

    def test_of_a_deputy_takes_the_principal_s_units_too(self, organ: Unit, admin: User) -> None:
        now, principal, deputy = clock.now(), make_person(make_unit("SL"), Role.CLERK), make_person(organ, Role.CLERK)
        assert is_admin_of_person(admin, deputy, now)

        make_delegation(principal, deputy)

        assert not is_admin_of_person(admin, deputy, now)
        assert deputy not in administered_people(admin, now)

    def test_makes_nobody_more_than_they_are(self, organ: Unit, admin: User) -> None:
        now = clock.now()

        assert Role.SYS_ADMIN not in grantable_roles(admin, now)
        assert Role.SYS_ADMIN in grantable_roles(make_person(organ, Role.SYS_ADMIN), now)


def fresh_unit(unit: Unit) -> Unit:
    found: Unit = Unit.objects.get(pk=unit.pk)
    return found


class TestSelectors:
    def test_units_of_a_person_are_departments_with_their_organs(self, organ: Unit, department: Unit) -> None:
        person = make_person(department, Role.SPECIALIST)

        assert [unit.code for unit in units_of(person, clock.now())] == ["AH", "AH-VP"]

    def test_the_main_post_comes_first(self, organ: Unit, department: Unit) -> None:
        second, main = make_post(department, order=1), make_post(organ, order=2)
        person = make_user("", main, second)

        assert posts_of(person, clock.now()) == [main, second]

    def test_offices_without_a_clerk_have_a_substitute(self, organ: Unit, department: Unit) -> None:
        leader = make_post(organ, Role.LEADER)
        assert clerk_post(organ) == leader

        clerk = make_post(department, Role.CLERK)

        assert clerk_post(organ) == clerk
        assert leader_post(organ) == leader
        assert leader_post(department) is None

    def test_holders_are_those_of_the_day_with_open_accounts(self, organ: Unit) -> None:
        post = make_post(organ, Role.CLERK)
        first, second = make_user("", post), make_user("", post)
        close_account(user=second, actor=MAKER)

        assert holders_of(post, clock.now()) == [first]
        assert holders_of(post, clock.now() - timedelta(days=20 * 365)) == []

    def test_colleagues_sit_in_the_same_organ(self, organ: Unit, department: Unit) -> None:
        clerk, head = make_person(organ, Role.CLERK), make_person(department, Role.DEPT_HEAD)
        make_person(make_unit("DT", parent=organ), Role.CLERK)

        assert list(colleagues(clerk, clock.now())) == [head]
