"""Searches that people keep: the list, its acts, whose they are."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from documents.services.access import revoke
from organizations.policies import NotAllowed
from organizations.services import actor_for
from search import alerts
from search import saved as services
from search.alerts import follow, new_papers
from search.asked import Asked
from search.engine import backend
from search.models import SavedHit, SavedSearch
from search.saved import (
    AlertNotNow,
    AlertTooBroad,
    NameTaken,
    TooMuch,
    address_of,
    asked_of,
    rename_search,
    save_search,
    set_alert,
)
from tests.factories.offices import Office, make_office
from tests.factories.papers import confirmed, index_now, uploaded
from tests.processes import somebody_waits, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents.models import Document
    from organizations.models import User

TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"


def keep(owner: User, what: str | Asked = "q=văn bản", name: str = "Văn bản", *, is_alert: bool = False) -> SavedSearch:
    return save_search(
        asked=what if isinstance(what, Asked) else Asked.read(QueryDict(what)),
        name=name,
        is_alert=is_alert,
        owner=owner,
        at=clock.now(),
        actor=actor_for(owner),
    )


def paper(office: Office, by: str = "clerk", **facts: Any) -> Document:
    unit = office.province if by.startswith("province") else office.top
    return confirmed(uploaded(TEXT, by=office.people[by], unit=unit), by=office.people[by], **facts)


def look() -> None:
    """What the indexer does after a commit."""
    index_now()
    while follow(backend()):
        pass


def page(person: User, name: str = "search:saved", *args: Any, **asked: Any) -> str:
    client = Client()
    client.force_login(person)
    return str(client.get(reverse(name, args=args), asked, follow=True).content.decode())


def post(person: User, name: str, saved: SavedSearch, **data: Any) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(reverse(name, args=[saved.pk]), data, follow=True)


class TestSaving:
    def test_keeps_words_filters_and_order(self, office: Office) -> None:
        address = "q=kinh+ph%C3%AD&loai=3&loai=5&nam=2025&tu=2025-01-01&dau=1&xep=ngay"

        saved = keep(office.clerk, f"{address}&page=7&la=1")

        assert (saved.query, saved.parameters) == ("kinh phí", "loai=3&loai=5&nam=2025&tu=2025-01-01&dau=1&xep=ngay")
        assert address_of(saved) == address
        assert asked_of(saved) == Asked.read(QueryDict(address))

    def test_by_the_form_and_back_to_the_list(self, office: Office) -> None:
        index_now()
        client = Client()
        client.force_login(office.clerk)
        address = reverse("search:save") + "?q=v%C4%83n+b%E1%BA%A3n&xep=ngay"

        form = client.get(address).content.decode()
        answer = client.post(address, {"name": "  Văn   bản mới ", "is_alert": "on"}, follow=True)

        assert 'value="văn bản"' in form
        saved = SavedSearch.objects.visible_to(office.clerk).get()
        assert (saved.name, saved.is_alert, saved.parameters) == ("Văn bản mới", True, "xep=ngay")
        assert "Văn bản mới" in answer.content.decode()
        entry = AuditEntry.objects.get(act="search.saved.created")
        assert entry.data == {"query": "?q=v%C4%83n+b%E1%BA%A3n&xep=ngay", "is_alert": True}

    @pytest.mark.parametrize(
        ("name", "words"), [("", "Trường này"), ("x" * 81, "80"), ("Đã có", "Đồng chí đã có một tìm kiếm mang tên này")]
    )
    def test_of_bad_input_says_what_to_do(self, office: Office, name: str, words: str) -> None:
        keep(office.clerk, name="Đã có")
        client = Client()
        client.force_login(office.clerk)

        answer = client.post(reverse("search:save") + "?q=x", {"name": name})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert SavedSearch.objects.visible_to(office.clerk).count() == 1

    @pytest.mark.parametrize("stray", ["\x00", "\ud800"])
    def test_leaves_out_what_no_text_can_hold(self, office: Office, stray: str) -> None:
        sent = QueryDict(mutable=True)
        sent["q"] = f"kinh {stray}phí"

        saved = keep(office.clerk, Asked.read(sent))

        assert saved.query == "kinh phí"

    def test_has_an_end(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_SAVED", 1)
        with pytest.raises(TooMuch):
            keep(office.clerk, f"q={'x' * 1001}")
        keep(office.clerk)

        with pytest.raises(TooMuch) as refused:
            keep(office.clerk, name="Thứ hai")

        assert "Đồng chí đã lưu 1 tìm kiếm" in str(refused.value)

    def test_the_same_name_is_free_for_others(self, office: Office) -> None:
        keep(office.clerk)
        keep(office.chair)

        with pytest.raises(NameTaken):
            keep(office.clerk)


class TestAlertOn:
    def test_is_refused_where_too_much_matches(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_MATCHES", 1)
        for _ in range(2):
            paper(office)
        index_now()

        with pytest.raises(AlertTooBroad) as refused:
            keep(office.clerk, is_alert=True)

        assert "Có hơn 1 văn bản khớp" in str(refused.value)
        saved = keep(office.clerk)
        assert "Có hơn 1 văn bản khớp" in post(office.clerk, "search:saved-alert", saved, is_alert="1").content.decode()

    def test_is_refused_while_search_is_paused(self, office: Office) -> None:
        index_now()
        engine: Any = backend()
        shutil.rmtree(engine.root)

        with pytest.raises(AlertNotNow):
            keep(office.clerk, is_alert=True)

    def test_and_off_again_forgets_what_was_heard(self, office: Office) -> None:
        index_now()
        saved = keep(office.clerk, is_alert=True)
        paper(office)
        look()
        assert SavedHit.objects.visible_to(office.clerk).count() == 1

        set_alert(saved=saved, is_alert=False, at=clock.now(), actor=actor_for(office.clerk))
        paper(office)
        look()

        assert not SavedHit.objects.visible_to(office.clerk).exists()
        assert AuditEntry.objects.filter(act="search.saved.alert_set").count() == 1


class TestList:
    def test_shows_new_papers_until_they_were_looked_at(self, office: Office) -> None:
        index_now()
        saved = keep(office.clerk, is_alert=True)
        papers = [paper(office, number=f"{number}") for number in range(1, 8)]
        look()

        html = page(office.clerk)

        assert "7 văn bản mới" in html
        assert "và 2 văn bản nữa" in html
        assert reverse("desk:paper", args=[papers[-1].pk]) in html
        assert "Có 7 văn bản mới khớp với “Văn bản”" in page(office.clerk, "search:page")
        assert "văn bản mới khớp" not in page(office.chair, "search:page")

        found = page(office.clerk, "search:saved-open", saved.pk)

        assert 'value="văn bản"' in found
        assert "văn bản mới khớp" not in found
        assert "chưa có gì mới" in page(office.clerk)

    def test_shows_the_newest_of_each_search_and_how_many_more(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(alerts, "MOST_SHOWN", 2)
        index_now()
        kept = [keep(office.clerk, name=name, is_alert=True) for name in ("Một", "Hai")]
        for number in range(1, 4):
            paper(office, number=f"{number:02d}")
        look()

        html = page(office.clerk)

        assert {pk: len(hits) for pk, hits in new_papers(office.clerk).items()} == {saved.pk: 2 for saved in kept}
        assert html.count("và 1 văn bản nữa") == 2

    def test_forgets_at_once_what_a_person_may_not_see_any_more(self, office: Office) -> None:
        index_now()
        keep(office.clerk, is_alert=True)
        document = paper(office, subject="về kim cương")
        look()
        assert "1 văn bản mới" in page(office.clerk)

        revoke(document=document, cause="owner")

        html = page(office.clerk)
        assert "chưa có gì mới" in html
        assert "kim cương" not in html
        assert "văn bản mới khớp" not in page(office.clerk, "search:page")

    def test_says_that_no_mail_is_sent(self, office: Office, settings: Any) -> None:
        keep(office.clerk)
        assert "văn phòng chưa thiết lập việc gửi thư" in page(office.clerk)

        settings.SENDS_MAIL = True
        assert "nhờ quản trị nhập địa chỉ thư điện tử" in page(office.clerk)

        office.clerk.email = "vt@example.org"
        office.clerk.save()
        assert "mỗi ngày một thư báo có bao nhiêu" in page(office.clerk)

    def test_of_nobody_says_how_to_begin(self, office: Office) -> None:
        assert "Đồng chí chưa lưu tìm kiếm nào" in page(office.clerk)

    def test_costs_the_same_for_few_and_many(self, office: Office) -> None:
        index_now()
        keep(office.clerk, is_alert=True, name="một")
        paper(office)
        look()
        page(office.clerk)
        with CaptureQueriesContext(connection) as few:
            page(office.clerk)
        for number in range(5):
            keep(office.clerk, is_alert=True, name=f"thêm {number}")
            paper(office)
        look()

        with CaptureQueriesContext(connection) as many:
            page(office.clerk)

        assert len(many) == len(few)


class TestActs:
    def test_rename_delete_and_seen(self, office: Office) -> None:
        index_now()
        saved = keep(office.clerk, is_alert=True)
        keep(office.clerk, name="Khác")
        paper(office)
        look()

        refused = post(office.clerk, "search:saved-rename", saved, **{f"s{saved.pk}-name": "Khác"})
        renamed = post(office.clerk, "search:saved-rename", saved, **{f"s{saved.pk}-name": "Tên mới"})
        seen = post(office.clerk, "search:saved-seen", saved)

        assert refused.status_code == 422
        assert "Đồng chí đã có một tìm kiếm mang tên này" in refused.content.decode()
        assert "Tên mới" in renamed.content.decode()
        assert "chưa có gì mới" in seen.content.decode()
        post(office.clerk, "search:saved-delete", saved)
        assert [one.name for one in SavedSearch.objects.visible_to(office.clerk)] == ["Khác"]
        acts = AuditEntry.objects.filter(target=f"search.savedsearch:{saved.pk}").values_list("act", flat=True)
        assert sorted(acts) == ["search.saved.created", "search.saved.deleted", "search.saved.renamed"]

    @pytest.mark.parametrize("name", ["saved-open", "saved-seen", "saved-alert", "saved-rename", "saved-delete"])
    def test_on_another_person_s_search_are_not_there(self, office: Office, name: str) -> None:
        saved = keep(office.clerk)

        assert post(office.chair, f"search:{name}", saved).status_code in {404, 405}
        client = Client()
        client.force_login(office.chair)
        assert client.get(reverse(f"search:{name}", args=[saved.pk])).status_code == 404
        saved.refresh_from_db()
        assert (saved.name, saved.is_alert) == ("Văn bản", False)
        for act in (services.delete_search, lambda **facts: services.rename_search(name="x", **facts)):
            with pytest.raises(NotAllowed):
                act(saved=saved, actor=actor_for(office.chair))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def office(self, settings: Any, tmp_path: Path) -> Office:
        settings.MEDIA_ROOT = tmp_path
        return make_office()

    def meanwhile(self, first: Callable[[], None], second: Callable[[], None]) -> BaseException | None:
        """What becomes of the second act when the first one is done, but not committed before the second waits for it."""

        def act() -> None:
            try:
                second()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as other:
            with transaction.atomic():
                first()
                answer = other.submit(act)
                wait_for(lambda: answer.done() or somebody_waits())
            return answer.exception()

    def test_two_clicks_hear_of_each_paper_once(self, office: Office) -> None:
        paper(office)
        index_now()
        saved = keep(office.clerk)

        def click() -> None:
            own = SavedSearch.objects.visible_to(office.clerk).get()
            set_alert(saved=own, is_alert=True, at=clock.now(), actor=actor_for(office.clerk))

        assert self.meanwhile(click, click) is None
        saved.refresh_from_db()
        assert saved.is_alert
        assert SavedHit.plain.filter(saved=saved).count() == 1

    def test_two_forms_do_not_give_one_name_twice(self, office: Office) -> None:
        one, other = keep(office.clerk), keep(office.clerk, name="Khác")
        actor = actor_for(office.clerk)

        refused = self.meanwhile(
            lambda: rename_search(saved=one, name="Mới", actor=actor),
            lambda: rename_search(saved=other, name="Mới", actor=actor),
        )

        assert isinstance(refused, NameTaken)
