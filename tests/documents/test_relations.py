"""A new paper takes the place of an older one: who says so, of which papers, and who is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from documents.models import Document, DocumentLink, Validity
from documents.selectors import replaceable, replacements
from documents.services.confirmation import correct_fields
from documents.services.relations import (
    AlreadyReplaced,
    NothingReplaced,
    NotReplaceable,
    replace_paper,
    take_replacement_back,
)
from exchange.services import issue_dispatch
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, confirmed_paper, drafted

if TYPE_CHECKING:
    from collections.abc import Callable


def dated(office: Office, number: str, day: date) -> Document:
    document = confirmed_paper(office, number=number, subject=f"về việc số {number}")
    return correct_fields(
        document=document, values={"issue_date": day}, reason="Ghi ngày", actor=actor_for(office.clerk),
        expected_version=document.version,
    )  # fmt: skip


@pytest.fixture
def old(office: Office) -> Document:
    return dated(office, "03", date(2025, 3, 1))


@pytest.fixture
def new(office: Office) -> Document:
    return dated(office, "12", date(2026, 3, 1))


def replaced(office: Office, new: Document, old: Document) -> DocumentLink:
    return replace_paper(source=new, target=old, actor=actor_for(office.clerk))


class TestReplacePaper:
    def test_is_told_to_whoever_may_see_both(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)

        assert replacements([old.pk, new.pk], office.chief) == {old.pk: new}
        assert replacements([old.pk], office.province_clerk) == {}

    def test_touches_both_papers_in_the_record(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)

        entry = AuditEntry.objects.get(act="documents.document.replaced")
        assert entry.target == f"documents.document:{new.pk}"
        assert [touch.target for touch in entry.touches.all()] == [f"documents.document:{old.pk}"]

    def test_is_recorded_once(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)

        with pytest.raises(AlreadyReplaced):
            replaced(office, new, old)

    @pytest.mark.parametrize("name", ["chair", "province_clerk", "outsider"])
    def test_is_the_office_s_that_holds_the_new_paper(
        self, office: Office, new: Document, old: Document, name: str
    ) -> None:
        with pytest.raises(NotAllowed):
            replace_paper(source=new, target=old, actor=actor_for(office.people[name]))

        assert not DocumentLink.objects.exists()

    def test_is_not_said_of_a_paper_that_one_may_not_see(self, office: Office, new: Document) -> None:
        theirs = confirmed_paper(office, by="province_clerk", number="04")

        with pytest.raises(NotAllowed):
            replaced(office, new, theirs)

    @pytest.mark.parametrize(
        "pair",
        [
            lambda office, new, old: (new, new),
            lambda office, new, old: (old, new),
            lambda office, new, old: (new, drafted(office)),
            lambda office, new, old: (new, withdrawn(old)),
        ],
        ids=["itself", "by an older one", "a draft", "a withdrawn one"],
    )
    def test_is_refused_of(
        self, office: Office, new: Document, old: Document, pair: Callable[..., tuple[Document, Document]]
    ) -> None:
        source, target = pair(office, new, old)

        with pytest.raises(NotReplaceable):
            replaced(office, source, target)

    def test_never_goes_round_in_a_circle(self, office: Office) -> None:
        first, second, third = (dated(office, number, date(2026, 1, 1)) for number in ("1", "2", "3"))
        replaced(office, first, second)
        replaced(office, second, third)

        with pytest.raises(NotReplaceable):
            replaced(office, third, first)

    def test_ends_with_the_new_paper(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)
        withdrawn(new)

        assert replacements([old.pk], office.chief) == {}


def withdrawn(document: Document) -> Document:
    Document.plain.filter(pk=document.pk).update(state=Validity.WITHDRAWN)
    return document


class TestTakeReplacementBack:
    def test_leaves_no_trace_but_the_record(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)

        take_replacement_back(source=new, target=old, actor=actor_for(office.clerk))

        assert replacements([old.pk], office.chief) == {}
        assert AuditEntry.objects.filter(act="documents.document.replacement_withdrawn").count() == 1

    def test_of_nothing_says_so(self, office: Office, new: Document, old: Document) -> None:
        with pytest.raises(NothingReplaced):
            take_replacement_back(source=new, target=old, actor=actor_for(office.clerk))

    def test_is_not_for_others(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)

        with pytest.raises(NotAllowed):
            take_replacement_back(source=new, target=old, actor=actor_for(office.chair))


class TestReplaceable:
    @pytest.mark.parametrize(
        ("typed", "found"), [("03/CT-TLĐ", 1), ("3 ct tlđ", 1), ("03", 1), ("3", 1), ("30", 0), ("", 0), ("x", 0)]
    )
    def test_is_found_by_number_and_symbol(
        self, office: Office, new: Document, old: Document, typed: str, found: int
    ) -> None:
        assert replaceable(new, office.clerk, typed) == [old][:found]

    def test_is_neither_itself_nor_what_stands_recorded(self, office: Office, new: Document, old: Document) -> None:
        replaced(office, new, old)

        assert replaceable(new, office.clerk, "12/CT-TLĐ") == []
        assert replaceable(new, office.clerk, "03/CT-TLĐ") == []


class TestPages:
    def page(self, client: Any, person: Any, document: Document) -> str:
        client.force_login(person)
        return str(client.get(reverse("desk:paper", args=[document.pk])).content.decode())

    def test_lead_from_the_new_paper_to_the_record_and_back(
        self, office: Office, client: Any, new: Document, old: Document
    ) -> None:
        address = reverse("documents:replace", args=[new.pk])
        assert address in self.page(client, office.clerk, new)
        assert old.type_and_subject in client.get(address, {"q": "03/CT-TLĐ"}).content.decode()

        answer = client.post(address, {"target": old.pk}, follow=True).content.decode()

        assert "Đã ghi nhận: văn bản này thay thế 03/CT-TLĐ." in answer
        assert f'Thay thế <a href="{reverse("desk:paper", args=[old.pk])}">03/CT-TLĐ</a>' in answer
        told = self.page(client, office.chief, old)
        assert f'Đã được thay thế bởi <a href="{reverse("desk:paper", args=[new.pk])}">12/CT-TLĐ</a>' in told
        client.force_login(office.clerk)
        undone = client.post(reverse("documents:take-replacement-back", args=[new.pk]), {"target": old.pk}, follow=True)
        assert "Đã gỡ" in undone.content.decode()
        assert "Đã được thay thế bởi" not in self.page(client, office.chief, old)

    def test_say_nothing_of_a_new_paper_that_one_may_not_see(
        self, office: Office, client: Any, new: Document, old: Document
    ) -> None:
        replaced(office, new, old)
        issue_dispatch(document=old, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk))

        told = self.page(client, office.province_clerk, old)

        assert "03/CT-TLĐ" in told
        assert "12/CT-TLĐ" not in told
        assert "Đã được thay thế" not in told

    @pytest.mark.parametrize("target", ["", "x", "-1", "9" * 30, "٣", "0"])
    def test_take_no_garbage(self, office: Office, client: Any, new: Document, target: str) -> None:
        client.force_login(office.clerk)

        for name in ("documents:replace", "documents:take-replacement-back"):
            assert client.post(reverse(name, args=[new.pk]), {"target": target}).status_code == 404

    def test_refuse_with_a_sentence(self, office: Office, client: Any, new: Document, old: Document) -> None:
        client.force_login(office.clerk)

        answer = client.post(reverse("documents:replace", args=[old.pk]), {"target": new.pk}, follow=True)

        assert "12/CT-TLĐ ban hành sau văn bản này" in answer.content.decode()

    def test_are_not_for_those_who_only_read(self, office: Office, client: Any, new: Document) -> None:
        client.force_login(office.chair)

        assert client.get(reverse("documents:replace", args=[new.pk])).status_code == 404
        assert reverse("documents:replace", args=[new.pk]) not in self.page(client, office.chair, new)
