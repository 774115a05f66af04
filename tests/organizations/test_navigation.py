"""For whom an entry of the menu is: nobody is led to a page that refuses them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Role, User
from tests.factories.organizations import make_department, make_person, make_post, make_unit, make_user

pytestmark = pytest.mark.django_db
INTAKE, BOOKS, ARRIVALS = "documents:intake", "documents:register", "exchange:waiting"


def menu(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("organizations:profile")).content.decode()


def offers(person: User, name: str) -> bool:
    return f'href="{reverse(name)}"' in menu(person)


class TestIntake:
    @pytest.mark.parametrize(("role", "offered"), [(Role.CLERK, True), (Role.OFFICE_CHIEF, True), (Role.LEADER, False)])
    def test_is_for_those_who_register(self, role: Role, offered: bool) -> None:
        organ = make_unit("AH")
        make_person(organ, Role.CLERK)

        assert offers(make_person(organ, role), INTAKE) is offered

    def test_is_the_leader_s_where_nobody_is_clerk(self) -> None:
        assert offers(make_person(make_unit("DT"), Role.LEADER), INTAKE)

    def test_follows_the_post_in_which_one_works(self) -> None:
        organ, other = make_unit("AH"), make_unit("SL")
        make_person(other, Role.CLERK)
        clerk = make_user("mai", make_post(other, Role.SPECIALIST), make_post(organ, Role.CLERK))

        assert not offers(clerk, INTAKE)


class TestOffice:
    @pytest.mark.parametrize("name", [BOOKS, ARRIVALS])
    def test_sees_its_books_and_arrivals_and_a_department_does_not(self, name: str) -> None:
        organ = make_unit("AH")

        assert offers(make_person(organ, Role.LEADER), name)
        assert not offers(make_person(make_department(organ, "AH-TC"), Role.DEPT_HEAD), name)
