"""Acts on units, posts, people and deputies: what they leave behind and what they refuse."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connections

from audit.models import AuditEntry
from audit.services import name_of
from core import clock
from organizations import services
from organizations.models import Delegation, Role, Unit, UnitName, UnitPlacement, User
from organizations.policies import NotAllowed
from organizations.selectors import (
    UnknownUnit,
    departments_of,
    descendants,
    expand_groups,
    find_unit,
    find_unit_of,
    organs_below,
    recipient_groups,
    unit_choices,
)
from organizations.services import actor_for
from organizations.services.people import LateDelegation, OwnAccount, UsernameTaken, WrongDelegation
from organizations.services.posts import PostHeld, TitleTaken, WrongAppointment
from organizations.services.units import CodeTaken, WrongDate, WrongPlace
from tests.factories.organizations import (
    LONG_AGO,
    MAKER,
    PASSWORD,
    make_department,
    make_person,
    make_post,
    make_unit,
    make_user,
)

if TYPE_CHECKING:
    from django.db.models import Model

pytestmark = pytest.mark.django_db
TWO_LEVELS = date(2025, 7, 1)


def acts_on(row: Model) -> list[str]:
    return list(AuditEntry.objects.filter(target=name_of(row)).order_by("id").values_list("act", flat=True))


def again(unit: Unit) -> Unit:
    found: Unit = Unit.objects.get(pk=unit.pk)
    return found


class TestUnits:
    def test_a_department_belongs_to_the_organ_above(self) -> None:
        organ = make_unit("AH")

        section = make_department(make_department(organ, "AH-VP"), "AH-VP-1")

        assert again(section).organ == organ
        assert section.is_department
        assert acts_on(section) == ["organizations.unit.created"]

    def test_a_department_without_an_organ_or_an_organ_below_a_department_is_refused(self) -> None:
        department = make_department(make_unit("AH"))

        with pytest.raises(WrongPlace):
            make_unit("X", kind=Unit.Kind.DEPARTMENT)
        with pytest.raises(WrongPlace):
            make_unit("Y", kind=Unit.Kind.WARD, parent=department)

    def test_a_code_is_taken_once(self) -> None:
        make_unit("AH")

        with pytest.raises(CodeTaken, match="AH"):
            make_unit(" AH ")

    def test_names_follow_the_days(self) -> None:
        unit = make_unit("CDP-DT", name="LĐLĐ huyện Đông Thành", valid_from=date(2020, 1, 1))

        services.rename_unit(
            unit=unit, name="CĐ phường Đông Thành", abbreviation="CĐP", valid_from=TWO_LEVELS, actor=MAKER
        )

        unit = again(unit)
        assert unit.name_at(TWO_LEVELS - timedelta(days=1)) == "LĐLĐ huyện Đông Thành"
        assert unit.name_at(TWO_LEVELS) == unit.name == str(unit) == "CĐ phường Đông Thành"
        assert unit.name_at(date(2019, 1, 1)) == "CDP-DT"

    def test_a_name_before_the_present_one_is_refused(self) -> None:
        unit = make_unit("AH", valid_from=TWO_LEVELS)

        with pytest.raises(WrongDate):
            services.rename_unit(unit=unit, name="x", abbreviation="", valid_from=LONG_AGO, actor=MAKER)

        assert UnitName.objects.count() == 1

    def test_a_move_keeps_the_past_and_takes_along_what_stands_below(self) -> None:
        top, old, new = (make_unit(code) for code in ("TLD", "AH", "SL"))
        ward = make_unit("DT", parent=old, tier=3)
        office = make_department(ward, "DT-VP")

        services.move_unit(unit=ward, parent=new, valid_from=TWO_LEVELS, actor=MAKER)

        assert [unit.code for unit in descendants(again(new))] == ["DT", "DT-VP"]
        assert not descendants(again(old)).exists()
        assert again(office).organ == ward
        past = UnitPlacement.objects.filter(unit=ward).order_by("valid_from").values_list("parent", "valid_to")
        assert list(past) == [(old.pk, TWO_LEVELS), (new.pk, None)]
        assert top.pk not in {new.pk, old.pk}

    def test_a_department_that_moves_serves_its_new_organ_with_all_its_sections(self) -> None:
        old, new = make_unit("AH"), make_unit("SL")
        department = make_department(old, "VP")
        section = make_department(department, "VP-1")

        services.move_unit(unit=department, parent=new, valid_from=clock.today(), actor=MAKER)

        assert {again(department).organ, again(section).organ} == {new}

    @pytest.mark.parametrize("where", ["itself", "below", "department"])
    def test_a_move_to_where_it_cannot_stand_is_refused(self, where: str) -> None:
        unit = make_unit("AH")
        places = {"itself": unit, "below": make_unit("DT", parent=unit), "department": make_department(make_unit("SL"))}

        with pytest.raises(WrongPlace):
            services.move_unit(unit=unit, parent=places[where], valid_from=clock.today(), actor=MAKER)

    def test_a_move_to_come_is_refused(self) -> None:
        unit, other = make_unit("AH"), make_unit("SL")

        with pytest.raises(WrongDate):
            services.move_unit(unit=unit, parent=other, valid_from=clock.today() + timedelta(days=1), actor=MAKER)

    def test_a_closed_unit_is_no_longer_among_the_recipients(self) -> None:
        top = make_unit("TLD", kind=Unit.Kind.CONFEDERATION, tier=1)
        old, new = make_unit("AH", parent=top), make_unit("SL", parent=top)

        services.close_unit(unit=old, valid_to=clock.today(), successor=new, actor=MAKER)

        assert list(organs_below(again(top))) == [new]
        assert again(old).successor == new

    def test_a_unit_with_open_units_below_is_not_closed(self) -> None:
        unit = make_unit("AH")
        make_unit("DT", parent=unit)

        with pytest.raises(WrongPlace):
            services.close_unit(unit=unit, valid_to=clock.today(), actor=MAKER)

    def test_what_new_papers_bear_can_be_corrected(self) -> None:
        unit = make_unit("AH")

        services.change_unit(unit=unit, symbol="LĐLĐ", place=" Cần Thơ ", organ_id="H37.DN.001", actor=MAKER)

        assert (again(unit).place, again(unit).organ_id) == ("Cần Thơ", "H37.DN.001")
        assert acts_on(unit)[-1] == "organizations.unit.changed"

    @pytest.mark.django_db(transaction=True)
    def test_two_administrators_may_add_below_one_unit_at_once(self) -> None:
        top, failures = make_unit("TLD"), []

        def add(number: int) -> None:
            try:
                for step in range(8):
                    services.create_unit(
                        code=f"{number}-{step}", name="x", kind="WARD", tier=3, parent=top, actor=MAKER
                    )
            except Exception as error:  # noqa: BLE001  # a thread's error would be lost
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=add, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert descendants(again(top)).count() == 24
        assert Unit.objects.find_problems() == ([], [], [], [], [])


class TestSelectors:
    def test_find_unit_says_which_code_is_unknown(self) -> None:
        with pytest.raises(UnknownUnit, match="XYZ"):
            find_unit("XYZ")

    def test_find_unit_of_an_actor_is_the_organ(self) -> None:
        organ = make_unit("AH")
        person = make_person(make_department(organ), Role.SPECIALIST)

        assert find_unit_of(actor_for(person)) == organ
        assert find_unit_of(MAKER) is None
        assert find_unit_of(None) is None

    def test_groups_are_offered_only_where_somebody_is_in_them(self) -> None:
        top = make_unit("TLD", kind=Unit.Kind.CONFEDERATION, tier=1)
        province = make_unit("AH", parent=top)
        ward = make_unit("DT", parent=province, kind=Unit.Kind.WARD, tier=3)
        make_department(top)

        groups = {group.code: list(group.expand()) for group in recipient_groups(again(top))}

        assert groups == {
            "CHILDREN": [province],
            "ALL_BELOW": [province, ward],
            "PROVINCIAL": [province],
            "WARDS": [ward],
        }
        assert expand_groups(again(top), ["WARDS", "ALL_BELOW"]) == [province, ward]
        assert recipient_groups(again(ward)) == []

    def test_choices_are_indented_as_the_tree_is(self) -> None:
        organ = make_unit("AH", name="LĐLĐ tỉnh")
        department = make_department(organ, name="Văn phòng")

        assert unit_choices(Unit.objects.all()) == [(organ.pk, "LĐLĐ tỉnh"), (department.pk, "\u2003Văn phòng")]
        assert list(departments_of(organ)) == [department]


class TestPosts:
    def test_two_posts_of_a_unit_have_two_titles(self) -> None:
        unit = make_unit("AH")
        first, second = make_post(unit, title="Văn thư"), make_post(unit, title="Chủ tịch")

        with pytest.raises(TitleTaken):
            make_post(unit, title=" Văn thư")
        with pytest.raises(TitleTaken):
            services.change_post(post=second, title="Văn thư", roles=[], order=1, actor=MAKER)
        services.change_post(post=first, title="Văn thư", roles=[Role.CLERK], order=1, actor=MAKER)

    def test_a_held_post_is_not_closed(self) -> None:
        post = make_post(make_unit("AH"))
        make_user("", post)

        with pytest.raises(PostHeld):
            services.close_post(post=post, on=clock.today(), actor=MAKER)

    def test_an_appointment_twice_or_to_a_closed_account_or_post_is_refused(self) -> None:
        unit = make_unit("AH")
        post, closed = make_post(unit), make_post(unit)
        person, gone = make_user("", post), make_user()
        services.close_account(user=gone, actor=MAKER)
        services.close_post(post=closed, on=clock.today(), actor=MAKER)
        closed.refresh_from_db()

        for user, wanted in [(person, post), (gone, post), (make_user(), closed)]:
            with pytest.raises(WrongAppointment):
                services.appoint(user=user, post=wanted, valid_from=clock.today(), actor=MAKER)

    def test_an_appointment_ends_once_and_not_before_it_begins(self) -> None:
        post = make_post(make_unit("AH"))
        row = make_user("", post).appointments.get()

        with pytest.raises(WrongAppointment):
            services.end_appointment(appointment=row, valid_to=LONG_AGO - timedelta(days=1), actor=MAKER)
        services.end_appointment(appointment=row, valid_to=TWO_LEVELS, actor=MAKER)
        with pytest.raises(WrongAppointment):
            services.end_appointment(appointment=row, valid_to=clock.today(), actor=MAKER)

        row.refresh_from_db()
        assert row.valid_to == TWO_LEVELS
        assert acts_on(post) == [
            "organizations.post.created", "organizations.post.filled", "organizations.post.vacated",
        ]  # fmt: skip

    def test_somebody_may_come_back_to_a_post(self) -> None:
        post = make_post(make_unit("AH"))
        person = make_user("", post)
        services.end_appointment(appointment=person.appointments.get(), valid_to=TWO_LEVELS, actor=MAKER)

        services.appoint(user=person, post=post, valid_from=TWO_LEVELS, actor=MAKER)

        assert person.appointments.count() == 2


class TestPeople:
    def test_names_are_kept_in_one_form_and_sorted_by_the_own_name(self) -> None:
        for name in ("Trần Văn Bình", "Bùi Thị Ánh", "Lê An"):
            make_user(full_name=name)

        assert [user.full_name for user in User.objects.order_by("name_key")] == [
            "Lê An",
            "Bùi Thị Ánh",
            "Trần Văn Bình",
        ]

    def test_a_user_name_is_taken_for_ever(self) -> None:
        services.close_account(user=make_user("mai"), actor=MAKER)

        with pytest.raises(UsernameTaken):
            make_user(" mai ")

    @pytest.mark.parametrize("password", ["1234567", "password1", "nguyenthimai"])
    def test_a_weak_password_is_refused(self, password: str) -> None:
        with pytest.raises(ValidationError):
            services.create_user(username="nguyenthimai", full_name="Mai", password=password, actor=MAKER)

        assert not User.objects.exists()

    def test_nobody_closes_their_own_account(self) -> None:
        admin = make_person(make_unit("AH"), Role.SYS_ADMIN)

        with pytest.raises(OwnAccount):
            services.close_account(user=admin, actor=actor_for(admin))

    def test_a_closed_account_opens_again_with_a_new_password_alone(self) -> None:
        person = make_user("mai", password=PASSWORD)
        services.close_account(user=person, actor=MAKER)
        assert not person.has_usable_password()

        services.reopen_account(user=person, password="mot-mat-khau-khac-2", actor=MAKER)

        person.refresh_from_db()
        assert person.is_active
        assert person.check_password("mot-mat-khau-khac-2")
        assert acts_on(person)[-2:] == ["organizations.user.closed", "organizations.user.reopened"]


class TestDelegations:
    def test_windows_that_are_over_or_turned_round_are_refused(self) -> None:
        one, other, now = make_user(), make_user(), clock.now()

        for start, end in [(now, now - timedelta(hours=1)), (now + timedelta(days=2), now + timedelta(days=1))]:
            with pytest.raises(LateDelegation):
                services.delegate(principal=one, deputy=other, valid_from=start, valid_to=end, actor=MAKER)

    def test_to_oneself_or_a_closed_account_is_refused(self) -> None:
        one, gone, now = make_user(), make_user(), clock.now()
        services.close_account(user=gone, actor=MAKER)

        for deputy in (one, gone):
            with pytest.raises(WrongDelegation):
                services.delegate(
                    principal=one, deputy=deputy, valid_from=now, valid_to=now + timedelta(days=1), actor=MAKER
                )

    def test_is_the_principal_s_own_or_their_administrator_s_act(self) -> None:
        unit, now = make_unit("AH"), clock.now()
        chief, deputy, admin = (make_person(unit, role) for role in (Role.LEADER, Role.CLERK, Role.UNIT_ADMIN))
        window: dict[str, Any] = {
            "principal": chief,
            "deputy": deputy,
            "valid_from": now,
            "valid_to": now + timedelta(days=1),
        }

        row = services.delegate(**window, actor=actor_for(chief))
        services.delegate(**window, actor=actor_for(admin))
        with pytest.raises(NotAllowed):
            services.delegate(**window, actor=actor_for(deputy))
        with pytest.raises(NotAllowed):
            services.revoke_delegation(delegation=row, at=now, actor=actor_for(deputy))

        assert Delegation.objects.count() == 2

    def test_is_revoked_once(self) -> None:
        one, other, now = make_user(), make_user(), clock.now()
        row = services.delegate(
            principal=one, deputy=other, valid_from=now, valid_to=now + timedelta(days=1), actor=actor_for(one)
        )

        services.revoke_delegation(delegation=row, at=now, actor=actor_for(one))
        with pytest.raises(WrongDelegation):
            services.revoke_delegation(delegation=row, at=now + timedelta(hours=1), actor=actor_for(one))

        row.refresh_from_db()
        assert row.revoked_at == now


class TestWhoMayAdminister:
    """Every act on units, posts and people, tried by who must not."""

    @pytest.fixture
    def world(self) -> dict[str, Any]:
        home, abroad = make_unit("AH"), make_unit("SL")
        return {
            "home": home, "abroad": abroad, "post": make_post(abroad, Role.CLERK), "stranger": make_person(abroad, Role.LEADER),
            "powerful": make_post(home, Role.SYS_ADMIN), "admin": make_person(home, Role.UNIT_ADMIN),
            "leader": make_person(home, Role.LEADER), "colleague": make_person(home, Role.CLERK),
        }  # fmt: skip

    @pytest.mark.parametrize("who", ["admin", "leader"])
    def test_nobody_reaches_into_another_unit(self, who: str, world: dict[str, Any]) -> None:
        actor, today = actor_for(world[who]), clock.today()
        abroad, post, stranger = world["abroad"], world["post"], world["stranger"]
        acts = [
            lambda: services.create_unit(code="X", name="x", kind="WARD", tier=3, parent=abroad, actor=actor),
            lambda: services.create_unit(code="X", name="x", kind="PROVINCIAL", tier=2, actor=actor),
            lambda: services.rename_unit(unit=abroad, name="x", abbreviation="", valid_from=today, actor=actor),
            lambda: services.change_unit(unit=abroad, symbol="", place="", organ_id="", actor=actor),
            lambda: services.move_unit(unit=world["home"], parent=abroad, valid_from=today, actor=actor),
            lambda: services.close_unit(unit=abroad, valid_to=today, actor=actor),
            lambda: services.create_post(unit=abroad, title="x", roles=[], actor=actor),
            lambda: services.change_post(post=post, title="x", roles=[], order=1, actor=actor),
            lambda: services.close_post(post=post, on=today, actor=actor),
            lambda: services.appoint(user=world[who], post=post, valid_from=today, actor=actor),
            lambda: services.end_appointment(appointment=stranger.appointments.get(), valid_to=today, actor=actor),
            lambda: services.set_password(user=stranger, password=PASSWORD, actor=actor),
            lambda: services.close_account(user=stranger, actor=actor),
            lambda: services.reopen_account(user=stranger, password=PASSWORD, actor=actor),
        ]
        before = AuditEntry.objects.count()

        for act in acts:
            with pytest.raises(NotAllowed):
                act()  # type: ignore[no-untyped-call]

        assert AuditEntry.objects.count() == before

    def test_a_leader_is_no_administrator_of_their_own_unit_either(self, world: dict[str, Any]) -> None:
        actor = actor_for(world["leader"])

        for act in (
            lambda: services.create_post(unit=world["home"], title="x", roles=[], actor=actor),
            lambda: services.create_user(username="x", full_name="x", password=PASSWORD, actor=actor),
            lambda: services.close_account(user=world["colleague"], actor=actor),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_an_administrator_of_a_unit_makes_nobody_administrator_of_all(self, world: dict[str, Any]) -> None:
        actor, home, powerful = actor_for(world["admin"]), world["home"], world["powerful"]
        own = world["admin"].appointments.get().post

        for act in (
            lambda: services.create_post(unit=home, title="x", roles=[Role.SYS_ADMIN], actor=actor),
            lambda: services.change_post(post=own, title="x", roles=[Role.SYS_ADMIN], order=1, actor=actor),
            lambda: services.change_post(post=powerful, title="x", roles=[], order=1, actor=actor),
            lambda: services.appoint(user=world["admin"], post=powerful, valid_from=clock.today(), actor=actor),
            lambda: services.close_post(post=powerful, on=clock.today(), actor=actor),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_an_administrator_does_all_this_at_home(self, world: dict[str, Any]) -> None:
        actor, home = actor_for(world["admin"]), world["home"]

        ward = services.create_unit(code="DT", name="CĐ phường", kind="WARD", tier=3, parent=home, actor=actor)
        post = services.create_post(unit=ward, title="Văn thư", roles=[Role.CLERK], actor=actor)
        person = services.create_user(username="lan", full_name="Lê Lan", password=PASSWORD, actor=actor)
        row = services.appoint(user=person, post=post, valid_from=clock.today(), actor=actor)
        services.set_password(user=person, password="mot-mat-khau-khac-2", actor=actor)
        services.end_appointment(appointment=row, valid_to=clock.today(), actor=actor)
        services.close_account(user=person, actor=actor)

        entry = AuditEntry.objects.filter(target=name_of(person)).latest("id")
        assert entry.actor["name"] == world["admin"].full_name
        assert entry.actor["unit"] == home.name


class TestInitSite:
    WORDS = (
        "init_site",
        "--code",
        "TLD",
        "--unit-name",
        "Tổng Liên đoàn",
        "--user",
        "quan-tri",
        "--password",
        PASSWORD,
    )

    def test_makes_a_unit_and_an_administrator_of_all(self) -> None:
        call_command(*self.WORDS)

        admin = User.objects.get(username="quan-tri")
        assert admin.check_password(PASSWORD)
        services.create_unit(
            code="AH", name="LĐLĐ", kind="PROVINCIAL", tier=2, parent=find_unit("TLD"), actor=actor_for(admin)
        )

    def test_refuses_a_site_that_has_units(self) -> None:
        make_unit("AH")

        with pytest.raises(CommandError):
            call_command(*self.WORDS)

    def test_refuses_a_weak_password_in_words(self) -> None:
        with pytest.raises(CommandError, match="password"):
            call_command(*self.WORDS[:-1], "12345678")

        assert not Unit.objects.exists()
