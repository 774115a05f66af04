"""Names in the watched folder: capitals of scanners, bytes of old programs, and the longest that a disk takes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from documents import store
from documents.intake import folder
from documents.models import Document
from tests.documents.test_folder import looked, put, tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.factories.offices import Office

SAID_SECRET = '{"secrecy": "Mật"}'.encode()


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
