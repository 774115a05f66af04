"""The office's mailbox, spoken to over TLS: what is taken of a mail, once, and what a broken one comes to."""

from __future__ import annotations

import io
import json
import logging
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEntry
from core import clock
from documents import store
from documents.intake import letters
from documents.intake import mail as intake
from documents.intake.letters import decoded, read_mail
from documents.intake.mail import Fetched, fetch_all
from documents.intake.mailbox import WrongAddress, folder_name, mailbox
from documents.intake.unpacking import BrokenMail, unpacked
from documents.models import Arrival, Document, DocumentFile, Mail
from documents.ocr import Limits
from documents.services.arrivals import take_arrival
from documents.tasks import fetch_mail, watch_mail
from jobs.health import unfinished
from organizations.services import close_account
from tests.factories.offices import SETTER, Office, blank_pdf
from tests.imap_server import Account, imap_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def letter(*files: tuple[str, bytes, str], message_id: str = "<1@so.example>", **headers: str) -> bytes:
    """A mail as a mail program writes it; files as name, bytes, type."""
    message = EmailMessage()
    message["From"] = headers.get("sender", "Sở Nội vụ <vanthu@so.example>")
    message["Subject"] = headers.get("subject", "Gửi công văn số 12/SNV-TH")
    message["Date"] = headers.get("date", "Thu, 05 Nov 2026 08:30:00 +0700")
    if message_id:
        message["Message-ID"] = message_id
    message.set_content("Kính gửi văn thư, xem tệp đính kèm.")
    for name, data, media in files:
        main, _slash, sub = media.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def pdf(mark: str, name: str = "công văn.pdf") -> tuple[str, bytes, str]:
    return name, blank_pdf(mark), "application/pdf"


def address(port: int, account: Account, *, scheme: str = "imaps", unit: str = "TLD", password: str = "") -> str:
    secret = quote(password or account.password, safe="")
    return f"{scheme}://{quote(account.user, safe='')}:{secret}@127.0.0.1:{port}/INBOX?unit={unit}"


OPENING = b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
BROKEN_FILE = (
    b'--a\r\nContent-Type: application/pdf; name="=?x?y?z?="\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%\r\n--a--'
)
GARBAGE = {
    "empty": b"\r\n",
    "noise": b"\x00\xff\xfe" * 50,
    "headers": b"Subject: =?UTF-8?B?####?=\r\nFrom: \xff\xfe\r\nDate: hom qua\r\n\r\nx",
    "surrogate": b"Message-ID: <\x00\xed\xa0\x80>\r\nContent-Type: multipart/mixed\r\n\r\n--\r\n",
    "base64": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + BROKEN_FILE,
    "nested": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + OPENING * 200,
}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def box(office: Office, account: Account, settings: Any, tmp_path: Path) -> Iterator[Account]:
    """The office's mailbox on a running server."""
    with imap_server(account, tmp_path) as (port, certificate):
        settings.INTAKE_MAIL, settings.INTAKE_MAIL_CA = [address(port, account)], str(certificate)
        yield account


