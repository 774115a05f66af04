"""The same paper by another route: by what it is known again, to whom that is told, and what the clerk makes of it (I3)."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEntry
from documents import store
from documents.duplicates import Duplicate, duplicates_of, same_papers, undecided
from documents.models import Document, DocumentFile, DocumentLink, ExtractedField, PaperPrint, Validity
from documents.ocr import FileReading
from documents.services.access import grant
from documents.services.confirmation import NotConfirmable, ReasonMissing, correct_fields
from documents.services.duplicates import (
    AlreadyCompared,
    NotComparable,
    NothingCompared,
    compare_anew,
    discard_arrival,
    keep_apart,
    link_same,
)
from documents.services.prints import renew_print
from documents.services.reading import finish_reading, newest_file
from documents.services.uploads import receive_upload
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, confirmed_paper, drafted
from tests.factories.papers import confirmed, read, some_pdf, uploaded

if TYPE_CHECKING:
    from organizations.models import Unit, User

SYLLABLES = [
    "ban",
    "chi",
    "dao",
    "cong",
    "doan",
    "cap",
    "tren",
    "to",
    "chuc",
    "thuc",
    "hien",
    "nghi",
    "quyet",
    "ke",
    "hoach",
    "nam",
    "bao",
    "cao",
    "ket",
    "qua",
    "truoc",
    "ngay",
]


def words_of(paper: int, *, misread: int = 0) -> str:
    """The text of a made-up paper; every `misread`-th word is another one."""
    chance = random.Random(paper)  # noqa: S311  # a text, no secret
    words = [f"{chance.choice(SYLLABLES)} {chance.choice(SYLLABLES)}{chance.randrange(40)}" for _ in range(150)]
    return " ".join(f"{word}x" if misread and place % misread == 0 else word for place, word in enumerate(words))


def arrival(
    office: Office, text: str, *, by: str = "clerk", unit: Unit | None = None, confidence: float = 0.95, **proposed: str
) -> Document:
    """A paper that was taken in and read; these fields were read on it."""
    document = uploaded(text, by=office.people[by], unit=unit or office.top)
    for name, value in proposed.items():
        ExtractedField.plain.update_or_create(
            document=document, name=name, defaults={"value": value, "confidence": confidence}
        )
    renew_print(document=document)
    return document


def found(document: Document, user: User) -> dict[int, tuple[str, ...]]:
    return {one.document.pk: one.reasons for one in duplicates_of(document, user)}


@pytest.fixture
def pair(office: Office) -> tuple[Document, Document]:
    """A paper and a second scan of it."""
    return arrival(office, words_of(1)), arrival(office, words_of(1, misread=30))


class TestDuplicatesOf:
    def test_are_found_by_their_text_though_some_words_were_misread(
        self, office: Office, pair: tuple[Document, Document]
    ) -> None:
        first, second = pair
        arrival(office, words_of(2))

        [one] = duplicates_of(second, office.clerk)

        assert (one.document, one.reasons, one.verdict) == (first, ("text",), "")
        assert one.likeness is not None
        assert 0.6 <= one.likeness < 1

    def test_are_found_by_number_issuer_and_year_before_anybody_confirmed_them(self, office: Office) -> None:
        facts: dict[str, Any] = {
            "number": "05",
            "symbol": "KH-LĐLĐ",
            "issuer": "LIÊN ĐOÀN LAO ĐỘNG TỈNH",
            "date": "2026-03-02",
        }
        first = arrival(office, words_of(1), **facts)
        second = arrival(office, words_of(2), **facts | {"issuer": "Liên đoàn Lao đông tỉnh"})

        assert found(second, office.clerk) == {first.pk: ("number",)}

    @pytest.mark.parametrize(
        "other",
        [{"issuer": "CĐCS Trường số 7"}, {"date": "2025-03-02"}, {"number": "06"}, {"symbol": "KH-CĐP"}],
        ids=["issuer", "year", "number", "symbol"],
    )
    def test_differ_if_one_of_these_differs(self, office: Office, other: dict[str, str]) -> None:
        facts: dict[str, Any] = {
            "number": "05",
            "symbol": "KH-LĐLĐ",
            "issuer": "CĐCS Trường số 1",
            "date": "2026-03-02",
        }
        arrival(office, words_of(1), **facts)

        assert found(arrival(office, words_of(2), **facts | other), office.clerk) == {}

    def test_are_found_by_their_bytes_in_another_unit_by_whoever_works_in_both(self, office: Office) -> None:
        data = some_pdf()
        mine = receive_upload(
            stream=io.BytesIO(data), name="a.pdf", unit=office.top, actor=actor_for(office.clerk), secrecy="none"
        ).document
        theirs = receive_upload(
            stream=io.BytesIO(data), name="a.pdf", unit=office.province, actor=actor_for(office.province_clerk), secrecy="none"
        ).document  # fmt: skip
        grant(document=mine, token=f"user:{office.province_clerk.pk}", cause="test")

        assert found(theirs, office.province_clerk) == {mine.pk: ("bytes",)}

    def test_say_every_reason_the_strongest_first(self, office: Office) -> None:
        facts: dict[str, Any] = {"number": "05", "symbol": "KH-LĐLĐ", "date": "2026-03-02"}
        first = arrival(office, words_of(1), **facts)

        assert found(arrival(office, words_of(1), **facts), office.clerk) == {first.pk: ("number", "text")}

    def test_are_not_told_to_whoever_may_not_see_them(self, office: Office, pair: tuple[Document, Document]) -> None:
        theirs = arrival(office, words_of(1), by="province_clerk", unit=office.province)

        assert found(theirs, office.province_clerk) == {}
        assert theirs.pk not in found(pair[0], office.clerk)

    @pytest.mark.parametrize("state", [Validity.WITHDRAWN, Validity.QUARANTINED])
    def test_are_papers_that_are_still_there(
        self, office: Office, pair: tuple[Document, Document], state: Validity
    ) -> None:
        Document.plain.filter(pk=pair[0].pk).update(state=state)

        assert found(pair[1], office.clerk) == {}

    def test_are_not_drafts(self, office: Office) -> None:
        draft = drafted(office)
        read(draft, words_of(1))

        assert found(arrival(office, words_of(1)), office.clerk) == {}

    def test_are_not_letters_of_one_pattern_with_their_own_number_and_date(self, office: Office) -> None:
        """A monthly invitation: all words but its number and day."""
        arrival(office, words_of(1), number="05", symbol="GM-TLĐ", date="2026-03-02")

        sure = arrival(office, words_of(1), number="06", symbol="GM-TLĐ", date="2026-04-02")
        assert found(sure, office.clerk) == {}

        doubtful = arrival(office, words_of(1), confidence=0.6, number="06", symbol="GM-TLĐ", date="2026-04-02")
        assert len(found(doubtful, office.clerk)) == 2

    def test_follow_what_the_clerk_confirms_and_corrects(self, office: Office) -> None:
        first = confirmed_paper(office, number="05")
        second = confirmed_paper(office, number="77")
        assert found(second, office.clerk) == {}

        correct_fields(
            document=second, values={"number": "05"}, reason="Đọc nhầm", actor=actor_for(office.clerk),
            expected_version=second.version,
        )  # fmt: skip

        assert found(second, office.clerk) == {first.pk: ("number",)}

    def test_cost_the_same_for_one_and_for_many(self, office: Office, pair: tuple[Document, Document]) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert duplicates_of(pair[0], office.clerk)
            return len(asked)

        few = count()
        for _ in range(6):
            arrival(office, words_of(1))

        assert count() == few <= 9

    def test_look_bands_up_in_an_index(self, office: Office, pair: tuple[Document, Document]) -> None:
        bands = PaperPrint.objects.visible_to(office.clerk).get(pk=pair[0].pk).bands
        rows = PaperPrint.plain.filter(bands__overlap=bands)

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

        assert "print_by_bands" in rows.explain()

    def test_of_a_paper_that_was_locked_away_leave_no_print(self, office: Office) -> None:
        document = arrival(office, words_of(1), number="05", symbol="KH-LĐLĐ")
        Document.plain.filter(pk=document.pk).update(read_state="QUEUED")

        finish_reading(
            document=document, file=newest_file(document), reading=FileReading(status="quarantined"), seconds=1
        )

        assert not PaperPrint.plain.filter(document=document).exists()


class TestFindings:
    def test_link_keeps_both_and_names_the_other_on_each_page(
        self, office: Office, client: Any, pair: tuple[Document, Document]
    ) -> None:
        first, second = pair

        link_same(document=second, other=first, actor=actor_for(office.clerk))

        assert same_papers(first, office.clerk) == [second]
        assert same_papers(second, office.chief) == [first]
        assert undecided(duplicates_of(second, office.clerk)) == []
        client.force_login(office.clerk)
        assert "Cùng một văn bản với" in client.get(reverse("desk:paper", args=[first.pk])).content.decode()

    def test_keep_apart_is_not_asked_again_on_either(self, office: Office, pair: tuple[Document, Document]) -> None:
        first, second = pair

        keep_apart(document=second, other=first, actor=actor_for(office.clerk))

        assert [one.verdict for one in duplicates_of(first, office.clerk)] == ["DIFFERS"]
        assert undecided(duplicates_of(second, office.clerk)) == []
        assert same_papers(first, office.clerk) == []

    def test_discard_withdraws_the_arrival_and_loses_nothing(
        self, office: Office, pair: tuple[Document, Document]
    ) -> None:
        first, second = pair
        sha256 = DocumentFile.objects.visible_to(office.clerk).get(document=second).sha256

        discard_arrival(document=second, other=first, reason="Quét hai lần", actor=actor_for(office.clerk))

        second.refresh_from_db()
        assert second.state == Validity.WITHDRAWN
        assert store.path_of(sha256).exists()
        assert same_papers(first, office.clerk) == [second]
        entry = AuditEntry.objects.get(act="documents.document.withdrawn")
        assert (entry.target, entry.data["reason"]) == (f"documents.document:{second.pk}", "Quét hai lần")

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_discard_wants_a_reason(self, office: Office, pair: tuple[Document, Document], reason: str) -> None:
        with pytest.raises(ReasonMissing):
            discard_arrival(document=pair[1], other=pair[0], reason=reason, actor=actor_for(office.clerk))

        assert not DocumentLink.objects.exists()

    def test_discard_leaves_what_somebody_confirmed(self, office: Office, pair: tuple[Document, Document]) -> None:
        second = confirmed(pair[1], by=office.clerk)

        with pytest.raises(NotConfirmable):
            discard_arrival(document=second, other=pair[0], reason="Trùng", actor=actor_for(office.clerk))

        assert not DocumentLink.objects.exists()

    def test_each_stands_in_the_record_with_both_papers(self, office: Office, pair: tuple[Document, Document]) -> None:
        first, second = pair
        acts = [keep_apart, compare_anew, link_same]

        for act in acts:
            act(document=second, other=first, actor=actor_for(office.clerk))

        entries = AuditEntry.objects.filter(target=f"documents.document:{second.pk}", touches__isnull=False)
        assert [entry.act.rpartition(".")[2] for entry in entries.order_by("pk")] == [
            "found_different",
            "finding_withdrawn",
            "found_same",
        ]
        assert {touch.target for entry in entries for touch in entry.touches.all()} == {
            f"documents.document:{first.pk}"
        }

    def test_a_second_finding_takes_the_place_of_the_first(
        self, office: Office, pair: tuple[Document, Document]
    ) -> None:
        first, second = pair
        keep_apart(document=second, other=first, actor=actor_for(office.clerk))

        link_same(document=first, other=second, actor=actor_for(office.clerk))

        assert DocumentLink.objects.get().kind == DocumentLink.Kind.SAME
        with pytest.raises(AlreadyCompared):
            link_same(document=second, other=first, actor=actor_for(office.clerk))

    def test_nothing_is_taken_back_twice(self, office: Office, pair: tuple[Document, Document]) -> None:
        with pytest.raises(NothingCompared):
            compare_anew(document=pair[1], other=pair[0], actor=actor_for(office.clerk))

    @pytest.mark.parametrize("name", ["chair", "province_clerk", "outsider"])
    def test_are_the_registry_clerk_s(self, office: Office, pair: tuple[Document, Document], name: str) -> None:
        for act in (link_same, keep_apart, compare_anew):
            with pytest.raises(NotAllowed):
                act(document=pair[1], other=pair[0], actor=actor_for(office.people[name]))

        assert not DocumentLink.objects.exists()

    def test_are_not_made_of_papers_that_are_gone(self, office: Office, pair: tuple[Document, Document]) -> None:
        first, second = pair
        Document.plain.filter(pk=first.pk).update(state=Validity.WITHDRAWN)

        for one, other in ((second, first), (second, second)):
            with pytest.raises(NotComparable):
                link_same(document=one, other=other, actor=actor_for(office.clerk))


class TestPages:
    def test_confirm_shows_both_side_by_side(self, office: Office, client: Any) -> None:
        first = arrival(office, words_of(1), subject="về lương tối thiểu", number="05", symbol="CV-TLĐ")
        second = arrival(office, words_of(1, misread=40), subject="về lương tối thiêu")
        client.force_login(office.clerk)

        page = client.get(reverse("documents:confirm", args=[second.pk])).content.decode()

        assert "Văn bản này có thể đã có" in page
        assert "về lương tối thiểu" in page
        assert reverse("documents:compare", args=[second.pk, first.pk]) in page

    def test_compare_draws_both_papers_and_takes_the_finding(
        self, office: Office, client: Any, pair: tuple[Document, Document]
    ) -> None:
        first, second = pair
        client.force_login(office.clerk)
        address = reverse("documents:compare", args=[second.pk, first.pk])

        assert client.get(address).content.decode().count("<vb-pdf") == 2
        answer = client.post(address, {"decision": "discard", "reason": "Quét hai lần"}, follow=True)

        assert "Đã bỏ bản mới đến" in answer.content.decode()
        assert client.post(address, {"decision": "keep"}, follow=True).status_code == 200
        assert [one.kind for one in DocumentLink.objects.all()] == ["SAME"]

    def test_compare_is_for_those_who_may_see_both(
        self, office: Office, client: Any, pair: tuple[Document, Document]
    ) -> None:
        theirs = arrival(office, words_of(1), by="province_clerk", unit=office.province)
        client.force_login(office.clerk)

        for one, other in ((pair[0], theirs), (theirs, pair[0])):
            assert client.get(reverse("documents:compare", args=[one.pk, other.pk])).status_code == 404

    def test_compare_of_papers_that_have_nothing_in_common_is_not_there(self, office: Office, client: Any) -> None:
        one, other = arrival(office, words_of(1)), arrival(office, words_of(2))
        client.force_login(office.clerk)

        assert client.get(reverse("documents:compare", args=[one.pk, other.pk])).status_code == 404
        assert client.get(reverse("documents:compare", args=[one.pk, one.pk])).status_code == 404

    def test_deciding_is_not_for_readers(self, office: Office, client: Any, pair: tuple[Document, Document]) -> None:
        client.force_login(office.chair)
        address = reverse("documents:compare", args=[pair[1].pk, pair[0].pk])

        assert 'name="decision"' not in client.get(address).content.decode()
        assert client.post(address, {"decision": "keep"}).status_code == 404
        assert not DocumentLink.objects.exists()


class TestPercent:
    @pytest.mark.parametrize(("likeness", "percent"), [(None, None), (0.914, 91), (1.0, 100)])
    def test_is_whole(self, likeness: float | None, percent: int | None) -> None:
        assert Duplicate(Document(), ("text",), likeness, "").percent == percent
