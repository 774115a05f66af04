"""A strip of a page as a picture: for whom it is, and of what size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from PIL import Image

from documents import store
from documents.models import DocumentFile
from tests.factories.offices import confirmed_paper, drafted

if TYPE_CHECKING:
    from documents.models import Document
    from tests.factories.offices import Office


def address(document: Document, *sides: int, page: int = 1) -> str:
    file = DocumentFile.plain.filter(document=document).order_by("id")[0]
    return reverse("documents:page-part", args=[document.pk, file.pk, page, *(sides or (100, 200, 600, 50))])


class TestPagePart:
    def test_is_a_picture_of_its_part(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)

        answer = client.get(address(confirmed_paper(office)))

        picture = Image.open(io.BytesIO(answer.content))
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert picture.size == pytest.approx((595 / 72 * 150 * 0.6, 842 / 72 * 150 * 0.05), abs=2)

    @pytest.mark.parametrize(
        "sides", [(0, 0, 1001, 50), (900, 0, 200, 50), (0, 990, 500, 50), (0, 0, 500, 301), (0, 0, 0, 0)]
    )
    def test_is_no_way_to_other_sizes(self, office: Office, client: Any, sides: tuple[int, int, int, int]) -> None:
        client.force_login(office.clerk)

        assert client.get(address(confirmed_paper(office), *sides)).status_code == 404

    def test_of_a_page_that_is_not_there_is_not_there(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)
        document = confirmed_paper(office)

        assert [client.get(address(document, page=page)).status_code for page in (0, 2, 99_999)] == [404] * 3

    def test_of_a_broken_file_is_not_there(self, office: Office, client: Any, settings: Any) -> None:

        client.force_login(office.clerk)
        document = confirmed_paper(office)
        path = store.path_of(DocumentFile.plain.get(document=document).sha256)
        path.chmod(0o600)
        path.write_bytes(b"%PDF-1.4 broken")

        assert client.get(address(document)).status_code == 404

    def test_is_for_those_who_may_see_the_paper(self, office: Office, client: Any) -> None:
        document = confirmed_paper(office)
        for name in ("province_clerk", "outsider"):
            client.force_login(office.people[name])
            assert client.get(address(document)).status_code == 404

    def test_of_a_draft_stays_in_the_unit_that_drafted_it(self, office: Office, client: Any) -> None:
        document = drafted(office)
        client.force_login(office.chief)
        assert client.get(address(document)).status_code == 200

        client.force_login(office.province_clerk)

        assert client.get(address(document)).status_code == 404
