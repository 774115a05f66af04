"""Photos that become one paper: their bytes, order and turn, what is refused, and who may send them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from documents import store
from documents.models import Document, DocumentFile
from documents.rendition.photos import NotAPhoto, bind, photo
from documents.views import capture
from tests.factories.offices import Office, blank_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESS = "documents:capture"


def jpeg(shade: int = 200, *, size: tuple[int, int] = (90, 120), turn: int = 0, mode: str = "RGB") -> bytes:
    """A photo as a camera writes it; `turn` as EXIF calls it."""
    picture, out = Image.new(mode, size, (shade,) * len(mode) if len(mode) > 1 else shade), io.BytesIO()
    exif = Image.Exif()
    if turn:
        exif[0x0112] = turn
    picture.save(out, "JPEG", quality=60, exif=exif.tobytes() if turn else b"")
    return out.getvalue()


def pages_of(data: bytes) -> list[tuple[bytes, int, list[float]]]:
    """The picture of each page as its bytes, the page's turn and its size."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            (
                page.Resources.XObject.Im0.read_raw_bytes(),
                int(page.get("/Rotate", 0)),
                [float(side) for side in page.mediabox[2:]],
            )
            for page in pdf.pages
        ]


class TestBind:
    def test_keeps_each_photo_byte_for_byte_in_its_order(self) -> None:
        photos = [jpeg(shade) for shade in (10, 200, 90)]

        found = [data for data, _turn, _size in pages_of(bind([photo(one) for one in photos]))]

        assert found == photos

    @pytest.mark.parametrize(("turn", "degrees"), [(0, 0), (1, 0), (3, 180), (6, 90), (8, 270)])
    def test_turns_a_page_as_the_camera_was_held(self, turn: int, degrees: int) -> None:
        [(_data, found, _size)] = pages_of(bind([photo(jpeg(turn=turn))]))

        assert found == degrees

    def test_makes_pages_as_long_as_a4(self) -> None:
        [(_data, _turn, size)] = pages_of(bind([photo(jpeg(size=(300, 400)))]))

        assert size == [631.5, 842]

    def test_gives_the_same_bytes_for_the_same_photos(self) -> None:
        photos = [photo(jpeg(10)), photo(jpeg(20))]

        assert bind(photos) == bind(photos) != bind(photos[::-1])

    def test_keeps_grey_photos_grey(self) -> None:
        with pikepdf.open(io.BytesIO(bind([photo(jpeg(mode="L"))]))) as pdf:
            assert pdf.pages[0].Resources.XObject.Im0.ColorSpace == "/DeviceGray"


class TestPhoto:
    @pytest.mark.parametrize(
        "data",
        [
            b"", b"\xff\xd8\xff", blank_pdf(), jpeg()[:20], jpeg(mode="CMYK"), b"\xff\xd8\xff\xe0\x00\x01" + b"\0" * 40,
            b"\xff\xd8\xff" + b"\xff" * 5000, b"\xff\xd8\xff\xda\x00\x02", b"\xff\xd8\xff\xc0\x00\x03\x08",
            b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x03" + b"\0" * 9,
        ],
    )  # fmt: skip
    def test_is_refused_where_it_is_none(self, data: bytes) -> None:
        with pytest.raises(NotAPhoto):
            photo(data)

    @given(st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=40))
    def test_makes_nothing_else_of_garbage(self, garbage: bytes, at: int, patch: bytes) -> None:
        """Rubbish behind the first marker, and a real photo with a hole in it: refused, or a photo; never an error."""
        whole = jpeg(turn=6)
        for data in (b"\xff\xd8\xff" + garbage, whole[:at] + patch + whole[at + len(patch) :]):
            try:
                found = photo(data)
            except NotAPhoto:
                continue
            assert found.width * found.height <= 60_000_000

    def test_survives_a_broken_directory(self) -> None:
        whole = jpeg(turn=6)

        for cut in range(whole.index(b"Exif"), whole.index(b"Exif") + 30):
            assert photo(whole[:cut] + b"\xff" + whole[cut + 1 :]).turn in {0, 90, 180, 270}


