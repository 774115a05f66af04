"""load_demo and the river, on the real parts: OCR, jobs, flows, search."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from demo.listing import DIRECTIVE, demo_users
from demo.people import PASSWORD, PEOPLE
from demo.units import AN_HOA, TOP
from documents.models import Document, DocumentFile, RegisterEntry
from exchange.models import Delivery
from organizations.models import Appointment, Post, Unit, User
from organizations.selectors import find_unit

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SEARCH_ROOT = tmp_path / "search"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("load_demo", stdout=io.StringIO())


def counts() -> dict[str, int]:
    plain = [Unit.objects, User.objects, Post.objects, Appointment.objects, RegisterEntry.objects]
    protected = [model.objects.system("counting rows") for model in (Document, DocumentFile, Delivery)]
    return {rows.model.__name__: rows.count() for rows in [*plain, *protected]}


class TestLoadDemo:
    def test_a_second_run_adds_nothing_and_the_river_runs_through_it_twice(self, office: None) -> None:
        self.the_office_is_as_the_docs_say()
        self.the_river_passes_and_passes_again()

    def the_office_is_as_the_docs_say(self) -> None:
        before = counts()

        call_command("load_demo", stdout=io.StringIO())

        assert counts() == before
        assert before["Unit"] == 121
        assert before["User"] == len(PEOPLE)
        assert User.objects.get(username="van-thu-tld").check_password(PASSWORD)
        assert find_unit(f"{TOP}-TCKT").names.count() == 2
        self.users_are_listed_with_what_they_see()
        self.papers_wait_where_the_story_left_them()

    def users_are_listed_with_what_they_see(self) -> None:
        out = io.StringIO()
        call_command("demo_users", "--json", stdout=out)
        rows = json.loads(out.getvalue())

        assert [row["user"] for row in rows] == [person.username for person in PEOPLE]
        assert all(set(row) == {"user", "name", "unit", "unit_name", "tier", "roles", "sees_directive"} for row in rows)
        by_user = {row["user"]: row for row in rows}
        assert by_user["lanh-dao-tld"]["sees_directive"] is True
        assert by_user["van-thu-son-lam"]["sees_directive"] is True
        outside = [row for row in rows if row["unit"] in {"LDLD-TG", "CDP-DT", "CDX-PLT", "CDCS-MDT"}]
        assert len(outside) > 2
        assert not any(row["sees_directive"] for row in outside)

    def papers_wait_where_the_story_left_them(self) -> None:
        papers = Document.objects.system("looking at the story").order_by("id")

        assert {paper.full_symbol for paper in papers if paper.is_confirmed} == {DIRECTIVE, "10b/NQ-BCH", "02/CĐ-LĐLĐ"}
        assert [paper.owner_unit.code for paper in papers if not paper.is_confirmed] == [AN_HOA]

    def the_river_passes_and_passes_again(self) -> None:
        for _run in range(2):
            out = io.StringIO()

            call_command("demo_river", stdout=out)

            said = out.getvalue().splitlines()
            assert said[-1] == "demo: 27 of 27 steps passed", out.getvalue()
        assert any("báo trùng" in line for line in said)
        assert sum(row["sees_directive"] for row in demo_users()) < len(PEOPLE)
