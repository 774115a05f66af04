"""The scan generator: same seed, same bytes; real images; papers that say what the index says."""

import io
import zlib

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from demo.scans import PROFILES, make_marked_scan, make_scan, sample, samples
from demo.scans.bad import BAD_PAPERS, BOMB_SIDE, MIB, zeros_deflated


class TestSamples:
    def test_the_story_has_twelve_papers(self) -> None:
        assert [paper.key for paper in samples()] == [f"{number:02d}" for number in range(1, 13)]

    def test_the_body_says_all_that_the_index_says(self) -> None:
        for paper in samples():
            said = " ".join(block.text for block in paper.body)

            assert all(line in said for line in paper.truth["body_text"].splitlines()), paper.key

    def test_the_top_tier_prints_its_name_on_two_lines(self) -> None:
        assert sample("01").header == (("TỔNG LIÊN ĐOÀN LAO ĐỘNG", True), ("VIỆT NAM", True))

    def test_the_parent_organ_is_not_bold(self) -> None:
        assert sample("07").header == (("LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA", False), ("CÔNG ĐOÀN PHƯỜNG ĐÔNG THÀNH", True))

    def test_minutes_are_signed_by_secretary_and_chair(self) -> None:
        assert [signature.name for signature in sample("05").signatures] == ["Hoàng Ngọc Lan", "Đỗ Văn Khánh"]

    def test_an_official_letter_has_no_title_and_keeps_its_address(self) -> None:
        letter = sample("03")

        assert letter.title is None
        assert letter.body[0].text == "Kính gửi:"


class TestMakeScan:
    def test_the_same_seed_gives_the_same_bytes(self) -> None:
        assert make_scan(sample("07"), seed=3) == make_scan(sample("07"), seed=3)

    def test_another_seed_gives_other_bytes(self) -> None:
        assert make_scan(sample("07"), seed=3) != make_scan(sample("07"), seed=4)

    @pytest.mark.parametrize("profile", sorted(PROFILES))
    def test_a_scan_is_images_only_on_pages_of_a4(self, profile: str) -> None:
        document = pypdfium2.PdfDocument(make_scan(sample("11"), profile=profile))

        assert len(document) == 1
        assert document[0].get_textpage().get_text_range() == ""
        assert [round(side) for side in document[0].get_size()] == [595, 842]

    def test_red_ink_is_red(self) -> None:
        page = pypdfium2.PdfDocument(make_scan(sample("11"), profile="good300"))[0].render(scale=1).to_pil()
        red = [colour for _, colour in page.getcolors(1 << 20) if colour[0] > 150 and max(colour[1:]) < 120]

        assert len(red) > 50

    def test_a_marked_scan_differs_from_its_sample_by_the_mark(self) -> None:
        assert make_marked_scan("MẬT") != make_scan(sample("03"))


class TestBadPapers:
    def test_the_encrypted_one_does_not_open(self) -> None:
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(BAD_PAPERS["mat_khau.pdf"]()))

    def test_the_pixel_bomb_claims_billions_of_pixels(self) -> None:
        head = Image.MAX_IMAGE_PIXELS
        try:
            Image.MAX_IMAGE_PIXELS = None
            size = Image.open(io.BytesIO(BAD_PAPERS["bom_diem_anh.png"]())).size
        finally:
            Image.MAX_IMAGE_PIXELS = head

        assert size == (60_000, 60_000)

    def test_the_flate_bomb_is_small_and_valid(self) -> None:
        assert len(BAD_PAPERS["bom_4_gib.pdf"]()) < 5 * MIB
        assert BOMB_SIDE**2 == 4 << 30
        assert zlib.decompress(zeros_deflated(32 * MIB)) == bytes(32 * MIB)

    def test_the_long_one_has_ten_thousand_pages(self) -> None:
        with pikepdf.open(io.BytesIO(BAD_PAPERS["muoi_nghin_trang.pdf"]())) as pdf:
            assert len(pdf.pages) == 10_000
