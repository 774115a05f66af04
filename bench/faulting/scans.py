"""A scan that is quickly read: the head of a paper on a small sheet."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw

from demo.scans.fonts import face
from demo.scans.pdf import image_pdf

DPI, SIZE = 200, (1100, 560)
LINES = (
    ("LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA", 40, 30),
    ("Số: 142/KH-LĐLĐ", 40, 110),
    ("An Hòa, ngày 15 tháng 10 năm 2026", 560, 110),
    ("KẾ HOẠCH", 440, 220),
    ("Tổ chức thực hiện công tác chăm lo đời sống đoàn viên", 130, 300),
    ("Thực hiện Chỉ thị của Tổng Liên đoàn, Ban Thường vụ", 40, 400),
    ("xây dựng kế hoạch với những nội dung sau đây.", 40, 470),
)


@cache
def sheet() -> bytes:
    """One page, an image alone, so that it has to be recognised."""
    page = Image.new("RGB", SIZE, (251, 251, 249))
    pen = ImageDraw.Draw(page)
    for words, x, y in LINES:
        pen.text((x, y), words, fill=(20, 20, 20), font=face("Regular", 9))
    return image_pdf([page], dpi=DPI, quality=70)


def scan(mark: str) -> bytes:
    """The same sheet as another file: what stands behind a PDF's end belongs to its bytes and to nobody's eyes."""
    return sheet() + f"\n% {mark}\n".encode()
