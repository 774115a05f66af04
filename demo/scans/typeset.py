"""Black on white: a paper laid out as Decree 30/2020 (Phụ lục I) asks, on pages of 300 dpi."""

import random
import re
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from demo.scans.fonts import MM, POINT, face
from demo.scans.sample import Block, Sample, Signature

A4 = (2480, 3508)
LEFT, RIGHT = round(30 * MM), A4[0] - round(18 * MM)
TOP, BOTTOM = round(21 * MM), A4[1] - round(22 * MM)
WIDTH = RIGHT - LEFT
LEFT_COLUMN, RIGHT_COLUMN = WIDTH * 0.45, WIDTH * 0.53
RIGHT_X = RIGHT - RIGHT_COLUMN
INK = 14
INDENT = round(11 * MM)
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
LONG_HEADING = 70
SMALLEST = 9.5


@dataclass(frozen=True, slots=True)
class Spot:
    """Where ink lands: centre in pixels of the undistorted page."""

    x: float
    y: float


@dataclass(slots=True)
class Sheet:
    """One page with the places of its red and blue ink."""

    image: Image.Image = field(default_factory=lambda: Image.new("L", A4, 255))
    seal: Spot | None = None
    signatures: list[Spot] = field(default_factory=list)
    marks: list[tuple[str, Spot]] = field(default_factory=list)
    arrival: Spot | None = None

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """A pen for the page."""
        return ImageDraw.Draw(self.image)


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its face."""

    text: str
    style: str
    points: float

    @property
    def width(self) -> float:
        """Pixels at 300 dpi."""
        return face(self.style, self.points).getlength(self.text)


def words_of(text: str, style: str, points: float) -> list[Word]:
    """Split a text into words of one face; a leading "Điều 1." or "I." becomes bold as in real papers."""
    words = [Word(part, style, points) for part in text.split()]
    if re.match(r"Điều \d+\.", text):
        words[:2] = [Word(word.text, "Bold", points) for word in words[:2]]
    return words


def wrap(words: list[Word], width: float, first_indent: float = 0) -> list[list[Word]]:
    """Break words into lines no wider than `width`; the first is shorter by its indent."""
    lines: list[list[Word]] = [[]]
    used, limit = 0.0, width - first_indent
    for word in words:
        space = face(word.style, word.points).getlength(" ") if lines[-1] else 0
        if lines[-1] and used + space + word.width > limit:
            lines.append([])
            used, limit, space = 0.0, width, 0
        lines[-1].append(word)
        used += space + word.width
    return lines


def balanced(words: list[Word], width: float) -> list[list[Word]]:
    """Wrap a heading so that its lines are of about one length."""
    lines = wrap(words, width)
    while len(lines) > 1 and width > LEFT_COLUMN / 2:
        width -= MM
        narrower = wrap(words, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


class Typesetter:
    """Fills sheets from top to bottom."""

    def __init__(self, paper: Sample, rng: random.Random) -> None:
        self.paper = paper
        self.sheets = [Sheet()]
        self.y = float(TOP)
        self.points = rng.choice([13.0, 13.5, 14.0])
        self.leading = rng.choice([1.18, 1.25, 1.32]) * self.points * POINT

    @property
    def sheet(self) -> Sheet:
        """The page being filled."""
        return self.sheets[-1]

    def line(self, words: list[Word], x: float, y: float, *, width: float = 0, align: str = "left") -> float:
        """Draw one line, aligned left, centre or justify within `width`; return its right end."""
        space = face(words[0].style, words[0].points).getlength(" ")
        total = sum(word.width for word in words) + space * (len(words) - 1)
        if align == "centre":
            x += (width - total) / 2
        if align == "justify" and len(words) > 1:
            space += (width - total) / (len(words) - 1)
        for word in words:
            self.sheet.draw.text((x, y), word.text, fill=INK, font=face(word.style, word.points))
            x += word.width + space
        return x - space

    def text(self, word: Word, x: float, y: float, width: float) -> None:
        """Draw one centred line of one face, made smaller until it fits its column."""
        points = word.points
        while points > SMALLEST and face(word.style, points).getlength(word.text) > width:
            points -= 0.5
        self.line(words_of(word.text, word.style, points), x, y, width=width, align="centre")

    def rule(self, x: float, y: float, width: float) -> None:
        """Draw a thin line."""
        self.sheet.draw.line([(x, y), (x + width, y)], fill=INK, width=3)

    def header(self) -> None:
        """Draw organs, motto, number, place and date."""
        y = self.y
        for text, is_bold in self.paper.header:
            self.text(Word(text, "Bold" if is_bold else "Regular", 12), LEFT - 4 * MM, y, LEFT_COLUMN + 4 * MM)
            y += 14 * POINT
        self.rule(LEFT + LEFT_COLUMN * 0.34, y + 3 * POINT, LEFT_COLUMN * 0.3)
        self.text(Word(MOTTO, "Bold", 12), RIGHT_X, self.y, RIGHT_COLUMN)
        self.text(Word("Độc lập - Tự do - Hạnh phúc", "Bold", 13), RIGHT_X, self.y + 14 * POINT, RIGHT_COLUMN)
        half = face("Bold", 13).getlength("Độc lập - Tự do - Hạnh phúc") / 2
        self.rule(RIGHT_X + RIGHT_COLUMN / 2 - half, self.y + 31 * POINT, 2 * half)
        y = max(y + 9 * POINT, self.y + 37 * POINT)
        self.text(Word(self.paper.number_line, "Regular", 13), LEFT, y, LEFT_COLUMN)
        self.text(Word(self.paper.place_date, "Italic", 13), RIGHT_X, y, RIGHT_COLUMN)
        self.y = y + 20 * POINT

    def centred(self, text: str, style: str, points: float, share: float, *, column: bool = False) -> None:
        """Draw wrapped centred lines over the whole width or the left column."""
        width = LEFT_COLUMN if column else WIDTH
        for words in balanced(words_of(text, style, points), width * share):
            self.line(words, LEFT, self.y, width=width, align="centre")
            self.y += points * 1.22 * POINT

    def opening(self) -> None:
        """Draw V/v or type and subject, with the marks in their boxes between."""
        if self.paper.title is None:
            self.y -= 1 * POINT
            self.centred(f"V/v {self.paper.subject}", "Regular", 12, 0.97, column=True)
        for mark in self.paper.marks:
            self.sheet.marks.append((mark, Spot(LEFT + LEFT_COLUMN / 2, self.y + 16 * POINT)))
            self.y += 32 * POINT
        self.sheet.arrival = Spot(LEFT + 16 * MM, self.y + 14 * MM)
        if self.paper.title is not None:
            self.y += 12 * POINT
            self.centred(self.paper.title, "Bold", 14, 1)
            self.centred(self.paper.subject, "Bold", 14, 0.74)
            self.rule(LEFT + WIDTH * 0.42, self.y + 5 * POINT, WIDTH * 0.16)
        self.y += 20 * POINT

    def turn(self) -> None:
        """Begin the next page with its number in the top margin."""
        self.sheets.append(Sheet())
        self.text(Word(str(len(self.sheets)), "Regular", 13), LEFT, TOP - 8 * MM, WIDTH)
        self.y = float(TOP)

    def paragraph(self, block: Block) -> None:
        """Draw a justified paragraph, italic for legal grounds, bold for headings in capitals."""
        is_heading = block.text.upper() == block.text and len(block.text) < LONG_HEADING
        style = "Bold" if is_heading else "Italic" if block.text.startswith("Căn cứ ") else "Regular"
        lines = wrap(words_of(block.text, style, self.points), WIDTH, 0 if block.is_centred else INDENT)
        for at, words in enumerate(lines):
            if self.y + self.leading > BOTTOM:
                self.turn()
            x = LEFT + (INDENT if at == 0 and not block.is_centred else 0)
            align = "centre" if block.is_centred else "justify" if at < len(lines) - 1 else "left"
            self.line(words, x, self.y, width=RIGHT - x, align=align)
            self.y += self.leading
        self.y += 5 * POINT

    def signed(self, signature: Signature, x: float, width: float, y: float) -> float:
        """Draw one signature block, leave its place for the pen and return its end."""
        for text in signature.lines:
            self.text(Word(text, "Bold", 13), x, y, width)
            y += 15.5 * POINT
        self.sheet.signatures.append(Spot(x + width * 0.52, y + 36 * POINT))
        self.text(Word(signature.name, "Bold", 14), x, y + 68 * POINT, width)
        return y + 88 * POINT

    def recipients(self, y: float) -> float:
        """Draw "Nơi nhận" and its list at the left."""
        self.line(words_of("Nơi nhận:", "BoldItalic", 12), LEFT, y)
        y += 15 * POINT
        for text in self.paper.recipients:
            for words in wrap(words_of(text, "Regular", 11), LEFT_COLUMN * 1.05):
                self.line(words, LEFT, y)
                y += 12.8 * POINT
        return y

    def closing(self) -> None:
        """Draw recipients and signatures in one piece, and the footnote."""
        signed = self.paper.signatures
        height = (15.5 * len(signed[-1].lines) + 88 + (46 if len(signed) > 1 else 0)) * POINT
        if self.y + 8 * POINT + height > BOTTOM:
            self.turn()
        y = self.y + 8 * POINT
        end = self.signed(signed[-1], RIGHT_X, RIGHT_COLUMN, y)
        stamp = self.sheet.signatures[-1]
        self.sheet.seal = Spot(stamp.x - 17 * MM, stamp.y + 1 * MM)
        if len(signed) > 1:
            self.signed(signed[0], LEFT, LEFT_COLUMN, y)
            y = end
        self.y = max(end, self.recipients(y))
        if self.paper.footnote:
            self.text(Word(self.paper.footnote, "Italic", 10), LEFT, BOTTOM + 5 * MM, WIDTH)


def typeset(paper: Sample, rng: random.Random) -> list[Sheet]:
    """Lay a paper out on as many sheets as it needs."""
    setter = Typesetter(paper, rng)
    setter.header()
    setter.opening()
    for block in paper.body:
        setter.paragraph(block)
    setter.closing()
    return setter.sheets
