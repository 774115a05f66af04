"""Word files on the pages of the office: no browser shows them, so what was read in them stands there."""

from __future__ import annotations

import io

import pytest
from django.test import Client

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


@pytest.mark.parametrize("address", ["/van-ban/{}/xac-nhan/", "/van-ban/{}/"])
def test_shows_the_words_that_were_read(office: Office, clerk: Client, address: str) -> None:
    content = io.BytesIO(word_file("<w:p><w:r><w:t>Kính gửi</w:t></w:r></w:p>"))
    actor = actor_for(office.people["clerk"])
    taken = receive_upload(stream=content, name="giấy.docx", unit=office.top, actor=actor, secrecy="none")
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
