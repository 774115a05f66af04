"""Photos of pages: aslant, in shadow, as HEIC; and that what a scanner made is none of these."""

from __future__ import annotations

import io
import random
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pillow_heif
import pytest
from PIL import Image

from demo.scans import PROFILES, make_scan, sample
from demo.scans.camera import SIZE, as_file, held_by_hand, photograph
from demo.scans.scanner import Stamps, scan
from demo.scans.typeset import typeset
from documents.ocr import Limits, Reason, read_file, sniff
from documents.ocr.flattened import Flattened
from documents.ocr.model import Crops, PageReading, Word
from documents.ocr.sheet import A4, Sheet, drawn_flat, find_sheet, has_dark_rim, in_picture
from documents.ocr.source import open_source
from documents.ocr.words import fold
from documents.rendition.copying import make_copy
from documents.rendition.photos import bind, photo

if TYPE_CHECKING:
    from pathlib import Path

KEY = "08"
LEAST_FOUND = 0.98


@cache
def page() -> Image.Image:
    paper = sample(KEY)
    [sheet, *_] = typeset(paper, random.Random(KEY))  # noqa: S311
    return scan(sheet, Stamps(seal=paper.seal), PROFILES["good300"], random.Random(KEY))  # noqa: S311


@cache
def taken(*, slant: float, shadow: float, seed: int = 1) -> tuple[Image.Image, list[tuple[float, float]]]:
    rng = random.Random(seed)  # noqa: S311
    corners = held_by_hand(rng, slant=slant)
    return photograph(page(), corners, rng, shadow=shadow), corners


def half(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.reduce(2))


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", fold(text)))


def found(text: str) -> float:
    """The share of the body's words that a text holds, tones aside."""
    expected = words_of(" ".join(block.text for block in sample(KEY).body[:3]))
    return sum((words_of(text) & expected).values()) / sum(expected.values())


class TestFindSheet:
    @pytest.mark.parametrize(("slant", "shadow", "seed"), [(0, 1.2, 1), (1, 0, 1), (1, 0.6, 1), (1.4, 1.2, 2)])
    def test_knows_the_corners_whatever_the_light(self, slant: float, shadow: float, seed: int) -> None:
        picture, corners = taken(slant=slant, shadow=shadow, seed=seed)

        sheet = find_sheet(half(picture))

        assert sheet is not None
        assert np.abs(np.array(sheet.corners) - np.array(corners) / np.array(SIZE)).max() < 0.012
        assert (sheet.width, sheet.height) == A4

    def test_knows_a_sheet_that_lies_across(self) -> None:
        sheet = find_sheet(half(taken(slant=1, shadow=0.6)[0].transpose(Image.Transpose.ROTATE_90)))

        assert sheet is not None
        assert (sheet.width, sheet.height) == A4[::-1]

    def test_a_grey_photo_is_as_good(self) -> None:
        assert find_sheet(half(taken(slant=1, shadow=0.6)[0].convert("L"))) is not None

    @pytest.mark.parametrize("profile", list(PROFILES))
    def test_a_scan_is_no_photo_by_its_rim_alone(self, tmp_path: Path, profile: str) -> None:
        (path := tmp_path / "a.pdf").write_bytes(make_scan(sample("07"), profile=profile))
        source = open_source(path, "pdf", Limits(), tmp_path)

        assert not has_dark_rim(source.draw(1, 150))
        assert (Flattened(source, Limits()).draw(1, 150) == source.draw(1, 150)).all()

    @pytest.mark.parametrize(
        "draw",
        [
            lambda y, x: y * 0 + 30,
            lambda y, x: np.where((x - 120) ** 2 + (y - 160) ** 2 < 90**2, 240, 30),
            lambda y, x: np.where((x > 20) & (x < 220) & (y > 140) & (y < 180), 240, 30),
            lambda y, x: np.where(x < 120, 240, 30),
            lambda y, x: (x * 7 + y * 13) % 256,
        ],
        ids=["dark", "round", "strip", "half", "noise"],
    )
    def test_other_dark_pictures_have_no_sheet(self, draw: np.ufunc) -> None:
        y, x = np.indices((320, 240))

        assert find_sheet(draw(y, x).astype(np.uint8)) is None


