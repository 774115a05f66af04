"""Tags: by the office that owns the paper, seen by whoever sees the paper."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from core import clock, ids
from documents.models import Document
from documents.selectors import known_tags, tags_of
from documents.services import tags as services
from documents.services.access import grant
from documents.services.tags import WrongTag, add_tag, remove_tag
from exchange.services import issue_dispatch
from organizations.models import Role
from organizations.policies import NotAllowed
from organizations.services import actor_for
from search.services import search_documents
from tests.factories.offices import Office, add_person, confirmed_paper
from tests.factories.papers import index_now

if TYPE_CHECKING:
    from organizations.models import User


def tag(document: Document, text: str, by: User) -> None:
    add_tag(document=document, text=text, actor=actor_for(by))


def post(person: User, act: str, document: Document, text: str, **headers: Any) -> Any:
    client = Client()
    client.force_login(person)
    address = reverse(f"documents:{act}-tag", args=[document.pk])
    return client.post(address, {"tag": text}, headers=headers, follow=True)


def paper_page(person: User, document: Document) -> str:
    client = Client()
    client.force_login(person)
    return str(client.get(reverse("desk:paper", args=[document.pk])).content.decode())


class TestAdd:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("Kinh phí", "Kinh phí"),
            ("  kinh \t  phí\n", "kinh phí"),
            (unicodedata.normalize("NFD", "Đoàn phí"), "Đoàn phí"),
            ("Văn hoá", "Văn hóa"),
            ("năm\x00 2025\u202e", "năm 2025"),
            ("x" * 40, "x" * 40),
        ],
    )
    def test_keeps_the_words_in_one_form(self, office: Office, typed: str, kept: str) -> None:
        document = confirmed_paper(office)

        tag(document, typed, office.clerk)

        assert tags_of(document) == [kept]

    @pytest.mark.parametrize("again", ["văn hóa", "VĂN HÓA", "Văn hoá", " văn  hoá "])
    def test_of_a_tag_in_other_letters_is_the_same_tag(self, office: Office, again: str) -> None:
        document = confirmed_paper(office)
        tag(document, "Văn hóa", office.clerk)

        tag(document, again, office.chief)

        assert tags_of(document) == ["Văn hóa"]
        assert AuditEntry.objects.filter(act="documents.tag.added").count() == 1

    def test_of_other_tones_is_another_tag(self, office: Office) -> None:
        document = confirmed_paper(office)
        for text in ("bí mật", "bí mặt"):
            tag(document, text, office.clerk)

        assert set(tags_of(document)) == {"bí mật", "bí mặt"}

    @pytest.mark.parametrize(
        ("text", "words"),
        [("", "Hãy nhập thẻ trước"), (" \x00 ", "Hãy nhập thẻ trước"), ("x" * 41, "nhiều nhất 40 chữ")],
    )
    def test_of_bad_words_says_what_to_do(self, office: Office, text: str, words: str) -> None:
        document = confirmed_paper(office)

        with pytest.raises(WrongTag) as refused:
            tag(document, text, office.clerk)

        assert words in str(refused.value)

    def test_has_an_end(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_TAGS", 2)
        document = confirmed_paper(office)
        for text in ("một", "hai", "Hai"):
            tag(document, text, office.clerk)

        with pytest.raises(WrongTag) as refused:
            tag(document, "ba", office.clerk)

        assert "Mỗi văn bản có nhiều nhất 2 thẻ" in str(refused.value)

    def test_is_found_by_search_and_so_is_its_removal(self, office: Office) -> None:
        document = confirmed_paper(office)
        tag(document, "Đại hội", office.clerk)
        index_now()
        found = search_documents(query='thẻ:"đại hội"', user=office.clerk, at=clock.now())

        assert [hit.document_id for hit in found.hits] == [document.pk]

        assert remove_tag(document=document, text="ĐẠI HỘI", actor=actor_for(office.clerk))
        assert not remove_tag(document=document, text="đại hội", actor=actor_for(office.clerk))
        index_now()
        assert search_documents(query='thẻ:"đại hội"', user=office.clerk, at=clock.now()).total == 0
        assert AuditEntry.objects.filter(act="documents.tag.removed").count() == 1


class TestRights:
    @pytest.mark.parametrize("name", ["clerk", "chief", "chair", "deputy"])
    def test_are_those_of_the_office_that_owns_the_paper(self, office: Office, name: str) -> None:
        document = confirmed_paper(office)

        assert "Đã có" in post(office.people[name], "add", document, "Đã có").content.decode()
        assert tags_of(document) == ["Đã có"]

    @pytest.mark.parametrize("name", ["specialist", "province_clerk", "province_chair"])
    def test_are_not_those_of_other_readers(self, office: Office, name: str) -> None:
        add_person(office, "specialist", office.bureau, "Chuyên viên", [Role.SPECIALIST])
        document = confirmed_paper(office)
        tag(document, "Đại hội", office.clerk)
        issue_dispatch(
            document=document, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk)
        )
        grant(document=document, token=ids.user_key(office.specialist.pk), cause="test")

        html = paper_page(office.people[name], document)
        answers = [post(office.people[name], act, document, "Đại hội") for act in ("add", "remove")]

        assert "Đại hội" in html
        assert "Thêm thẻ" not in html
        assert [answer.status_code for answer in answers] == [403, 403]
        assert "Chỉ văn phòng của đơn vị giữ văn bản này được sửa thẻ." in answers[0].content.decode()
        assert tags_of(document) == ["Đại hội"]

    def test_of_a_paper_that_one_may_not_see_are_none(self, office: Office) -> None:
        document = confirmed_paper(office)

        assert post(office.province_clerk, "add", document, "x").status_code == 404
        assert post(office.outsider, "remove", document, "x").status_code == 404
        with pytest.raises(NotAllowed):
            tag(document, "x", office.outsider)

    def test_suggestions_come_from_papers_that_the_person_sees(self, office: Office) -> None:
        ours, theirs = confirmed_paper(office), confirmed_paper(office, by="province_clerk", number="06")
        other = confirmed_paper(office, number="07")
        tag(theirs, "của tỉnh", office.province_clerk)
        for document in (ours, other):
            tag(document, "đại hội", office.clerk)
        tag(other, "an toàn", office.clerk)

        assert known_tags(office.clerk) == ["đại hội", "an toàn"]
        assert known_tags(office.province_clerk) == ["của tỉnh"]
        html = paper_page(office.clerk, ours)
        assert '<option value="an toàn">' in html
        assert "của tỉnh" not in html


class TestForm:
    def test_works_without_script(self, office: Office) -> None:
        document = confirmed_paper(office)

        added = post(office.clerk, "add", document, "Đại hội <b>")
        refused = post(office.clerk, "add", document, "x" * 41)
        removed = post(office.clerk, "remove", document, "đại hội <b>")

        assert added.redirect_chain[0][0] == reverse("desk:paper", args=[document.pk])
        assert "Đại hội &lt;b&gt;" in added.content.decode()
        assert "nhiều nhất 40 chữ" in refused.content.decode()
        assert "Đại hội &lt;b&gt;</span></a>" not in removed.content.decode()
        assert "thêm thẻ" in removed.content.decode()

    def test_changes_its_part_of_the_page_with_script(self, office: Office) -> None:
        document = confirmed_paper(office)

        added = post(office.clerk, "add", document, "Đại hội", hx_request="true")
        refused = post(office.clerk, "add", document, "y" * 41, hx_request="true")

        assert added.content.decode().strip().startswith('<section class="v-section" id="paper-tags"')
        assert "Đại hội" in added.content.decode()
        assert refused.status_code == 422
        assert "nhiều nhất 40 chữ" in refused.content.decode()
        assert f'value="{"y" * 41}"' in refused.content.decode()

    def test_is_reached_by_the_back_button_without_harm(self, office: Office) -> None:
        document = confirmed_paper(office)
        client = Client()
        client.force_login(office.clerk)

        answer = client.get(reverse("documents:add-tag", args=[document.pk]))

        assert answer.headers["Location"] == reverse("desk:paper", args=[document.pk])
