"""Word files on the pages of the office: no browser shows them, so what was read in them stands there."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from documents.models import DocumentFile
from documents.selectors import shown_first
from documents.services.uploads import receive_upload
from organizations.services import actor_for
from tests.documents_ocr.test_word_files import word_file
from tests.factories.offices import Office
from tests.factories.papers import read, uploaded

PAGES = ("Kính gửi: Công đoàn các xã <Phương Đông>\n\nCăn cứ kế hoạch.", "Nơi nhận: Như trên")


@pytest.fixture
def clerk(office: Office) -> Client:
    client = Client()
    client.force_login(office.people["clerk"])
    return client


WORD, RTF = word_file("<w:p><w:r><w:t>Kính gửi</w:t></w:r></w:p>"), b"{\\rtf1 giay}"


@pytest.mark.parametrize("content", [WORD, RTF], ids=["docx", "rtf"])
@pytest.mark.parametrize("address", ["/van-ban/{}/xac-nhan/", "/van-ban/{}/"])
def test_shows_the_words_that_were_read(office: Office, clerk: Client, address: str, content: bytes) -> None:
    actor = actor_for(office.people["clerk"])
    taken = receive_upload(stream=io.BytesIO(content), name="giấy", unit=office.top, actor=actor, secrecy="none")
    document = read(taken.document, *PAGES)

    page = clerk.get(address.format(document.pk)).content.decode()

    assert "<vb-pdf" not in page
    assert "<p>Kính gửi: Công đoàn các xã &lt;Phương Đông&gt;</p>" in page
    assert page.index("Căn cứ") < page.index("Như trên")
    assert f"/van-ban/{document.pk}/tep/" in page


@pytest.mark.parametrize("address", ["/van-ban/{}/xac-nhan/", "/van-ban/{}/"])
def test_a_paper_that_can_be_shown_is_shown(office: Office, clerk: Client, address: str) -> None:
    document = uploaded(*PAGES, by=office.people["clerk"], unit=office.top)

    page = clerk.get(address.format(document.pk)).content.decode()

    assert "<vb-pdf" in page
    assert "v-words" not in page


@pytest.mark.parametrize("media_type", ["image/heic", "image/tiff"])
def test_a_picture_that_no_browser_shows_gives_way_to_its_copy(media_type: str) -> None:
    photo = DocumentFile(pk=1, kind=DocumentFile.Kind.SCAN, media_type=media_type)
    copy = DocumentFile(pk=2, kind=DocumentFile.Kind.ARCHIVE, media_type="application/pdf", copy_of_id=1)

    assert shown_first([photo, copy]) is copy
    assert shown_first([photo]) is photo
