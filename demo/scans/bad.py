"""Papers that no office can read, made on the fly: what people and attackers upload all the same."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pikepdf
from pikepdf import Dictionary, Name

from demo.scans import make_scan, sample

MIB = 1 << 20
ADLER_BASE = 65521
BOMB_SIDE = 65_536


def empty() -> bytes:
    """Return a file without a byte."""
    return b""


def truncated() -> bytes:
    """Return a scan whose upload broke off in the middle of its image."""
    whole = make_scan(sample("07"))
    return whole[: len(whole) * 2 // 5]


def encrypted() -> bytes:
    """Return a scan that only opens with a password."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_scan(sample("07")))) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="chu", user="khach", R=6))
    return target.getvalue()


def web_page() -> bytes:
    """Return the page of a sign-in form that a browser saved under a name ending in .pdf."""
    return "<!DOCTYPE html>\n<html lang=vi><title>Đăng nhập</title><p>Phiên làm việc đã hết hạn.</html>\n".encode()


def text_pages(count: int) -> bytes:
    """Return a PDF of `count` pages, each with one line of real text."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman")))
        resources = pdf.make_indirect(Dictionary(Font=Dictionary(F1=font)))
        for number in range(1, count + 1):
            line = f"BT /F1 14 Tf 72 760 Td (Bao cao cong doan co so, trang {number} tren {count}) Tj ET"
            page = Dictionary(
                Type=Name.Page,
                MediaBox=[0, 0, 595, 842],
                Resources=resources,
                Contents=pdf.make_stream(line.encode("ascii")),
            )
            pdf.pages.append(pikepdf.Page(page))
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def pixel_bomb_png(side: int = 60_000) -> bytes:
    """Return a PNG of `side` x `side` white pixels (3.6 thousand million) in half a megabyte."""
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    press = zlib.compressobj(9)
    rows = 64
    data = b"".join(press.compress(row * rows) for _ in range(side // rows))
    data += press.compress(row * (side % rows)) + press.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros_deflated(size: int) -> bytes:
    """
    Deflate `size` zero bytes (a multiple of 16 MiB) without touching them all.

    A block ended by a full flush depends on nothing before it, so one block repeated is a valid stream; the checksum
    of zeros is known: its low half stays 1, its high half counts the bytes.
    """
    block_size = 16 * MIB
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = press.compress(bytes(block_size)) + press.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return b"\x78\xda" + block * (size // block_size) + end + struct.pack(">HH", size % ADLER_BASE, 1)


def flate_bomb_pdf() -> bytes:
    """Return a PDF of 4 MiB whose one grey image inflates to 4 GiB."""
    with pikepdf.new() as pdf:
        image = pikepdf.Stream(pdf, zeros_deflated(BOMB_SIDE * BOMB_SIDE))
        image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.FlateDecode
        image.Width = image.Height = BOMB_SIDE
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
        page = Dictionary(
            Type=Name.Page,
            MediaBox=[0, 0, 595, 842],
            Resources=Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image))),
            Contents=pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q"),
        )
        pdf.pages.append(pikepdf.Page(page))
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, compress_streams=False)
    return target.getvalue()


BAD_PAPERS: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "rong.pdf": empty,
        "dut_doan.pdf": truncated,
        "mat_khau.pdf": encrypted,
        "trang_web.pdf": web_page,
        "muoi_nghin_trang.pdf": lambda: text_pages(10_000),
        "bom_diem_anh.png": pixel_bomb_png,
        "bom_4_gib.pdf": flate_bomb_pdf,
    }
)
