"""Names in the watched folder: capitals of scanners, bytes of old programs, and the longest that a disk takes."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from documents import store
from documents.intake import folder, places
from documents.models import Arrival, Document
from tests.documents.test_folder import looked, put, tree
from tests.factories.offices import blank_pdf

if TYPE_CHECKING:
    from tests.factories.offices import Office

RAW = os.fsdecode(b"qu\xe9t")  # as programs of the last century write quét
LONG = "Báo cáo kết quả thực hiện nhiệm vụ công tác năm và phương hướng thời gian tới của các công đoàn cơ sở trực thuộc ở tỉnh "
SAID_SECRET = '{"secrecy": "Mật"}'.encode()


def named(length: int, ending: str = ".pdf") -> str:
    """A name of so many bytes."""
    text = (LONG * 3).encode()[: length - len(ending)].decode("utf-8", "ignore")
    return text + "x" * (length - len(ending) - len(text.encode())) + ending


class TestNames:
    @pytest.mark.parametrize("name", [f"{RAW}.pdf", *(named(length) for length in (231, 250, 251, 255))])
    def test_of_any_bytes_are_taken_and_tell_where_they_lie(
        self, office: Office, root: Path, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put(root, f"TLD/{name}", blank_pdf())

        call_command("intake", "folder", once=True, json=True)

        [one] = json.loads(capsys.readouterr().out)
        assert one["status"] == "taken"
        assert (root / one["moved_to"]).is_file()
        assert Arrival.objects.get().place == one["moved_to"]
        assert one["moved_to"].endswith(".pdf")
        assert tree(root) == [one["moved_to"]]

    @pytest.mark.parametrize("name", [f"{RAW}.pdf", f"{RAW}/1.pdf", named(255), named(255, ".json")])
    def test_of_any_bytes_are_refused_with_their_reason_beside_them(
        self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setattr(folder, "LONELY_SECONDS", 0)
        put(root, name, blank_pdf())

        [one] = looked(root)

        assert one.status == "failed"
        assert tree(root) == [one.moved_to, f"{one.moved_to}.txt"]
        assert Arrival.objects.get().place == one.moved_to

    def test_that_become_one_are_told_apart_by_a_number(self, office: Office, root: Path) -> None:
        for ending in "ab":
            put(root, f"TLD/{named(250)}{ending}.pdf")

        assert [one.status for one in looked(root)] == ["taken", "taken"]
        assert len(tree(root)) == 2

    def test_that_fit_stay_as_they_are(self, tmp_path: Path) -> None:
        for name in (named(230), "Quyết định 12.pdf", ".ẩn"):
            assert places.tidy(Path("TLD") / name) == Path("TLD") / name


class TestSidecar:
    @pytest.mark.parametrize(
        ("name", "sidecar"),
        [("SCAN.PDF", "SCAN.PDF.JSON"), ("SCAN.PDF", "scan.pdf.json"), ("Đề án.pdf", "ĐỀ ÁN.PDF.Json")],
    )
    def test_in_other_capitals_is_heeded(self, office: Office, root: Path, name: str, sidecar: str) -> None:
        path = put(root, f"TLD/{name}")
        put(root, f"TLD/{sidecar}", SAID_SECRET)
        sha = sha256(path.read_bytes()).hexdigest()

        assert [one.status for one in looked(root)] == ["failed"]

        assert not Document.plain.exists()
        assert not store.path_of(sha).exists()
        assert tree(root) == [f"failed/TLD/{name}", f"failed/TLD/{name}.json", f"failed/TLD/{name}.txt"]

    def test_in_other_capitals_is_not_lonely(self, office: Office, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(folder, "LONELY_SECONDS", 0)
        put(root, "TLD/scan.pdf")
        put(root, "TLD/SCAN.PDF.JSON", b"{}")

        assert [one.status for one in looked(root)] == ["taken"]
        assert tree(root) == ["done/TLD/scan.pdf", "done/TLD/scan.pdf.json"]

    @pytest.mark.parametrize(("secret", "other"), [("1.pdf", "1.PDF"), ("1.PDF", "1.pdf")])
    def test_speaks_of_the_file_in_its_own_capitals_where_there_are_two(
        self, office: Office, root: Path, secret: str, other: str
    ) -> None:
        put(root, f"TLD/{secret}", secrecy="Mật")
        put(root, f"TLD/{other}")

        found = {one.file: one.status for one in looked(root)}

        assert found == {f"TLD/{secret}": "failed", f"TLD/{other}": "taken"}
