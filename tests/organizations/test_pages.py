"""The administration by its pages: what works, who is kept out, how many queries a list costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Actor, AuditEntry
from core import clock
from organizations.models import Appointment, Delegation, Post, Role, Unit, User
from tests.factories.organizations import (
    LONG_AGO,
    MAKER,
    PASSWORD,
    make_delegation,
    make_department,
    make_person,
    make_post,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, Any]:
    top = make_unit("TLD", name="Tổng Liên đoàn", kind=Unit.Kind.CONFEDERATION, tier=1)
    home, abroad = (
        make_unit("AH", name="LĐLĐ tỉnh An Hòa", parent=top),
        make_unit("SL", name="LĐLĐ tỉnh Sơn Lâm", parent=top),
    )
    office = make_department(home, "AH-VP", name="Văn phòng")
    return {
        "top": top, "home": home, "abroad": abroad, "office": office,
        "system": make_person(top, Role.SYS_ADMIN, username="system"),
        "admin": make_person(office, Role.UNIT_ADMIN, username="admin"),
        "clerk": make_person(home, Role.CLERK, username="clerk", full_name="Nguyễn Thị Mai"),
        "stranger": make_person(abroad, Role.CLERK, username="stranger", full_name="Hà Thị Phượng"),
    }  # fmt: skip


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def path(name: str, *args: Any) -> str:
    return reverse(f"organizations:{name}", args=args)


def actor_of(client: Client) -> Actor:
    """Who the office thinks is at this browser."""
    found: Actor = client.get(path("profile")).wsgi_request.actor  # type: ignore[attr-defined]
    return found


class TestUnits:
    def test_an_administrator_sees_the_own_part_of_the_tree(self, world: dict[str, Any]) -> None:
        page = signed_in(world["admin"]).get(path("units")).content.decode()

        assert "LĐLĐ tỉnh An Hòa" in page
        assert "Văn phòng" in page
        assert "Tổng Liên đoàn" not in page
        assert "LĐLĐ tỉnh Sơn Lâm" not in page

    def test_the_system_administrator_sees_all_and_finds_by_name_or_code(self, world: dict[str, Any]) -> None:
        client = signed_in(world["system"])

        assert "LĐLĐ tỉnh Sơn Lâm" in client.get(path("units")).content.decode()
        found = client.get(path("units"), {"q": "sơn lâm"}).content.decode()
        assert ("LĐLĐ tỉnh Sơn Lâm" in found, "LĐLĐ tỉnh An Hòa" in found) == (True, False)
        assert client.get(path("find-units"), {"q": "AH-"}).json() == [{"value": "AH-VP", "label": "Văn phòng (AH-VP)"}]

    def test_a_list_costs_the_same_however_long(
        self, world: dict[str, Any], django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(20):
            make_unit(parent=world["home"], tier=3)

        client = signed_in(world["system"])
        with django_assert_max_num_queries(8):
            client.get(path("units"))


class TestUnitPage:
    def post(self, world: dict[str, Any], act: str, unit: str = "home", **facts: Any) -> Any:
        data = {f"{act}-{name}": value for name, value in facts.items()}
        return signed_in(world["admin"]).post(path(f"unit-{act}", world[unit].pk), data)

    def test_shows_names_posts_holders_and_what_stands_below(self, world: dict[str, Any]) -> None:
        page = signed_in(world["admin"]).get(path("unit", world["home"].pk)).content.decode()

        assert "Nguyễn Thị Mai" in page
        assert "Văn phòng" in page
        assert "Văn thư" in page  # the role's word

    def test_no_two_fields_share_an_id(self, world: dict[str, Any]) -> None:
        page = signed_in(world["admin"]).get(path("unit", world["home"].pk)).content.decode()

        ids = [part.split('"', 1)[0] for part in page.split(' id="')[1:]]
        assert len(ids) == len(set(ids))

    def test_adds_a_unit_below(self, world: dict[str, Any]) -> None:
        answer = self.post(
            world, "add", code="CDP-DT", name="CĐ phường", kind="WARD", tier="3", symbol="CĐP", place="x"
        )

        assert answer.status_code == 302
        made = Unit.objects.get(code="CDP-DT")
        assert made.path.startswith(world["home"].path)
        assert AuditEntry.objects.latest("id").actor["user_id"] == world["admin"].pk

    @pytest.mark.parametrize(
        ("act", "facts", "field"),
        [
            ("add", {"code": "SL", "name": "x", "kind": "WARD", "tier": "3"}, "add-code"),
            ("add", {"code": "", "name": "x", "kind": "WARD", "tier": "3"}, "add-code"),
            ("rename", {"name": "x", "valid_from": "2010-01-01"}, "rename-valid_from"),
            ("move", {"parent": "SL", "valid_from": "2026-01-01"}, "move-parent"),
            ("close", {"valid_to": "2010-01-01"}, "close-valid_to"),
            ("add-post", {"title": "x", "order": "1", "roles": ["sys_admin"]}, "add-post-roles"),
            ("appoint", {"user": "nobody", "valid_from": "2026-01-01"}, "appoint-user"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(
        self, act: str, facts: dict[str, Any], field: str, world: dict[str, Any]
    ) -> None:
        answer = self.post(world, act, **facts)

        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'id="id_{field}' in page
        assert 'aria-invalid="true"' in page

    def test_renames_changes_and_closes(self, world: dict[str, Any]) -> None:
        assert self.post(world, "rename", "office", name="Văn phòng mới", valid_from="2026-01-01").status_code == 302
        assert self.post(world, "change", symbol="LĐLĐ", place="Cần Thơ", organ_id="H1").status_code == 302
        assert self.post(world, "close", "office", valid_to="2026-02-01").status_code == 302

        office = Unit.objects.get(pk=world["office"].pk)
        assert office.name == "Văn phòng mới"
        assert str(office.valid_to) == "2026-02-01"

    def test_moves_within_the_own_units(self, world: dict[str, Any]) -> None:
        ward = make_unit("DT", parent=world["home"], tier=3)
        base = world | {"base": make_unit("CS", parent=world["home"], tier=4)}

        assert self.post(base, "move", "base", parent="DT", valid_from="2026-01-01").status_code == 302

        assert Unit.objects.get(code="CS").path.startswith(Unit.objects.get(pk=ward.pk).path)

    def test_sets_up_a_post_and_fills_it(self, world: dict[str, Any]) -> None:
        assert self.post(world, "add-post", title="Phó Chủ tịch", order="2", roles=["leader"]).status_code == 302
        seat = Post.objects.get(title="Phó Chủ tịch")

        chosen = "Nguyễn Thị Mai (clerk)"  # as the proposal stands in the box
        answer = self.post(world, "appoint", post=seat.pk, user=chosen, valid_from="2026-01-01", is_acting="on")

        assert answer.status_code == 302
        row = Appointment.objects.get(post=seat)
        assert (row.user, row.is_acting, row.is_primary) == (world["clerk"], True, False)

    def test_offers_no_post_of_another_unit(self, world: dict[str, Any]) -> None:
        foreign = make_post(world["abroad"], Role.CLERK)

        answer = self.post(world, "appoint", post=foreign.pk, user="clerk", valid_from="2026-01-01")

        assert answer.status_code == 422
        assert not foreign.appointments.exists()


class TestPostPage:
    def test_changes_ends_and_closes(self, world: dict[str, Any]) -> None:
        client, row = signed_in(world["admin"]), world["clerk"].appointments.get()
        seat = row.post

        changed = client.post(
            path("post", seat.pk), {"title": "Văn thư trưởng", "order": "1", "roles": ["clerk", "archivist"]}
        )
        held = client.post(path("close-post", seat.pk), follow=True)
        ended = client.post(path("end-appointment", seat.pk, row.pk), {f"end-{row.pk}-valid_to": str(clock.today())})
        client.post(path("close-post", seat.pk))

        assert (changed.status_code, ended.status_code) == (302, 302)
        assert "người" in held.content.decode()
        seat.refresh_from_db()
        assert (seat.title, seat.roles, seat.is_closed) == ("Văn thư trưởng", ["clerk", "archivist"], True)

    def test_says_why_an_end_is_refused(self, world: dict[str, Any]) -> None:
        row = world["clerk"].appointments.get()

        answer = signed_in(world["admin"]).post(
            path("end-appointment", row.post_id, row.pk), {f"end-{row.pk}-valid_to": "2001-01-01"}
        )

        assert answer.status_code == 422
        row.refresh_from_db()
        assert row.valid_to is None


class TestPeople:
    def test_lists_the_own_people_and_those_without_a_post(self, world: dict[str, Any]) -> None:
        make_user("lan", full_name="Lê Lan")

        page = signed_in(world["admin"]).get(path("people")).content.decode()

        assert "Nguyễn Thị Mai" in page
        assert "Lê Lan" in page
        assert "Hà Thị Phượng" not in page
        assert "Hà Thị Phượng" in signed_in(world["system"]).get(path("people")).content.decode()

    def test_a_list_costs_the_same_however_long(
        self, world: dict[str, Any], django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(20):
            make_person(world["home"], Role.SPECIALIST)

        client = signed_in(world["admin"])
        with django_assert_max_num_queries(8):
            client.get(path("people"))

    def test_opens_an_account_that_can_sign_in(self, world: dict[str, Any]) -> None:
        facts = {"username": "lan", "full_name": "Lê Lan", "email": "", "password": PASSWORD}

        answer = signed_in(world["admin"]).post(path("people"), facts)

        assert answer["Location"] == path("person", User.objects.get(username="lan").pk)
        assert Client().login(username="lan", password=PASSWORD)

    @pytest.mark.parametrize(
        ("fact", "value"), [("password", "12345678"), ("username", "clerk"), ("username", "a b"), ("full_name", "")]
    )
    def test_says_what_is_wrong_with_an_account(self, fact: str, value: str, world: dict[str, Any]) -> None:
        facts = {"username": "lan", "full_name": "Lê Lan", "email": "", "password": PASSWORD} | {fact: value}

        answer = signed_in(world["admin"]).post(path("people"), facts)

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {fact}
        assert not User.objects.filter(username="lan").exists()

    def test_proposes_whom_to_appoint(self, world: dict[str, Any]) -> None:
        client = signed_in(world["admin"])

        assert client.get(path("find-people"), {"q": "phượng"}).json() == [
            {"value": "stranger", "label": "Hà Thị Phượng (stranger)"}
        ]
        assert client.get(path("find-people"), {"q": "p"}).json() == []

    def test_a_closed_account_is_out_at_the_next_click_and_stays_out_of_old_sessions(
        self, world: dict[str, Any]
    ) -> None:
        clerk, admin = signed_in(world["clerk"]), signed_in(world["admin"])
        assert clerk.get(path("profile")).status_code == 200

        admin.post(path("close-account", world["clerk"].pk))
        after_closing = clerk.get(path("profile"))
        admin.post(path("reopen-account", world["clerk"].pk), {"password": "mot-mat-khau-khac-2"})
        after_opening = clerk.get(path("profile"))

        assert (after_closing.status_code, after_opening.status_code) == (302, 302)
        assert Client().login(username="clerk", password="mot-mat-khau-khac-2")

    def test_a_new_password_ends_open_sessions(self, world: dict[str, Any]) -> None:
        clerk = signed_in(world["clerk"])

        signed_in(world["admin"]).post(path("person", world["clerk"].pk), {"password": "mot-mat-khau-khac-2"})

        assert clerk.get(path("profile")).status_code == 302

    def test_nobody_closes_their_own_account(self, world: dict[str, Any]) -> None:
        signed_in(world["system"]).post(path("close-account", world["system"].pk))

        assert User.objects.get(username="system").is_active


class TestWhoIsKeptOut:
    """404 for who administers nothing, or not this: the page does not exist for them."""

    PAGES = ("units", "people", "find-units", "find-people")

    @pytest.mark.parametrize("name", PAGES)
    def test_pages_are_for_administrators(self, name: str, world: dict[str, Any]) -> None:
        assert signed_in(world["clerk"]).get(path(name)).status_code == 404
        assert signed_in(world["admin"]).get(path(name)).status_code == 200
        assert Client().get(path(name)).status_code == 302

    def test_a_deputy_of_an_administrator_is_none(self, world: dict[str, Any]) -> None:
        make_delegation(world["admin"], world["clerk"])

        assert signed_in(world["clerk"]).get(path("units")).status_code == 404

    def test_what_is_another_s_does_not_exist(self, world: dict[str, Any]) -> None:
        client, abroad, stranger = signed_in(world["admin"]), world["abroad"], world["stranger"]
        row = stranger.appointments.get()
        addresses = [
            path("unit", abroad.pk), path("unit", world["top"].pk), path("unit-add", abroad.pk), path("unit-rename", abroad.pk),
            path("unit-move", abroad.pk), path("unit-close", abroad.pk), path("unit-change", abroad.pk),
            path("unit-add-post", abroad.pk), path("unit-appoint", abroad.pk), path("post", row.post_id),
            path("close-post", row.post_id), path("end-appointment", row.post_id, row.pk), path("person", stranger.pk),
            path("person", world["system"].pk), path("close-account", stranger.pk), path("reopen-account", stranger.pk),
            path("unit", 999_999), path("person", 999_999),
        ]  # fmt: skip
        before = AuditEntry.objects.count()

        for address in addresses:
            assert client.post(address, {"password": PASSWORD}).status_code in {404, 405}, address
            assert client.get(address).status_code in {404, 405}, address

        assert AuditEntry.objects.count() == before

    def test_an_appointment_is_ended_only_through_its_own_post(self, world: dict[str, Any]) -> None:
        foreign, own = world["stranger"].appointments.get(), world["clerk"].appointments.get()

        answer = signed_in(world["admin"]).post(
            path("end-appointment", own.post_id, foreign.pk), {f"end-{foreign.pk}-valid_to": str(clock.today())}
        )

        assert answer.status_code == 404


class TestOwnPages:
    def test_a_person_with_two_posts_chooses_one(self, world: dict[str, Any]) -> None:
        second = make_post(world["office"], Role.DEPT_HEAD, title="Phụ trách Văn phòng")
        from organizations.services import appoint

        appoint(user=world["clerk"], post=second, valid_from=LONG_AGO, is_primary=False, actor=MAKER)
        client = signed_in(world["clerk"])

        before = actor_of(client)
        answer = client.post(path("switch-post"), {"post": second.pk, "next": path("profile")})
        after = actor_of(client)

        assert answer["Location"] == path("profile")
        assert before.post_id != second.pk
        assert (after.post, after.unit) == ("Phụ trách Văn phòng", "Văn phòng")

    @pytest.mark.parametrize("number", ["", "x", "999999"])
    def test_a_post_that_is_not_held_cannot_be_chosen(self, number: str, world: dict[str, Any]) -> None:
        assert signed_in(world["clerk"]).post(path("switch-post"), {"post": number}).status_code == 404

    def test_the_choice_leads_back_only_to_ourselves(self, world: dict[str, Any]) -> None:
        post = world["clerk"].appointments.get().post_id

        answer = signed_in(world["clerk"]).post(
            path("switch-post"), {"post": post, "next": "https://elsewhere.example/"}
        )

        assert answer["Location"] == reverse("desk:inbox")

    def test_a_post_that_was_lost_is_no_longer_worked_in(self, world: dict[str, Any]) -> None:
        from organizations.services import end_appointment

        client, row = signed_in(world["clerk"]), world["clerk"].appointments.get()
        client.post(path("switch-post"), {"post": row.post_id})

        end_appointment(appointment=row, valid_to=clock.today(), actor=MAKER)

        assert actor_of(client).post_id is None

    def test_a_deputy_is_named_and_recalled(self, world: dict[str, Any]) -> None:
        client, now = signed_in(world["clerk"]), clock.local(clock.now())
        window = {"valid_from": f"{now:%Y-%m-%dT%H:%M}", "valid_to": f"{now + timedelta(days=3):%Y-%m-%dT%H:%M}"}

        assert client.post(path("delegations"), window | {"deputy": world["admin"].pk}).status_code == 302
        row = Delegation.objects.get()
        page = client.get(path("delegations")).content.decode()
        assert world["admin"].full_name in page

        client.post(path("revoke-delegation", row.pk))

        row.refresh_from_db()
        assert row.revoked_at is not None

    def test_only_colleagues_can_be_deputies(self, world: dict[str, Any]) -> None:
        window = {"valid_from": "2026-01-01T08:00", "valid_to": "2099-01-01T08:00"}

        answer = signed_in(world["clerk"]).post(path("delegations"), window | {"deputy": world["stranger"].pk})

        assert answer.status_code == 422

    def test_a_window_that_is_over_is_refused_beside_its_end(self, world: dict[str, Any]) -> None:
        window = {"valid_from": "2020-01-01T08:00", "valid_to": "2020-01-02T08:00", "deputy": world["admin"].pk}

        answer = signed_in(world["clerk"]).post(path("delegations"), window)

        assert answer.context["form"].errors.keys() == {"valid_to"}

    def test_another_s_delegation_cannot_be_recalled(self, world: dict[str, Any]) -> None:
        row = make_delegation(world["admin"], world["clerk"])

        assert signed_in(world["clerk"]).post(path("revoke-delegation", row.pk)).status_code == 404

    def test_the_chosen_language_is_that_of_all_pages(self, world: dict[str, Any]) -> None:
        client = signed_in(world["clerk"])
        assert "Đổi mật khẩu" in client.get(path("profile")).content.decode()

        client.post(path("profile"), {"language": "en"})

        assert "Change the password" in client.get(path("profile")).content.decode()


class TestNames:
    def test_typed_with_a_foreign_letter_that_looks_alike_open_an_account(self, world: dict[str, Any]) -> None:
        facts = {"username": "Ðung", "full_name": "Lê Văn Dũng", "password": PASSWORD}

        answer = signed_in(world["admin"]).post(path("people"), facts)

        made = User.objects.get(username="Đung")
        assert answer.headers["Location"] == path("person", made.pk)
