"""The watched folder: what is taken, for whom, what is refused and why, and that nothing is lost whatever dies."""

from __future__ import annotations

import io
import json
import os
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from documents import store
from documents.intake import folder, places
from documents.intake.folder import Looked, look, look_once
from documents.intake.sidecar import SidecarBroken, read_sidecar
from documents.models import Arrival, Document, DocumentFile, ReadState, Validity
from documents.ocr import sniff
from documents.services.arrivals import take_arrival
from documents.tasks import look_into_folder, watch_folder
from jobs.health import unfinished
from organizations.services import close_account
from tests.factories.offices import SETTER, Office, blank_pdf, make_office
from tests.left_over import end_open_transactions
from tests.processes import running, wait_for


def put(root: Path, name: str, data: bytes | None = None, **said: Any) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(blank_pdf(name) if data is None else data)
    if said:
        path.with_name(path.name + ".json").write_text(json.dumps(said), encoding="utf-8")
    return path


def looked(root: Path) -> list[Looked]:
    return look(root, seconds=0)


def tree(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


class TestTaken:
    def test_becomes_a_paper_of_the_unit_whose_folder_it_lay_in(self, office: Office, root: Path) -> None:
        data = blank_pdf("một")
        put(root, "TLD/chỉ thị.pdf", data)
        put(root, "AH/sub/hai.pdf")

        found = {one.file: one for one in looked(root)}

        assert {one.status for one in found.values()} == {"taken"}
        mine = Document.objects.visible_to(office.clerk).get(pk=found["TLD/chỉ thị.pdf"].document or 0)
        file = DocumentFile.objects.visible_to(office.clerk).get(document=mine)
        assert (mine.owner_unit, file.name, file.sha256) == (office.top, "chỉ thị.pdf", sha256(data).hexdigest())
        theirs = Document.objects.visible_to(office.province_clerk).get(pk=found["AH/sub/hai.pdf"].document or 0)
        assert theirs.owner_unit == office.province
        assert tree(root) == ["done/AH/sub/hai.pdf", "done/TLD/chỉ thị.pdf"]

    def test_waits_to_be_read_and_stands_in_the_record(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf")

        [one] = looked(root)

        assert {"document_id": one.document} in unfinished("documents.tasks.read_document")
        entry = AuditEntry.objects.get(act="documents.document.received")
        assert (entry.actor["name"], entry.actor["user_id"], entry.data["unit"]) == ("folder", None, "TLD")

    def test_carries_what_its_sidecar_says(self, office: Office, root: Path) -> None:
        put(
            root, "1.pdf", unit="AH", arrived_at="25/11/2026 14:30", note="Bản giấy ở tủ 3", sender="Sở Nội vụ",
            secrecy="Không",
        )  # fmt: skip

        [one] = looked(root)

        arrival = Arrival.objects.get()
        assert (one.unit, arrival.document_id) == ("AH", one.document)
        assert (arrival.note, arrival.sender) == ("Bản giấy ở tủ 3", "Sở Nội vụ")
        assert f"{clock.local(arrival.arrived_at):%d/%m/%Y %H:%M}" == "25/11/2026 14:30"
        assert tree(root) == ["done/1.pdf", "done/1.pdf.json"]

    def test_is_known_if_its_bytes_are_there_already(self, office: Office, root: Path) -> None:
        data = blank_pdf("một")
        put(root, "TLD/1.pdf", data)
        [first] = looked(root)
        put(root, "TLD/2.pdf", data)

        [second] = looked(root)

        assert second.document == first.document
        assert Arrival.objects.count() == 2
        assert tree(root) == ["done/TLD/1.pdf", "done/TLD/2.pdf"]

    @pytest.mark.parametrize("end", ["withdrawn", "handed-over"])
    def test_is_a_new_paper_if_its_own_is_no_longer_here(self, office: Office, root: Path, end: str) -> None:
        """The same file with its old time, as a scanning station copies it: nobody meant it to be swallowed."""
        path = put(root, "TLD/1.pdf", data := blank_pdf("một"))
        os.utime(path, (1, 1))
        [first] = looked(root)
        if end == "withdrawn":
            Document.plain.filter(pk=first.document or 0).update(state=Validity.WITHDRAWN)
        else:
            Document.plain.filter(pk=first.document or 0).update(state=Validity.QUARANTINED)
            DocumentFile.plain.filter(document=first.document).update(removed_at=clock.now(), name="")
        os.utime(put(root, "TLD/1.pdf", data), (1, 1))

        [second] = looked(root)

        assert second.status == "taken"
        assert second.document != first.document
        arrival = Arrival.objects.get()
        assert (arrival.document_id, arrival.name, arrival.place) == (second.document, "1.pdf", second.moved_to)

    def test_of_another_unit_is_a_paper_of_its_own(self, office: Office, root: Path) -> None:
        data = blank_pdf("một")
        put(root, "TLD/1.pdf", data)
        put(root, "AH/1.pdf", data)

        first, second = looked(root)

        assert first.document != second.document

    def test_never_takes_the_place_of_another_in_done(self, office: Office, root: Path) -> None:
        for text in ("một", "hai"):
            put(root, "TLD/1.pdf", blank_pdf(text))
            looked(root)

        assert tree(root) == ["done/TLD/1 (2).pdf", "done/TLD/1.pdf"]
        assert (root / "done/TLD/1.pdf").read_bytes() == blank_pdf("một")

    def test_is_the_organ_s_for_a_department_s_folder(self, office: Office, root: Path) -> None:
        put(root, "TLD-VP/1.pdf")

        [one] = looked(root)

        assert one.unit == "TLD"


class TestWaiting:
    def test_is_whatever_changed_a_moment_ago(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf")

        [one] = look(root, seconds=60)

        assert (one.status, tree(root)) == ("waiting", ["TLD/1.pdf"])

    def test_is_what_came_in_place_of_a_file_that_was_just_taken(
        self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = put(root, "TLD/1.pdf", blank_pdf("một"))

        def replaced(**facts: Any) -> Arrival:
            arrival = take_arrival(**facts)
            path.write_bytes(blank_pdf("bản đến sau"))
            return arrival

        with monkeypatch.context() as patch:
            patch.setattr(folder, "take_arrival", replaced)
            assert [one.status for one in looked(root)] == ["waiting"]
        assert tree(root) == ["TLD/1.pdf"]

        assert [one.status for one in looked(root)] == ["taken"]
        hashes = set(DocumentFile.plain.values_list("sha256", flat=True))
        assert hashes == {sha256(blank_pdf(text)).hexdigest() for text in ("một", "bản đến sau")}

    def test_sees_through_a_copy_that_sets_old_times(self, office: Office, root: Path) -> None:
        path = put(root, "TLD/1.pdf")
        os.utime(path, (1, 1))

        assert [one.status for one in look(root, seconds=60)] == ["waiting"]

    def test_ends_for_a_file_of_a_clock_that_goes_ahead(self, office: Office, root: Path) -> None:
        path = put(root, "TLD/1.pdf")
        ahead = time.time() + 3600
        os.utime(path, (ahead, ahead))

        assert [one.status for one in look(root, seconds=0.05)] == ["waiting"]
        time.sleep(0.1)
        assert [one.status for one in look(root, seconds=0.05)] == ["taken"]

    def test_is_longer_for_an_empty_file_which_may_be_begun(self, office: Office, root: Path) -> None:
        path = put(root, "TLD/1.pdf", b"")
        time.sleep(0.4)

        assert [one.status for one in look(root, seconds=0.3)] == ["waiting"]
        path.write_bytes(blank_pdf("nay mới đến"))
        assert [one.status for one in look_once(root, seconds=0.3, patience=20)] == ["taken"]

    def test_is_for_the_sidecar_too(self, office: Office, root: Path) -> None:
        path = put(root, "TLD/1.pdf")
        time.sleep(0.3)
        path.with_name("1.pdf.json").write_text("{", encoding="utf-8")

        assert [one.status for one in look(root, seconds=0.2)] == ["waiting"]

    @pytest.mark.parametrize("name", [".ẩn.pdf", "~$1.pdf", "1.pdf.part", "1.pdf.TMP", ".trash/1.pdf"])
    def test_is_not_even_told_of_what_is_half_written_or_hidden(self, office: Office, root: Path, name: str) -> None:
        put(root, f"TLD/{name}")

        assert looked(root) == []

    def test_is_over_in_one_call_that_takes_all(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf")

        [one] = look_once(root, seconds=0.3, patience=20)

        assert one.status == "taken"

    def test_never_takes_a_link_to_another_file(self, office: Office, root: Path, tmp_path: Path) -> None:
        (tmp_path / "riêng.pdf").write_bytes(blank_pdf("riêng"))
        (root / "TLD/1.pdf").symlink_to(tmp_path / "riêng.pdf")
        (root / "TLD/thư mục").symlink_to(tmp_path)

        assert looked(root) == []
        assert not Document.plain.exists()


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "data", "said", "words"),
        [
            ("TLD/1.pdf", b"", {}, "rỗng"),
            ("TLD/1.pdf", b"<html>khong phai pdf</html>", {}, "không phải"),
            ("1.pdf", None, {}, "đơn vị"),
            ("KHONG-CO/1.pdf", None, {}, "mã"),
            ("TLD/1.pdf", None, {"unit": "XX"}, "mã"),
            ("TLD/1.pdf", None, {"secrecy": "Mật"}, "bảo mật"),
            ("TLD/1.pdf", None, {"secrecy": "secret"}, "bảo mật"),
            ("TLD/1.pdf", None, {"arrived_at": "hôm qua"}, "JSON"),
            ("TLD/1.pdf", None, {"note": ["một", "hai"]}, "JSON"),
        ],
        ids=["empty", "html", "no-unit", "unknown", "said-unknown", "secret", "secret-en", "date", "types"],
    )
    def test_lies_in_failed_with_its_reason_beside_it(
        self, office: Office, root: Path, name: str, data: bytes | None, said: dict[str, Any], words: str
    ) -> None:
        path = put(root, name, data, **said)
        bytes_before = path.read_bytes()

        [one] = looked(root)

        assert one.status == "failed"
        assert one.moved_to == f"failed/{name}"
        reason = (root / f"failed/{name}.txt").read_text(encoding="utf-8-sig").strip()
        assert reason == one.reason
        assert words in reason
        assert (root / f"failed/{name}").read_bytes() == bytes_before
        assert (root / f"failed/{name}.json").exists() == bool(said)
        assert not Document.plain.exists()
        assert Arrival.objects.get().state == Arrival.State.REFUSED
        assert AuditEntry.objects.filter(act="documents.arrival.refused").count() == 1

    def test_as_secret_leaves_not_a_byte_in_the_office(self, office: Office, root: Path) -> None:
        path = put(root, "TLD/1.pdf", secrecy="TUYỆT MẬT")
        sha = sha256(path.read_bytes()).hexdigest()

        looked(root)

        assert not store.path_of(sha).exists()

    def test_does_not_keep_others_waiting(self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that makes our own code stumble."""
        put(root, "TLD/1.pdf")
        put(root, "TLD/2.pdf")
        real = sniff

        def stumbles(path: Path) -> Any:
            if path.name == "1.pdf":
                raise RecursionError
            return real(path)

        monkeypatch.setattr("documents.intake.folder.sniff", stumbles)

        assert [one.status for one in looked(root)] == ["waiting", "taken"]

    def test_is_a_unit_without_a_registrar(self, office: Office, root: Path) -> None:
        for name in ("province_clerk", "province_chair"):
            close_account(user=office.people[name], actor=SETTER)
        put(root, "AH/1.pdf")

        [one] = looked(root)

        assert (one.status, one.moved_to) == ("failed", "failed/AH/1.pdf")
        assert "văn thư" in (one.reason or "")

    def test_is_a_sidecar_whose_file_never_came(
        self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(root, "TLD/1.pdf.json", b"{}")
        assert looked(root) == []
        monkeypatch.setattr(folder, "LONELY_SECONDS", 0)

        assert [one.moved_to for one in looked(root)] == ["failed/TLD/1.pdf.json"]

    def test_can_be_corrected_and_put_there_again(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf", unit="XX")
        looked(root)
        (root / "failed/TLD/1.pdf").rename(root / "TLD/1.pdf")

        assert [one.status for one in looked(root)] == ["taken"]
        assert not (root / "failed/TLD/1.pdf.txt").exists()

    def test_is_what_turned_out_not_to_be_readable(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf")
        [one] = looked(root)
        Document.plain.filter(pk=one.document or 0).update(read_state=ReadState.FAILED, read_reason="encrypted")
        assert folder.has_something(root)

        looked(root)

        assert tree(root) == ["failed/TLD/1.pdf", "failed/TLD/1.pdf.txt"]
        assert "mật khẩu" in (root / "failed/TLD/1.pdf.txt").read_text(encoding="utf-8-sig")
        assert not folder.has_something(root)

    def test_is_not_what_the_clerk_stopped(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf")
        [one] = looked(root)
        Document.plain.filter(pk=one.document or 0).update(read_state=ReadState.FAILED, read_reason="stopped")

        assert not folder.has_something(root)


class TestDeath:
    """Between any two steps: the bytes are there, the paper once, and the file leaves the folder at the next look."""

    @pytest.mark.parametrize("step", ["sniff", "take_arrival", "find_arrival", "_put", "note_place"])
    def test_before_a_step_loses_nothing_and_doubles_nothing(
        self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        put(root, "TLD/1.pdf", note="một")

        class PowerCut(BaseException):
            pass

        def cut(*args: Any, **kwargs: Any) -> Any:
            raise PowerCut

        with monkeypatch.context() as patch:
            patch.setattr(folder, step, cut)
            with pytest.raises(PowerCut):
                looked(root)
        found = looked(root)

        assert [one.status for one in found] in (["taken"], ["known"], [])
        assert Document.plain.count() == Arrival.objects.count() == 1
        assert [name for name in tree(root) if name.endswith(".pdf")] == ["done/TLD/1.pdf"]

    @pytest.mark.parametrize("call", range(2))
    def test_between_the_file_and_its_sidecar_does_not_take_what_it_called_secret(
        self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch, call: int
    ) -> None:
        put(root, "TLD/1.pdf", secrecy="Mật")
        real, calls = places.move, iter(range(9))

        def cut(path: Path, target: Path) -> Path:
            if next(calls) == call:
                raise KeyboardInterrupt
            return real(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(places, "move", cut)
            with pytest.raises(KeyboardInterrupt):
                looked(root)
        looked(root)

        assert not Document.plain.exists()
        assert not (root / "TLD/1.pdf").exists()

    def test_while_a_file_is_moved_leaves_it_a_name(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "1.pdf").write_bytes(b"mot")

        def cut(path: Path) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", cut)
            with pytest.raises(KeyboardInterrupt):
                places.move(tmp_path / "1.pdf", tmp_path / "done/1.pdf")

        assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "done/1.pdf").read_bytes() == b"mot"

    def test_of_a_file_system_without_links_still_writes_over_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "1.pdf").write_bytes(b"hai")
        (tmp_path / "done").mkdir()
        (tmp_path / "done/1.pdf").write_bytes(b"mot")

        def refused(*args: Any, **kwargs: Any) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "link", refused)
        moved = places.move(tmp_path / "1.pdf", tmp_path / "done/1.pdf")

        assert (moved.name, moved.read_bytes()) == ("1 (2).pdf", b"hai")
        assert (tmp_path / "done/1.pdf").read_bytes() == b"mot"


@pytest.mark.django_db(transaction=True)
class TestKilled:
    def taken_more_than(self, number: int) -> bool:
        return Arrival.objects.count() > number

    def test_at_any_moment_takes_each_file_once(self, settings: Any, tmp_path: Path, root: Path) -> None:
        """Whoever looks is killed again and again, each time after some more files; the last look finds every one taken once."""
        settings.MEDIA_ROOT = tmp_path / "files"
        make_office()
        for number in range(12):
            put(root, f"TLD/{number}.pdf")
        where = {"MEDIA_ROOT": str(tmp_path / "files"), "INTAKE_FOLDER": str(root), "INTAKE_STABLE_SECONDS": "0"}

        for moved in (0, 3, 7):
            with running(["manage.py", "intake", "folder", "--once"], **where) as looking:
                wait_for(partial(self.taken_more_than, moved))
                looking.kill()
        end_open_transactions()
        looked(root)

        assert Document.plain.count() == Arrival.objects.count() == 12
        assert len(tree(root)) == len([name for name in tree(root) if name.startswith("done/TLD/")]) >= 12
        assert {store.path_of(sha).exists() for sha in Arrival.objects.values_list("sha256", flat=True)} == {True}


class TestPages:
    def test_tell_how_a_paper_came(self, office: Office, root: Path, client: Any) -> None:
        put(root, "TLD/1.pdf", sender="Sở Nội vụ", note="Bản giấy ở tủ 3")
        [one] = looked(root)
        client.force_login(office.clerk)

        page = client.get(reverse("documents:confirm", args=[one.document])).content.decode()

        assert "Thư mục theo dõi" in page
        assert "Sở Nội vụ" in page
        assert "Bản giấy ở tủ 3" in page

    def test_tell_the_unit_s_clerk_alone_what_was_refused(self, office: Office, root: Path, client: Any) -> None:
        put(root, "AH/rỗng.pdf", b"")
        looked(root)

        for person, told in ((office.province_clerk, True), (office.clerk, False)):
            client.force_login(person)
            assert ("rỗng.pdf" in client.get(reverse("documents:reading-queue")).content.decode()) == told


class TestSidecar:
    @pytest.mark.parametrize(
        "text", ["", "[]", '"mật"', "{", '{"unit": {}}', '{"arrived_at": "31/02/2026"}', "[" * 60_000, "\ufffd"]
    )
    def test_that_is_none_is_broken(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "1.json").write_text(text, encoding="utf-8")

        with pytest.raises(SidecarBroken):
            read_sidecar(tmp_path / "1.json")

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2026-11-05", "2026-11-05 00:00+0700"),
            ("5/11/2026", "2026-11-05 00:00+0700"),
            ("05/11/2026 07:30", "2026-11-05 07:30+0700"),
            ("2026-11-05T07:30:00Z", "2026-11-05 07:30+0000"),
        ],
    )
    def test_says_when_the_paper_arrived(self, tmp_path: Path, text: str, day: str) -> None:
        (tmp_path / "1.json").write_text(json.dumps({"arrival_date": text}), encoding="utf-8-sig")

        moment = read_sidecar(tmp_path / "1.json").arrived_at

        assert moment is not None
        assert f"{moment:%Y-%m-%d %H:%M%z}" == day


class TestCommand:
    def run(self, **options: Any) -> list[dict[str, Any]]:
        out = io.StringIO()
        call_command("intake", "folder", once=True, json=True, stdout=out, **options)
        answer: list[dict[str, Any]] = json.loads(out.getvalue())
        return answer

    def test_prints_what_became_of_each_file(self, office: Office, root: Path) -> None:
        put(root, "TLD/1.pdf")
        put(root, "TLD/2.pdf", b"")

        taken, failed = self.run()

        assert taken.keys() == {"file", "status", "unit", "document", "sha256", "reason", "moved_to"}
        assert (taken["status"], failed["status"]) == ("taken", "failed")
        assert self.run() == []

    def test_without_a_folder_ends_with_2(self, settings: Any) -> None:
        settings.INTAKE_FOLDER = ""

        with pytest.raises(SystemExit) as ended:
            self.run()

        assert ended.value.code == 2


class TestJob:
    def test_is_enqueued_once_where_something_lies(self, office: Office, root: Path) -> None:
        watch_folder(timestamp=0)
        assert unfinished("documents.tasks.look_into_folder") == []
        put(root, "TLD/1.pdf")

        watch_folder(timestamp=0)
        watch_folder(timestamp=10)

        assert unfinished("documents.tasks.look_into_folder") == [{}]
        look_into_folder()
        assert tree(root) == ["done/TLD/1.pdf"]

    def test_does_nothing_where_no_folder_is_set(self, office: Office, settings: Any) -> None:
        settings.INTAKE_FOLDER = ""

        watch_folder(timestamp=0)
        look_into_folder()

        assert unfinished("documents.tasks.look_into_folder") == []
