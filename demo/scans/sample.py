"""What a sample paper says: the twelve of `demo/samples`, read into the parts a typesetter needs."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "samples"
RULE = "_" * 10
SIGNATURES = re.compile(r"^(Nơi nhận:|THƯ KÝ\s)")
BODY_INDENT = 4


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the body; a centred one is a heading or an address."""

    text: str
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines in capitals above a name, and the name."""

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Sample:
    """
    A paper before it is drawn.

    `truth` holds the fields of `index.json` (issuer, number, symbol, date, ...) that reading the scan should give back.
    """

    key: str
    header: tuple[tuple[str, bool], ...]
    number_line: str
    place_date: str
    title: str | None
    subject: str
    body: tuple[Block, ...]
    recipients: tuple[str, ...]
    signatures: tuple[Signature, ...]
    seal: str
    marks: tuple[str, ...] = ()
    footnote: str = ""
    truth: Mapping[str, Any] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """A name such as people give to scans: `01_chi_thi_TLD.pdf`."""
        return f"{Path(str(self.truth.get('file', self.key))).stem}.pdf"


@cache
def samples() -> tuple[Sample, ...]:
    """Return the twelve papers in the order of their story."""
    index = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return tuple(_read(fields) for fields in index)


def sample(key: str) -> Sample:
    """Return the paper whose file name starts with `key`, such as "01"."""
    return next(paper for paper in samples() if paper.key == key)


def _read(fields: Mapping[str, Any]) -> Sample:
    text = unicodedata.normalize("NFC", (FOLDER / fields["file"]).read_text(encoding="utf-8"))
    lines = text.splitlines()
    return Sample(
        key=fields["file"][:2],
        header=tuple(_header(lines, parent=fields["parent"])),
        number_line=_number_line(lines),
        place_date=_place_date(lines),
        title=None if fields["type"] == "Công văn" else fields["type"].upper(),
        subject=fields["subject"],
        body=tuple(_body(lines, has_title=fields["type"] != "Công văn")),
        recipients=tuple(_with_stops(fields["recipients"])),
        signatures=tuple(_signatures(fields)),
        seal=fields["issuer"],
        marks=(fields["urgency"].upper(),) if fields["urgency"] else (),
        footnote=lines[-1],
        truth=fields,
    )


def _header(lines: list[str], *, parent: str) -> Iterator[tuple[str, bool]]:
    """Left column above its rule, each line with whether it is bold: the parent organ is not."""
    for line in lines:
        left = re.split(r"\s{3,}", line.strip())[0]
        if left == RULE:
            return
        yield left, left not in parent


def _number_line(lines: list[str]) -> str:
    line = next(line for line in lines if line.strip().startswith("Số:"))
    return re.split(r"\s{3,}", line.strip())[0]


def _place_date(lines: list[str]) -> str:
    line = next(line for line in lines if line.strip().startswith("Số:"))
    return re.split(r"\s{3,}", line.strip())[1]


def _body(lines: list[str], *, has_title: bool) -> Iterator[Block]:
    rules = [at for at, line in enumerate(lines) if line.strip() == RULE]
    address = next((at for at, line in enumerate(lines) if line.strip().startswith("Kính gửi")), 0)
    start = rules[-1] + 1 if has_title else address
    paragraph: list[str] = []
    for line in lines[start:]:
        if SIGNATURES.match(line):
            break
        indent = len(line) - len(line.lstrip())
        if paragraph and (indent or not line.strip()):
            yield Block(" ".join(paragraph))
            paragraph = []
        if indent > BODY_INDENT:
            yield Block(line.strip(), is_centred=True)
        elif line.strip():
            paragraph.append(line.strip())
    if paragraph:
        yield Block(" ".join(paragraph))


def _with_stops(recipients: list[str]) -> Iterator[str]:
    for at, text in enumerate(recipients):
        yield f"- {text}" + (";" if at < len(recipients) - 1 else ".")


def _signatures(fields: Mapping[str, Any]) -> Iterator[Signature]:
    """Minutes are signed by two, side by side; everything else by one."""
    if "secretary" in fields:
        yield Signature(("THƯ KÝ",), fields["secretary"])
    yield Signature((*fields["authority"], fields["signer_title"]), fields["signer"])
