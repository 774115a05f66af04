"""
A font without shapes for words that are read, not seen: the page's picture shows them already.

Built here from nothing, some six hundred bytes: one shape, half as wide as the type is high, stands for every letter. It is
a stroke there and back, without any area: readers that drop what covers no place (pdfium) keep words of a single letter.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Stream, String

from documents.rendition.layer import ADVANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fontTools.ttLib.tables._g_l_y_f import Glyph
    from pikepdf import Object, Pdf

NAME = "VanthuGlyphless"
EM = 1000
WIDTH = round(ADVANCE * EM)
ASCENT, DESCENT = 800, -200
LISTED_AT_ONCE = 100  # entries of one list in a map to Unicode (ISO 32000-1, 9.10.3)
_SHAPE = "letter"


@cache
def program() -> bytes:
    """The font file: always the same bytes."""
    empty = TTGlyphPen(None).glyph()
    builder = FontBuilder(EM, isTTF=True)
    builder.setupHead(unitsPerEm=EM, created=0, modified=0)
    builder.setupGlyphOrder([".notdef", _SHAPE])
    builder.setupCharacterMap({ord(" "): _SHAPE})
    builder.setupGlyf({".notdef": empty, _SHAPE: _stroke()})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0), _SHAPE: (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _stroke() -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((WIDTH, ASCENT))
    pen.closePath()
    return pen.glyph()


def embed(pdf: Pdf, codes: Mapping[str, int]) -> Object:
    """
    The font as an object of `pdf`.

    :param codes: for each letter the number that stands for it in the page's text, from 1 on
    """
    file = pdf.make_stream(program())
    file.Length1 = len(program())
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name(f"/{NAME}"), Flags=4, FontBBox=Array([0, DESCENT, WIDTH, ASCENT]),
        ItalicAngle=0, Ascent=ASCENT, Descent=DESCENT, CapHeight=ASCENT, StemV=80, FontFile2=file,
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name(f"/{NAME}"), DW=WIDTH,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Stream(pdf, b"\0\0" + b"\0\1" * max(codes.values(), default=0)),
        FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(f"/{NAME}"), Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pdf.make_stream(_to_unicode(codes)),
        )
    )  # fmt: skip


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    entries = [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in codes.items()]
    lists = (entries[at : at + LISTED_AT_ONCE] for at in range(0, len(entries), LISTED_AT_ONCE))
    mapped = "\n".join(f"{len(some)} beginbfchar\n" + "\n".join(some) + "\nendbfchar" for some in lists)
    return f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /{NAME}-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{mapped}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
""".encode("ascii")
