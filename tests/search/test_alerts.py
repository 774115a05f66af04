"""What new papers a saved search tells of, to whom, how often; and the mail of the day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from audit import feed
from core import clock, ids
from documents.services.access import grant, revoke
from exchange.services import issue_dispatch
from organizations.services import actor_for, close_account
from search import alerts
from search.alerts import follow, news_of
from search.backends.base import BackendUnavailable
from search.digests import send_digests
from search.engine import backend
from search.health import report
from search.models import Digest, SavedHit, SavedSearch
from search.tasks import tell_of_new_papers
from tests.factories.offices import SETTER, Office, make_office
from tests.factories.papers import chain_now, index_now, uploaded
from tests.processes import running, wait_for
from tests.search.test_feed import say
from tests.search.test_saved import keep, look, paper

if TYPE_CHECKING:
    from pathlib import Path

    from organizations.models import User


def heard(person: User) -> dict[str, int]:
    return {one.name: one.count for one in news_of(person)}


class TestAlert:
    def test_tells_of_papers_that_come_and_match(self, office: Office) -> None:
        paper(office)
        index_now()
        keep(office.clerk, 'q="kim cương"', "kim cương", is_alert=True)
        keep(office.clerk, "loai=0", "tất cả", is_alert=True)
        paper(office, subject="về kim cương")
        paper(office, subject="về than đá")
        look()

        assert heard(office.clerk) == {"kim cương": 1, "tất cả": 2}

    def test_takes_filters_and_tone_marks_at_their_word(self, office: Office) -> None:
        index_now()
        keep(office.clerk, "q=mat&nam=2024", "năm", is_alert=True)
        keep(office.clerk, "q=mặt&dau=1", "dấu", is_alert=True)
        for number, subject in enumerate(("về bí mật", "về bề mặt")):
            paper(office, subject=subject, issue_date=clock.today().replace(year=2024 + number, day=1))
        look()

        assert heard(office.clerk) == {"năm": 1, "dấu": 1}

    def test_tells_of_a_paper_once_however_often_it_changes(self, office: Office) -> None:
        old = paper(office)
        index_now()
        saved = keep(office.clerk, is_alert=True)
        new = paper(office)
        for _ in range(2):
            look()
            say(old)
            say(new)

        assert heard(office.clerk) == {"Văn bản": 1}
        post = SavedHit.objects.visible_to(office.clerk).filter(saved=saved, is_new=True).get()
        assert post.document_id == new.pk

    def test_tells_when_a_paper_reaches_the_person(self, office: Office) -> None:
        document = paper(office)
        index_now()
        keep(office.province_clerk, is_alert=True)
        say(document)
        look()
        assert heard(office.province_clerk) == {}

        issue_dispatch(
            document=document, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk)
        )
        look()

        assert heard(office.province_clerk) == {"Văn bản": 1}

    def test_never_tells_of_what_the_person_may_not_see(self, office: Office) -> None:
        index_now()
        for name in ("clerk", "province_clerk", "outsider"):
            keep(office.people[name], is_alert=True)
        paper(office, by="province_clerk")
        look()

        assert {name: heard(office.people[name]) for name in ("clerk", "province_clerk", "outsider")} == {
            "clerk": {}, "province_clerk": {"Văn bản": 1}, "outsider": {},
        }  # fmt: skip
        assert SavedHit.plain.filter(is_new=True).count() == 1

    def test_asks_the_database_where_the_index_is_behind(self, office: Office) -> None:
        """The index finds the paper for its reader; the right ended since."""
        index_now()
        keep(office.outsider, is_alert=True)
        document = paper(office)
        grant(document=document, token=ids.user_key(office.outsider.pk), cause="test")
        say(document)
        index_now()
        revoke(document=document, cause="test")

        assert follow(backend()) == 1

        assert not SavedHit.plain.exists()

    def test_of_a_closed_account_is_silent(self, office: Office) -> None:
        index_now()
        keep(office.clerk, is_alert=True)
        close_account(user=office.clerk, actor=SETTER)
        uploaded("văn bản", by=office.chief, unit=office.top)
        look()

        assert not SavedHit.plain.exists()


class TestFollowing:
    def test_goes_on_where_it_stopped_after_the_indexer_died(self, office: Office) -> None:
        """Indexed, and dead before anybody was told."""
        index_now()
        keep(office.clerk, is_alert=True)
        for _ in range(3):
            paper(office)
            index_now()

        assert follow(backend()) == 1
        assert heard(office.clerk) == {"Văn bản": 3}
        assert follow(backend()) == 0

    def test_looks_at_some_searches_at_a_time_and_at_all_in_the_end(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(alerts, "MOST_SEARCHES", 2)
        monkeypatch.setattr(alerts, "PORTION", 1)
        index_now()
        for number in range(5):
            keep(office.clerk, name=f"số {number}", is_alert=True)
        paper(office)
        paper(office)
        index_now()

        assert [follow(backend()) for _ in range(4)] == [2, 2, 1, 0]
        assert heard(office.clerk) == {f"số {number}": 2 for number in range(5)}

    def test_begins_again_when_a_restored_chain_is_shorter(self, office: Office) -> None:
        index_now()
        saved = keep(office.clerk, is_alert=True)
        SavedSearch.plain.filter(pk=saved.pk).update(looked_upto=10**9)
        assert follow(backend()) == 1

        paper(office)
        look()

        assert heard(office.clerk) == {"Văn bản": 1}

    def test_waits_while_the_engine_does_not_answer(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        index_now()
        keep(office.clerk, is_alert=True)
        paper(office)
        index_now()
        engine: Any = backend()
        with monkeypatch.context() as broken:
            broken.setattr(type(engine), "search", lambda *_args: (_ for _ in ()).throw(BackendUnavailable("gone")))
            with pytest.raises(BackendUnavailable):
                follow(engine)

        follow(engine)

        assert heard(office.clerk) == {"Văn bản": 1}

    def test_adds_nothing_to_the_chain(self, office: Office) -> None:
        """Or it would wake the indexer for ever."""
        index_now()
        keep(office.clerk, is_alert=True)
        paper(office)
        index_now()
        before = feed.head()

        follow(backend())
        chain_now()

        assert feed.head() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("workers")
class TestIndexer:
    def test_tells_after_its_commits(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "files"
        office = make_office()
        with running(["manage.py", "search_indexer"], SEARCH_ROOT=str(settings.SEARCH_ROOT)):
            wait_for(lambda: report().lag == 0)
            keep(office.clerk, is_alert=True)
            uploaded("văn bản", by=office.clerk, unit=office.top)

            assert wait_for(lambda: heard(office.clerk)) == {"Văn bản": 1}


@pytest.fixture
def told(office: Office, settings: Any) -> Office:
    """The clerk, who has an address, and the chair, who has none, have news."""
    settings.SENDS_MAIL, settings.OFFICE_URL = True, "https://office.example/"
    office.clerk.email = "vt@example.org"
    office.clerk.save()
    index_now()
    for name in ("clerk", "chair"):
        keep(office.people[name], name="Chuyện kim cương", is_alert=True)
        keep(office.people[name], "q=chỉ thị", "Chỉ thị", is_alert=True)
    paper(office, subject="về kim cương")
    look()
    return office


class TestDigest:
    def test_is_a_count_and_a_link_and_nothing_of_the_paper(self, told: Office) -> None:
        assert send_digests(clock.now()) == 1

        (sent,) = mail.outbox
        assert sent.to == ["vt@example.org"]
        assert sent.subject == "Vanthu: có 1 văn bản mới khớp với tìm kiếm đã lưu"
        assert "https://office.example/tra-cuu/da-luu/" in sent.body
        assert "kim cương" not in f"{sent.subject}{sent.body}".lower()
        assert "chỉ thị" not in f"{sent.subject}{sent.body}".lower()
        digest = Digest.objects.get()
        assert (digest.person, digest.count, digest.sent_at is not None) == (told.clerk, 1, True)

    def test_goes_out_once_a_day_and_only_with_news(self, told: Office) -> None:
        now = clock.now()
        tell_of_new_papers(timestamp=0)
        tell_of_new_papers(timestamp=0)
        paper(told)
        look()

        assert send_digests(now) == 0
        assert send_digests(now + timedelta(days=1)) == 1
        assert send_digests(now + timedelta(days=2)) == 0
        assert len(mail.outbox) == 2

    def test_is_not_sent_again_when_sending_failed(self, told: Office, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        assert send_digests(clock.now()) == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

        assert send_digests(clock.now()) == 0

        assert Digest.objects.get().sent_at is None
        assert heard(told.clerk) == {"Chuyện kim cương": 1, "Chỉ thị": 1}

    def test_counts_what_the_person_may_see_when_it_is_sent(self, told: Office) -> None:
        for hit in SavedHit.plain.filter(is_new=True).select_related("document"):
            revoke(document=hit.document, cause="owner")

        assert send_digests(clock.now()) == 0
        assert not Digest.objects.exists()

    def test_of_what_was_looked_at_is_none(self, told: Office) -> None:
        SavedHit.plain.filter(is_new=True).update(is_new=False)

        assert send_digests(clock.now()) == 0

    def test_stays_in_the_office_where_no_mail_is_set_up(self, told: Office, settings: Any) -> None:
        settings.SENDS_MAIL = False

        assert send_digests(clock.now()) == 0
        assert heard(told.clerk)
        settings.SENDS_MAIL = True
        assert send_digests(clock.now()) == 1