class TestTaken:
    def test_makes_a_paper_of_each_file_and_keeps_the_mail_beside_it(self, office: Office, box: Account) -> None:
        raw = letter(pdf("một"), ("quét.jpg", b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"))
        uid = box.put(raw)

        [fetched] = fetch_all()

        assert (fetched.status, fetched.uid, len(fetched.documents)) == ("taken", uid, 2)
        for pk, name in zip(fetched.documents, ("công văn.pdf", "quét.jpg"), strict=True):
            document = Document.objects.visible_to(office.clerk).get(pk=pk)
            scan, eml = DocumentFile.objects.visible_to(office.clerk).filter(document=document).order_by("id")
            assert (scan.kind, scan.name, eml.kind) == ("SCAN", name, "ATTACHMENT")
            assert store.path_of(eml.sha256).read_bytes() == raw
            assert document.owner_unit == office.top

    def test_tells_who_sent_it_when_and_about_what(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một")))

        fetch_all()

        arrival = Arrival.objects.get()
        assert arrival.sender == "Sở Nội vụ <vanthu@so.example>"
        assert arrival.subject == "Gửi công văn số 12/SNV-TH"
        assert f"{clock.local(arrival.arrived_at):%d/%m/%Y %H:%M}" == "05/11/2026 08:30"
        assert AuditEntry.objects.get(act="documents.document.received").actor["name"] == "mail"

    def test_happens_once_however_often_one_looks(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một")))

        assert [len(fetch_all()) for _ in range(3)] == [1, 0, 0]
        assert Document.plain.count() == Mail.objects.count() == 1

    def test_goes_on_where_it_ended(self, office: Office, box: Account) -> None:
        for number in range(3):
            box.put(letter(pdf(str(number)), message_id=f"<{number}@so.example>"))
            assert [fetched.uid for fetched in fetch_all()] == [number + 1]

        assert Document.plain.count() == 3

    def test_makes_no_second_paper_where_the_mailbox_numbers_its_mails_anew(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một")))
        fetch_all()
        box.uid_validity = 8

        [fetched] = fetch_all()

        assert fetched.status == "taken"
        assert Document.plain.count() == Arrival.objects.count() == 1
        assert Mail.objects.count() == 2

    def test_loses_nothing_where_another_mail_bears_the_same_id(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một")))
        box.put(letter(pdf("hai")))

        fetch_all()

        assert Document.plain.count() == 2

    def test_knows_a_paper_that_the_unit_has(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một"), message_id="<1@so.example>"))
        box.put(letter(pdf("một"), message_id="<2@so.example>"))

        first, second = fetch_all()

        assert first.documents == second.documents
        assert Arrival.objects.count() == 2

    def test_leaves_the_mailbox_as_it_is(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một")))

        fetch_all()

        verbs = {" ".join(line.split()[:2]).upper() for line in box.heard}
        assert {line.split()[0].upper() for line in box.heard} == {
            "CAPABILITY",
            "AUTHENTICATE",
            "EXAMINE",
            "UID",
            "LOGOUT",
        }
        assert {verb for verb in verbs if verb.startswith("UID")} == {"UID SEARCH", "UID FETCH"}
        assert all("PEEK" in line or "SIZE" in line for line in box.heard if "FETCH" in line)

    def test_leaves_out_what_only_decorates(self, office: Office, box: Account) -> None:
        raw = letter(pdf("một"), ("ký.p7s", b"0\x82", "application/pkcs7-signature"))
        logo = b'\r\nContent-Type: image/png; name="logo.png"\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n\r\nx'
        boundary = raw.split(b'boundary="')[1].split(b'"')[0]
        box.put(raw.replace(b"--" + boundary + b"--", b"--" + boundary + logo + b"\r\n--" + boundary + b"--"))

        [fetched] = fetch_all()

        assert (len(fetched.documents), fetched.refused) == (1, [])

    def test_takes_a_paper_that_is_shown_within_the_text(self, office: Office, box: Account) -> None:
        raw = letter(pdf("một"))
        assert raw.count(b"Content-Disposition: attachment") == 1
        box.put(raw.replace(b"Content-Disposition: attachment", b"Content-ID: <1>\nContent-Disposition: inline"))

        [fetched] = fetch_all()

        assert len(fetched.documents) == 1

    def test_finds_files_in_a_mail_that_was_forwarded_as_a_mail(self, office: Office, box: Account) -> None:
        outer = EmailMessage()
        outer["From"], outer["Message-ID"] = "a@b.example", "<outer@b.example>"
        outer.set_content("Chuyển tiếp")
        inner = EmailMessage()
        inner.set_content("Gốc")
        inner.add_attachment(blank_pdf("trong"), maintype="application", subtype="pdf", filename="trong.pdf")
        outer.add_attachment(inner)
        box.put(outer.as_bytes())

        [fetched] = fetch_all()

        assert len(fetched.documents) == 1


class TestNotTaken:
    def test_is_a_mail_without_files(self, office: Office, box: Account) -> None:
        box.put(letter())

        [fetched] = fetch_all()

        assert (fetched.status, Mail.objects.get().state) == ("empty", "EMPTY")
        assert not Document.plain.exists()

    def test_is_a_file_of_another_kind_and_the_clerk_is_told(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một"), ("bảng.xlsx", b"PK\x03\x04 xlsx", "application/vnd.ms-excel")))

        [fetched] = fetch_all()

        assert fetched.status == "taken"
        assert [one["name"] for one in fetched.refused] == ["bảng.xlsx"]
        assert Arrival.objects.get(state="REFUSED").unit == office.top

    def test_is_each_file_beyond_those_that_one_mail_may_bring(
        self, office: Office, box: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("documents.intake.unpacking.MOST_FILES", 2)
        box.put(letter(*(pdf(str(number), f"{number}.pdf") for number in range(4))))

        [fetched] = fetch_all()

        assert (fetched.status, len(fetched.documents)) == ("taken", 2)
        assert [one["name"] for one in fetched.refused] == ["2.pdf", "3.pdf"]
        assert "nhiều tệp" in fetched.refused[0]["reason"]
        assert Arrival.objects.filter(state="REFUSED", reason="many_files", unit=office.top).count() == 2

    def test_is_a_mail_of_so_many_files_that_nobody_would_want_to_be_told(self, office: Office, box: Account) -> None:
        box.put(letter(*(pdf("một") for _ in range(letters.MOST_NAMED + 1))))

        [fetched] = fetch_all()

        assert (fetched.status, Mail.objects.get().reason) == ("refused", "broken_mail")

    def test_is_a_mail_too_large_to_hold(self, office: Office, box: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(intake, "LARGEST_MAIL", 100)
        box.put(letter(pdf("một")))

        [fetched] = fetch_all()

        assert (fetched.status, Mail.objects.get().reason) == ("refused", "large_mail")
        assert not any("BODY" in line for line in box.heard)
        assert Arrival.objects.get().reason == "large_mail"

    def test_does_not_stop_the_line(self, office: Office, box: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        """A mail that makes our own code stumble, between two good ones."""
        for number in range(3):
            box.put(letter(pdf(str(number)), message_id=f"<{number}@so.example>"))
        real = unpacked

        def stumbles(path: Path, **others: Any) -> Any:
            if b"<1@so.example>" in path.read_bytes():
                raise RecursionError
            return real(path, **others)

        monkeypatch.setattr("documents.intake.mail.unpacked", stumbles)

        assert [fetched.status for fetched in fetch_all()] == ["taken", "refused", "taken"]
        assert fetch_all() == []
        assert Mail.objects.get(uid=2).reason == "broken_mail"
        assert store.path_of(Mail.objects.get(uid=2).sha256).read_bytes() == box.mails[2]

    @pytest.mark.parametrize("raw", GARBAGE.values(), ids=GARBAGE)
    def test_is_garbage_that_has_a_status_and_lets_others_pass(self, office: Office, box: Account, raw: bytes) -> None:
        box.put(raw)
        box.put(letter(pdf("tốt")))

        first, second = fetch_all()

        assert first.status in {"empty", "refused"}
        assert second.status == "taken"

    def test_that_takes_more_memory_than_a_file_may_is_put_down_once(
        self, office: Office, box: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("documents.intake.unpacking.Limits", lambda **facts: Limits(memory_bytes=100 << 20))
        box.put(b"Subject: nhieu dong\r\n\r\n" + b"\n" * (8 << 20))

        [fetched] = fetch_all()

        assert (fetched.status, Mail.objects.get().reason) == ("refused", "broken_mail")
        assert fetch_all() == []

    def test_is_anything_for_a_unit_without_a_registrar(self, office: Office, box: Account) -> None:
        for name in ("clerk", "chief", "chair", "deputy"):
            close_account(user=office.people[name], actor=SETTER)
        box.put(letter(pdf("một")))

        [fetched] = fetch_all()

        assert fetched.status == "refused"
        assert "văn thư" in fetched.refused[0]["reason"]


class TestOutages:
    def test_cut_in_the_middle_goes_on_at_the_next_look(self, office: Office, box: Account) -> None:
        for number in range(3):
            box.put(letter(pdf(str(number)), message_id=f"<{number}@so.example>"))
        box.cut_at = 2

        assert [fetched.status for fetched in fetch_all()] == ["taken", "unreachable"]
        box.cut_at = 0
        assert [fetched.uid for fetched in fetch_all()] == [2, 3]
        assert Document.plain.count() == 3

    @pytest.mark.parametrize("command", ["UID SEARCH", "RFC822.SIZE", "BODY.PEEK"])
    def test_of_a_server_that_says_no_for_a_while_lose_no_mail(
        self, office: Office, box: Account, command: str
    ) -> None:
        box.put(letter(pdf("một")))
        box.refused = command

        assert [fetched.status for fetched in fetch_all()] == ["unreachable"]
        box.refused = ""
        assert [fetched.status for fetched in fetch_all()] == ["taken"]

    def test_that_the_server_never_gives_hold_no_others_up(self, office: Office, box: Account) -> None:
        for number in range(3):
            box.put(letter(pdf(str(number)), message_id=f"<{number}@so.example>"))
        box.refused = "FETCH 2 (BODY"

        assert [fetched.status for fetched in fetch_all()] == ["taken", "refused", "taken"]
        assert Mail.objects.get(uid=2).reason == "broken_mail"

    def test_that_the_server_does_not_give_are_asked_for_again_where_there_is_no_other(
        self, office: Office, box: Account
    ) -> None:
        for number in range(2):
            box.put(letter(pdf(str(number)), message_id=f"<{number}@so.example>"))
        box.refused = "FETCH 2 (BODY"

        assert [fetched.status for fetched in fetch_all()] == ["taken", "unreachable"]
        box.refused = ""
        assert [fetched.status for fetched in fetch_all()] == ["taken"]

    def test_are_no_mails_that_were_deleted_meanwhile(self, office: Office, box: Account) -> None:
        box.put(b"")
        box.put(letter(pdf("một")))

        assert [fetched.status for fetched in fetch_all()] == ["empty", "taken"]

    def test_death_between_the_papers_of_a_mail_leaves_none_of_them(
        self, office: Office, box: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        box.put(letter(pdf("một", "1.pdf"), pdf("hai", "2.pdf")))
        real, calls = take_arrival, iter(range(9))

        def cut(**facts: Any) -> Arrival:
            if next(calls) == 1:
                raise KeyboardInterrupt
            return real(**facts)

        with monkeypatch.context() as patch:
            patch.setattr("documents.intake.mail.take_arrival", cut)
            with pytest.raises(KeyboardInterrupt):
                fetch_all()
        assert not Document.plain.exists()
        assert not Mail.objects.exists()

        [fetched] = fetch_all()
        assert len(fetched.documents) == 2

    def test_of_one_mailbox_keeps_no_other_waiting(
        self, office: Office, box: Account, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        box.put(letter(pdf("một")))
        good = settings.INTAKE_MAIL[0]
        wrong = good.replace(quote(box.password, safe=""), "sai-mat-khau")
        unreachable = "imaps://a:bi-mat@127.0.0.1:1/INBOX?unit=TLD"
        settings.INTAKE_MAIL = [wrong, unreachable, "http://a:bi-mat@b/", good.replace("unit=TLD", "unit=XX"), good]

        with caplog.at_level(logging.DEBUG):
            found = fetch_all()

        assert [fetched.status for fetched in found] == ["unreachable"] * 4 + ["taken"]
        assert not [secret for secret in ("sai-mat-khau", "bi-mat", box.password) if secret in caplog.text]

    def test_are_certificates_of_strangers(self, office: Office, box: Account, settings: Any) -> None:
        settings.INTAKE_MAIL_CA = ""
        box.put(letter(pdf("một")))

        assert [fetched.status for fetched in fetch_all()] == ["unreachable"]
        assert box.heard == []

    def test_none_by_starttls(self, office: Office, account: Account, settings: Any, tmp_path: Path) -> None:
        with imap_server(account, tmp_path, starts_plain=True) as (port, certificate):
            settings.INTAKE_MAIL = [address(port, account, scheme="imap+tls")]
            settings.INTAKE_MAIL_CA = str(certificate)
            account.put(letter(pdf("một")))

            assert [fetched.status for fetched in fetch_all()] == ["taken"]
        verbs = [line.split()[0] for line in account.heard]
        assert verbs.index("STARTTLS") < verbs.index("AUTHENTICATE")

    def test_none_where_the_server_knows_login_alone(self, office: Office, box: Account, settings: Any) -> None:
        box.knows_plain = False
        box.put(letter(pdf("một")))
        assert [fetched.status for fetched in fetch_all()] == ["unreachable"]  # it takes ASCII alone

        secret = quote(box.password, safe="")
        box.password = 'a "quoted" word'
        settings.INTAKE_MAIL = [settings.INTAKE_MAIL[0].replace(secret, quote(box.password, safe=""))]

        assert [fetched.status for fetched in fetch_all()] == ["taken"]


class TestMailbox:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "imap://a:b@c/INBOX?unit=TLD",
            "imaps://c/INBOX?unit=TLD",
            "imaps://a:b@c/INBOX",
            "imaps://a:b@c:x/?unit=T",
        ],
    )
    def test_is_reached_over_tls_and_belongs_to_a_unit(self, text: str) -> None:
        with pytest.raises(WrongAddress):
            mailbox(text)

    def test_never_tells_its_password(self) -> None:
        box = mailbox("imaps://van%40thu:m%3At@mail.example/L%C6%B0u?unit=TLD")

        assert str(box) == "van@thu@mail.example/Lưu"
        assert (box.port, box.password) == (993, "m:t")

    @pytest.mark.parametrize(
        ("name", "written"),
        [("INBOX", '"INBOX"'), ("A&B", '"A&-B"'), ("Văn bản", '"V&AQM-n b&HqM-n"'), ('a"b\\', '"a\\"b\\\\"')],
    )
    def test_writes_its_folder_as_the_protocol_does(self, name: str, written: str) -> None:
        assert folder_name(name) == written


class TestReadMail:
    @given(st.binary(max_size=400))
    def test_makes_something_of_anything(self, raw: bytes) -> None:
        found = read_mail(raw)

        assert "\0" not in found.message_id + found.sender + found.subject

    def test_says_the_same_in_a_process_of_its_own(self, tmp_path: Path) -> None:
        files = [pdf(str(number), f"tệp {number}.pdf") for number in range(letters.MOST_FILES + 2)]
        mail, room = tmp_path / "thu.eml", tmp_path / "room"
        mail.write_bytes(letter(*files))
        room.mkdir()

        assert unpacked(mail, room=room) == read_mail(mail.read_bytes())

    def test_ends_at_its_limits(self, tmp_path: Path) -> None:
        mail, room = tmp_path / "thu.eml", tmp_path / "room"
        mail.write_bytes(b"Subject: x\r\n\r\n" + b"\n" * (8 << 20))
        room.mkdir()

        with pytest.raises(BrokenMail):
            unpacked(mail, room=room, limits=Limits(memory_bytes=100 << 20))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("=?UTF-8?B?Q8O0bmcgdsSDbg==?=", "Công văn"),
            ("=?utf-8?Q?V=C4=83n_b=E1=BA=A3n?= 12", "Văn bản 12"),
            ("=?x-unknown?B?Q8O0bmc=?=", "Công"),
            ("=?UTF-8?B?####?=", "=?UTF-8?B?####?="),
        ],
    )
    def test_decodes_words(self, text: str, words: str) -> None:
        assert decoded(text) == words

    @pytest.mark.parametrize("date", ["", "hôm qua", "Thu, 99 Nov 2026 08:30:00 +0700"])
    def test_does_without_a_date(self, date: str) -> None:
        assert read_mail(letter(date=date)).sent_at is None

    def test_never_lies_ahead(self) -> None:
        sent = read_mail(letter(date="Thu, 05 Nov 2099 08:30:00 +0700")).sent_at

        assert sent is not None
        assert sent <= clock.now()


class TestCommand:
    def test_prints_what_became_of_each_mail(self, office: Office, box: Account) -> None:
        box.put(letter(pdf("một")))
        out = io.StringIO()

        call_command("intake", "mail", once=True, json=True, stdout=out)

        [one] = json.loads(out.getvalue())
        assert one.keys() == Fetched("", 0, "").__dataclass_fields__.keys()
        assert box.password not in out.getvalue()

    def test_without_a_mailbox_ends_with_2(self, settings: Any) -> None:
        settings.INTAKE_MAIL = []

        with pytest.raises(SystemExit) as ended:
            call_command("intake", "mail", once=True)

        assert ended.value.code == 2


class TestJob:
    def test_is_enqueued_where_a_mailbox_is_set(self, office: Office, box: Account, settings: Any) -> None:
        box.put(letter(pdf("một")))

        watch_mail(timestamp=0)
        watch_mail(timestamp=60)
        assert unfinished("documents.tasks.fetch_mail") == [{}]
        fetch_mail()

        assert Document.plain.count() == 1
        settings.INTAKE_MAIL = []
        fetch_mail()
