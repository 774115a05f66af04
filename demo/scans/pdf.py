"""Image-only PDFs, as a scanner writes them."""

import io
import zlib

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

PRODUCER = "Vanthu demo scanner"


def image_pdf(pages: list[Image.Image], *, dpi: int, quality: int) -> bytes:
    """Return a PDF with one full-page image per page: JPEG, or deflated bits for one-bit images."""
    with pikepdf.new() as pdf:
        for page in pages:
            _add(pdf, page, dpi=dpi, quality=quality)
        pdf.docinfo["/Producer"] = PRODUCER
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _add(pdf: pikepdf.Pdf, page: Image.Image, *, dpi: int, quality: int) -> None:
    image = _image_stream(pdf, page, quality=quality)
    width, height = page.width * 72 / dpi, page.height * 72 / dpi
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode()
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=[0, 0, round(width, 2), round(height, 2)],
                Resources=Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image))),
                Contents=pdf.make_stream(content),
            )
        )
    )


def _image_stream(pdf: pikepdf.Pdf, page: Image.Image, *, quality: int) -> pikepdf.Stream:
    is_bits = page.mode == "1"
    if is_bits:
        stream = pikepdf.Stream(pdf, zlib.compress(page.tobytes(), 6))
        stream.Filter = Name.FlateDecode
    else:
        buffer = io.BytesIO()
        page.save(buffer, "JPEG", quality=quality)
        stream = pikepdf.Stream(pdf, buffer.getvalue())
        stream.Filter = Name.DCTDecode
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = page.width, page.height
    stream.ColorSpace = Name.DeviceGray if is_bits else Name.DeviceRGB
    stream.BitsPerComponent = 1 if is_bits else 8
    return stream
