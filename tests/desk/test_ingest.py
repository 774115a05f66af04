"""`manage.py ingest`, as scripts and outside checks call it."""

from __future__ import annotations

import io
import json
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection

from core import clock
from demo.scans import make_marked_scan, make_scan, sample
from demo.scans.bad import BAD_PAPERS, text_pages
from documents.models import Document, Page
from search.services import search_documents
from tests.factories.offices import Office, blank_pdf, make_office

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("workers")]
QUICK_TO_REFUSE = ["rong.pdf", "dut_doan.pdf", "mat_khau.pdf", "trang_web.pdf"]


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Office:
    """An office with an empty queue and an index of its own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = tmp_path / "files", tmp_path / "search"
    return make_office()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "scans"
    path.mkdir()
    return path


def put(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def ingest(
    *files: str, unit: str = "TLD", user: str = "clerk", wait: bool = True, **more: bool
) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("ingest", *files, unit=unit, user=user, wait=wait, json=True, stdout=out, **more)
    answers: list[dict[str, Any]] = json.loads(out.getvalue())
    return answers


class TestAnswer:
    def test_a_scan_is_read_and_found(self, desk: Office, folder: Path) -> None:
        paper = sample("01")
        [answer] = ingest(put(folder, "01.pdf", scan := make_scan(paper)))

        keys = {"document", "sha256", "status", "reason", "pages", "fields", "seconds", "duplicates", "warnings"}
        assert answer.keys() == {*keys, "copies"}
        assert (answer["duplicates"], answer["warnings"]) == ([], [])
        assert (answer["status"], answer["reason"], answer["sha256"]) == ("read", None, sha256(scan).hexdigest())
        assert [page["number"] for page in answer["pages"]] == list(range(1, len(answer["pages"]) + 1))
        assert all(page["source"] == "ocr" and 0 < page["mean_confidence"] <= 1 for page in answer["pages"])
        fields = answer["fields"]
        assert {"issuer", "number", "symbol", "date", "type", "subject", "signer", "due"} <= fields.keys()
        assert (fields["symbol"]["value"], fields["type"]["value"]) == (paper.truth["symbol"], paper.truth["type"])
        assert all(0 <= part <= 1 for part in fields["symbol"]["box"])
        assert 0 < answer["seconds"] < 60
        found = search_documents(query="day manh xu ly van ban", user=desk.clerk, at=clock.now())
        assert [hit.document_id for hit in found.hits] == [answer["document"]]

    def test_names_the_original_and_its_searchable_copy(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, "01.pdf", scan := make_scan(sample("07"))), boxes=True)

        original, archive = answer["copies"]
        assert original == {
            "kind": "original", "sha256": sha256(scan).hexdigest(), "size": len(scan), "media_type": "application/pdf",
            "is_pdfa": False,
        }  # fmt: skip
        assert (archive["kind"], archive["media_type"], archive["is_pdfa"]) == ("archive", "application/pdf", True)
        assert archive["sha256"] != original["sha256"]
        [page] = answer["pages"]
        assert [box[0] for box in page["boxes"]] == page["text"].split()
        assert all(0 <= part <= 1 for box in page["boxes"] for part in box[1:])

    def test_a_paper_whose_fonts_are_not_embedded_has_its_original_alone(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, "1.pdf", text_pages(1)))

        assert [(copy["kind"], copy["is_pdfa"]) for copy in answer["copies"]] == [("original", False)]
        assert "boxes" not in answer["pages"][0]

    def test_a_text_layer_has_no_confidence(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, "hai trang.pdf", text_pages(2)))

        first, second = answer["pages"]
        assert (first["source"], first["mean_confidence"]) == ("text", None)
        assert (second["source"] == "text") == (second["mean_confidence"] is None)

    def test_without_waiting_the_paper_is_queued(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, "1.pdf", text_pages(1)), wait=False)

        assert (answer["status"], answer["pages"], answer["fields"]) == ("queued", [], {})
        assert answer["reason"]

    def test_names_come_in_composed(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, unicodedata.normalize("NFD", "chỉ thị.pdf"), text_pages(1)), wait=False)

        name = Document.plain.get(pk=answer["document"]).files.get().name
        assert name == "chỉ thị.pdf"


class TestBadFiles:
    def test_stop_nothing_and_say_why_in_vietnamese(self, desk: Office, folder: Path) -> None:
        bad = [put(folder, name, BAD_PAPERS[name]()) for name in QUICK_TO_REFUSE]

        *refused, good = ingest(*bad, put(folder, "tốt.pdf", text_pages(1)))

        assert good["status"] == "read"
        for answer in refused:
            assert answer["status"] in {"failed", "partial"}
            assert isinstance(answer["document"], int)
            assert any(ord(letter) > 127 for letter in answer["reason"])
            assert answer["reason"].endswith(".")

    def test_a_secret_paper_is_locked_away_without_a_word(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, "mật.pdf", make_marked_scan()))

        assert (answer["status"], answer["pages"], answer["fields"]) == ("quarantined", [], {})
        assert (answer["copies"], bool(answer["reason"])) == ([], True)
        assert not Page.plain.exists()
        assert not Document.objects.visible_to(desk.clerk).exists()


class TestDuplicates:
    def test_the_same_bytes_again_are_the_same_paper(self, desk: Office, folder: Path) -> None:
        file = put(folder, "1.pdf", text_pages(1))

        first, second = ingest(file, file)

        assert (first["status"], second["status"]) == ("read", "duplicate")
        assert second["duplicates"] == [{"document": first["document"], "why": "bytes", "similarity": 1.0}]
        assert second["document"] == first["document"]
        assert second["reason"]

    def test_another_scan_of_the_paper_names_the_first(self, desk: Office, folder: Path) -> None:
        paper = sample("03")
        [first] = ingest(put(folder, "1.pdf", make_scan(paper)))

        [second] = ingest(put(folder, "2.pdf", make_scan(paper, profile="fax200", seed=2)))

        assert second["status"] == "read"
        assert second["document"] != first["document"]
        alike = {one["why"]: one for one in second["duplicates"]}
        assert {one["document"] for one in alike.values()} == {first["document"]}
        assert alike["text"]["similarity"] > 0.6

    def test_another_unit_gets_a_paper_of_its_own(self, desk: Office, folder: Path) -> None:
        file = put(folder, "1.pdf", text_pages(1))
        [first] = ingest(file)

        [second] = ingest(file, unit="AH", user="province_clerk")

        assert second["status"] == "read"
        assert second["document"] != first["document"]
        assert second["sha256"] == first["sha256"]
        assert second["duplicates"] == []


class TestWrongCalls:
    @pytest.mark.parametrize(
        ("unit", "user"),
        [("NONE", "clerk"), ("TLD", "nobody"), ("TLD", "province_clerk"), ("AH", "clerk"), ("TLD", "outsider")],
    )
    def test_end_with_2(self, desk: Office, folder: Path, unit: str, user: str, capsys: Any) -> None:
        file = put(folder, "1.pdf", blank_pdf())

        with pytest.raises(SystemExit) as ended:
            ingest(file, unit=unit, user=user)

        assert ended.value.code == 2
        assert "Traceback" not in capsys.readouterr().err
        assert not Document.plain.exists()

    def test_a_missing_file_stops_before_anything_is_taken_in(self, desk: Office, folder: Path) -> None:
        with pytest.raises(SystemExit) as ended:
            ingest(put(folder, "1.pdf", blank_pdf()), str(folder / "không có.pdf"))

        assert ended.value.code == 2
        assert not Document.plain.exists()

    def test_a_department_means_its_organ(self, desk: Office, folder: Path) -> None:
        [answer] = ingest(put(folder, "1.pdf", blank_pdf()), unit="TLD-VP", wait=False)

        assert Document.plain.get(pk=answer["document"]).owner_unit == desk.top