class TestFlattened:
    def test_draws_each_photo_of_a_bound_paper_as_a_sheet(self, tmp_path: Path) -> None:
        data = bind([photo(as_file(taken(slant=1, shadow=shade)[0])) for shade in (0, 0.6)])
        (path := tmp_path / "a.pdf").write_bytes(data)
        source = Flattened(open_source(path, "pdf", Limits(), tmp_path), Limits())

        for number in (1, 2):
            dpi = source.dpi(number)
            drawn = source.draw(number, dpi)

            assert drawn.shape[:2] == (round(A4[1] * dpi), round(A4[0] * dpi))
            assert drawn[:40].mean() > 150  # no desk any more
            assert 120 < dpi <= 200

    def test_leaves_a_page_with_text_of_its_own_alone(self, tmp_path: Path) -> None:
        data = bind([photo(as_file(taken(slant=1, shadow=0)[0]))])
        with pikepdf.open(io.BytesIO(data)) as pdf:
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            pdf.pages[0].Resources.Font = pikepdf.Dictionary(F1=pdf.make_indirect(font))
            pdf.pages[0].contents_add(b"BT /F1 12 Tf 60 600 Td (Some words) Tj ET")
            pdf.save(path := tmp_path / "a.pdf")
        source = open_source(path, "pdf", Limits(), tmp_path)

        assert (Flattened(source, Limits()).draw(1, 100) == source.draw(1, 100)).all()

    def test_a_part_of_the_sheet_is_that_part_of_it(self) -> None:
        y, x = np.indices((800, 600))
        photographed = (128 + 100 * np.sin(x / 40) * np.cos(y / 50)).astype(np.uint8)
        sheet = Sheet(((0.2, 0.1), (0.8, 0.2), (0.9, 0.9), (0.1, 0.8)), *A4)

        whole = drawn_flat(photographed, sheet, 50, (0, 0, 1, 1))
        part = drawn_flat(photographed, sheet, 50, (0.5, 0.25, 0.5, 0.5))

        height, width = whole.shape
        expected = whole[height // 4 : height // 4 + part.shape[0], width - part.shape[1] :]
        assert np.abs(expected.astype(int) - part).max() < 12


class TestInPicture:
    def test_brings_places_back_to_the_photo_that_people_see(self) -> None:
        sheet = Sheet(((0.2, 0.1), (0.8, 0.2), (0.9, 0.9), (0.1, 0.8)), *A4)
        word = Word("cả", 0, 0, 1, 1, 0.9)
        crops = Crops(header=(word,), signer_words=(word,), written=((0, 0, 1, 1),))

        reading, crops = in_picture(PageReading(1, "ocr", "cả", (word,)), crops, sheet)

        [*places] = [(one.x, one.y, one.w, one.h) for one in (*reading.words, *crops.header, *crops.signer_words)]
        assert [*places, crops.written[0]] == [pytest.approx((0.1, 0.1, 0.8, 0.8))] * 4


class TestReadFile:
    def test_finds_the_words_of_a_photo_and_where_they_stand(self, tmp_path: Path) -> None:
        picture, corners = taken(slant=1.4, shadow=1.2, seed=2)
        (path := tmp_path / "ảnh").write_bytes(as_file(picture))

        [read] = read_file(path, scratch=tmp_path).pages

        assert found(read.text) >= LEAST_FOUND
        left, right = min(x for x, _ in corners) / SIZE[0], max(x for x, _ in corners) / SIZE[0]
        assert all(left - 0.01 <= word.x and word.x + word.w <= right + 0.01 for word in read.words)

    def test_reads_what_telephones_take_photos_in(self, tmp_path: Path) -> None:
        (path := tmp_path / "ảnh").write_bytes(as_heic(page().reduce(2)))

        [read] = read_file(path, scratch=tmp_path).pages

        assert sniff(path).kind == "heic"
        assert found(read.text) >= LEAST_FOUND

    def test_a_heic_that_breaks_off_is_broken(self, tmp_path: Path) -> None:
        path = tmp_path / "ảnh"
        path.write_bytes(as_heic(page().reduce(6))[:-2000])

        assert read_file(path, scratch=tmp_path).reason in (Reason.BROKEN, Reason.TRUNCATED)


class TestMakeCopy:
    def test_a_heic_has_a_copy_that_others_can_open(self, tmp_path: Path) -> None:
        (path := tmp_path / "ảnh").write_bytes(as_heic(page().reduce(6)))
        (room := tmp_path / "room").mkdir()

        copied = make_copy(path, pages=[], out=tmp_path / "copy.pdf", scratch=room)

        assert copied.outcome == "made"
        with pikepdf.open(tmp_path / "copy.pdf") as pdf:
            [image] = pdf.pages[0].get_images().values()
        assert image.Filter == pikepdf.Name.DCTDecode


def as_heic(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture.convert("RGB")).save(out, quality=70)
    return out.getvalue()