def sent(client: Any, files: Sequence[tuple[str, bytes]], **more: Any) -> Any:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse(ADDRESS), {"secrecy": "none", "files": uploads} | more)


class TestPage:
    def test_makes_one_paper_of_several_photos(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)
        photos = [jpeg(shade) for shade in (10, 200)]

        answer = sent(client, [("IMG_1.jpg", photos[0]), ("IMG_2.jpg", photos[1])])

        document = Document.plain.get()
        assert answer.headers["Location"] == reverse("documents:confirm", args=[document.pk])
        file = DocumentFile.objects.visible_to(office.clerk).get(document=document)
        assert file.media_type == "application/pdf"
        assert file.name.startswith("anh-chup-")
        assert [data for data, *_rest in pages_of(store.path_of(file.sha256).read_bytes())] == photos

    @pytest.mark.parametrize(("name", "data"), [("IMG_1.jpg", jpeg()), ("kế hoạch.pdf", blank_pdf())])
    def test_leaves_a_single_file_as_it_is(self, office: Office, client: Any, name: str, data: bytes) -> None:
        client.force_login(office.clerk)

        sent(client, [(name, data)])

        file = DocumentFile.objects.visible_to(office.clerk).get()
        assert (file.name, store.path_of(file.sha256).read_bytes()) == (name, data)

    def test_sent_twice_is_one_paper(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)
        key = "6c9b3f0e-3f0b-4c55-a4dc-1f0a2f6f7f11"

        for _ in range(2):
            sent(client, [("1.jpg", jpeg(1)), ("2.jpg", jpeg(2))], receipt_key=key)

        assert Document.plain.count() == 1

    def test_answers_scripts_in_json(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)
        uploads = [SimpleUploadedFile("1.jpg", jpeg())]
        headers = {"Accept": "application/json"}

        done = client.post(reverse(ADDRESS), {"secrecy": "none", "files": uploads}, headers=headers)
        refused = client.post(reverse(ADDRESS), {"secrecy": "none"}, headers=headers)

        assert done.status_code == 201
        assert done.json()["url"] == reverse("documents:confirm", args=[Document.plain.get().pk])
        assert (refused.status_code, list(refused.json())) == (422, ["error"])

    @pytest.mark.parametrize(
        ("files", "more", "words"),
        [
            ([], {}, "ít nhất một ảnh"),
            ([("1.jpg", jpeg())], {"secrecy": ""}, "độ mật"),
            ([("1.jpg", jpeg())], {"secrecy": "secret"}, "bảo mật"),
            ([("1.jpg", jpeg()), ("2.png", b"\x89PNG\r\n\x1a\n")], {}, "Trang 2"),
            ([("1.jpg", jpeg())] * 61, {}, "tối đa 60 ảnh"),
        ],
        ids=["nothing", "no-answer", "secret", "png", "too-many"],
    )
    def test_says_why_nothing_was_taken_in(
        self, office: Office, client: Any, files: list[tuple[str, bytes]], more: dict[str, Any], words: str
    ) -> None:
        client.force_login(office.clerk)

        answer = sent(client, files, **more)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Document.plain.exists()

    @pytest.mark.parametrize("limit", ["LARGEST_PHOTO", "LARGEST_PAPER"])
    def test_has_limits_of_size(self, office: Office, client: Any, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
        monkeypatch.setattr(capture, limit, 100)
        client.force_login(office.clerk)

        assert sent(client, [("1.jpg", jpeg())]).status_code == 422

    def test_is_for_those_who_take_papers_in(self, office: Office, client: Any) -> None:
        for name in ("chair", "outsider"):
            client.force_login(office.people[name])
            assert client.get(reverse(ADDRESS)).status_code == 404
            assert sent(client, [("1.jpg", jpeg())]).status_code == 404
        assert not Document.plain.exists()
