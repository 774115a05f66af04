"""The table of abbreviations: kept by administrators of the whole office, read by every query."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Actor, AuditEntry
from core import clock
from organizations.models import Role
from organizations.policies import NotAllowed
from organizations.services import actor_for
from search.abbreviations import USUAL, spellings, table
from search.analysis import folded_words
from search.models import AbbreviationEntry
from search.readings import WrongLongForm, WrongReading, add_entry, may_edit, remove_entry, seed_abbreviations
from search.services import search_documents
from tests.factories.offices import Office, add_person
from tests.factories.papers import index_now, uploaded

if TYPE_CHECKING:
    from organizations.models import User

ROBOT = Actor.system("tests")
TABLE = "search:readings"


def hits(person: User, query: str) -> int:
    return search_documents(query=query, user=person, at=clock.now()).total


@pytest.fixture
def admin(office: Office) -> Client:
    add_person(office, "admin", office.top, "Quản trị", [Role.UNIT_ADMIN])
    client = Client()
    client.force_login(office.admin)
    return client


class TestTable:
    def test_begins_with_the_usual_ones_and_costs_one_query(self, db: None, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            found = table()

        assert found == USUAL

    def test_of_an_office_is_left_alone(self, db: None) -> None:
        AbbreviationEntry.objects.exclude(short="LĐLĐ").delete()

        seed_abbreviations()

        assert table() == USUAL[:1]

    def test_is_what_the_next_query_is_read_by(self, office: Office) -> None:
        uploaded("Quỹ hỗ trợ đoàn viên khó khăn", by=office.clerk, unit=office.top)
        index_now()
        assert hits(office.clerk, "QHTĐV") == 0

        entry = add_entry(short="QHTĐV", long="quỹ hỗ trợ đoàn viên", is_sure=True, actor=ROBOT)
        assert hits(office.clerk, "qhtđv") == hits(office.clerk, "QHTDV") == 1

        remove_entry(entry=entry, actor=ROBOT)
        assert hits(office.clerk, "QHTĐV") == 0

    def test_of_what_is_not_sure_finds_nothing_by_itself(self, office: Office) -> None:
        uploaded("Quỹ hỗ trợ đoàn viên khó khăn", by=office.clerk, unit=office.top)
        index_now()

        add_entry(short="QHTĐV", long="quỹ hỗ trợ đoàn viên", is_sure=False, actor=ROBOT)

        assert hits(office.clerk, "QHTĐV") == 0


class TestEntry:
    def test_is_kept_in_one_form(self, db: None) -> None:
        typed = unicodedata.normalize("NFD", "  nhà văn  hoá lao động ")

        entry = add_entry(short=" NVHLĐ\x00", long=typed, is_sure=True, actor=ROBOT)

        assert (entry.short, entry.long) == ("NVHLĐ", "nhà văn hóa lao động")

    @pytest.mark.parametrize(
        ("short", "long", "error", "words"),
        [
            ("", "liên đoàn", WrongReading, "Viết tắt là một từ"),
            ("LĐ LĐ", "liên đoàn", WrongReading, "Viết tắt là một từ"),
            ("!!!", "liên đoàn", WrongReading, "Viết tắt là một từ"),
            ("LĐ", "", WrongLongForm, "Hãy viết đầy đủ"),
            ("LĐ", "ld", WrongLongForm, "Hãy viết đầy đủ"),
            ("LĐ", "a " * 13, WrongLongForm, "Hãy viết đầy đủ"),
            ("lđlđ", "Liên đoàn  lao động", WrongReading, "Bảng đã có mục này"),
        ],
    )
    def test_that_is_none_says_what_to_do(
        self, db: None, short: str, long: str, error: type[WrongReading], words: str
    ) -> None:
        with pytest.raises(error) as refused:
            add_entry(short=short, long=long, is_sure=True, actor=ROBOT)

        assert words in str(refused.value)


class TestRights:
    @pytest.mark.parametrize("name", ["clerk", "chair", "below", "outsider"])
    def test_are_not_those_of_others(self, office: Office, name: str) -> None:
        add_person(office, "below", office.province, "Quản trị tỉnh", [Role.UNIT_ADMIN])
        person, entry = office.people[name], AbbreviationEntry.objects.order_by("id")[0]
        client = Client()
        client.force_login(person)

        for address in (reverse(TABLE), reverse("search:reading", args=[entry.pk])):
            assert client.get(address).status_code == 404
            assert client.post(address, {"short": "X", "long": "xin chào"}).status_code == 404
        assert client.post(reverse("search:remove-reading", args=[entry.pk])).status_code == 404
        assert reverse(TABLE) not in client.get(reverse("desk:inbox")).content.decode()
        with pytest.raises(NotAllowed):
            remove_entry(entry=entry, actor=actor_for(person))
        assert table() == USUAL

    @pytest.mark.parametrize("role", [Role.UNIT_ADMIN, Role.SYS_ADMIN])
    def test_are_those_of_administrators_of_the_whole_office(self, office: Office, role: Role) -> None:
        add_person(office, "admin", office.top, "Quản trị", [role])

        assert may_edit(office.admin, clock.now())


class TestPage:
    def test_adds_changes_and_removes(self, admin: Client) -> None:
        assert reverse(TABLE) in admin.get(reverse("desk:inbox")).content.decode()
        added = admin.post(reverse(TABLE), {"short": "QHT", "long": "quỹ hỗ trợ", "is_sure": "on"}, follow=True)
        entry = AbbreviationEntry.objects.get(short="QHT")
        address = reverse("search:reading", args=[entry.pk])
        changed = admin.post(address, {"short": "QHTr", "long": "quỹ hỗ trợ"}, follow=True)

        assert "Từ nay tra cứu hiểu mục viết tắt này." in added.content.decode()
        assert "quỹ hỗ trợ" in changed.content.decode()
        entry.refresh_from_db()
        assert (entry.short, entry.is_sure) == ("QHTr", False)
        assert 'value="QHTr"' in admin.get(address).content.decode()
        admin.post(reverse("search:remove-reading", args=[entry.pk]))
        assert table() == USUAL
        facts = {"short": "QHTr", "long": "quỹ hỗ trợ", "is_sure": False}
        assert [(one.act, one.data) for one in AuditEntry.objects.filter(act__startswith="search.").order_by("id")] == [
            ("search.abbreviation.added", {"short": "QHT", "long": "quỹ hỗ trợ", "is_sure": True}),
            ("search.abbreviation.changed", {"before": {**facts, "short": "QHT", "is_sure": True}, "after": facts}),
            ("search.abbreviation.removed", facts),
        ]

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"short": "LĐ LĐ", "long": "x y"}, "Viết tắt là một từ"),
            ({"short": "LĐLĐ", "long": "liên đoàn lao động"}, "Bảng đã có mục này"),
            ({"short": "X" * 21, "long": "x y"}, "20"),
            ({}, "Trường này"),
        ],
    )
    def test_keeps_what_was_typed_when_it_refuses(self, admin: Client, data: dict[str, str], words: str) -> None:
        entry = AbbreviationEntry.objects.get(short="CV")

        for address in (reverse(TABLE), reverse("search:reading", args=[entry.pk])):
            answer = admin.post(address, data)
            assert answer.status_code == 422
            assert words in answer.content.decode()
            assert not data or f'value="{data["short"]}"' in answer.content.decode()
        assert table() == USUAL


class TestLongForms:
    def test_of_as_many_words_as_the_table_takes_are_read(self, office: Office) -> None:
        long = "một hai ba bốn năm sáu bảy tám chín mười mười một"
        add_entry(short="MHBB", long=long, is_sure=True, actor=ROBOT)

        found = spellings(tuple(folded_words(long)), table())

        assert ("mhbb",) in {one.words for one in found}
