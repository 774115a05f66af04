"""Invented letters with everything that is known of them: who writes in which form, and what the register should say."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bench.fields import words
from demo.scans import Block, Sample, Signature

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_DAY = date(2025, 7, 1)
LETTER = ("Công văn", "")


@dataclass(frozen=True, slots=True)
class Organ:
    """Who writes: names as printed, the symbol, the place, and the forms its papers are signed in."""

    tier: int
    name: str
    parent: str
    symbol: str
    place: str


def organ(dice: random.Random) -> Organ:
    """One of the four tiers, the lower ones more often."""
    province = dice.choice(words.PROVINCES)
    level = dice.choice(["TỈNH", "TỈNH", "THÀNH PHỐ"])
    upper, ward = f"LIÊN ĐOÀN LAO ĐỘNG {level} {province.upper()}", dice.choice(words.WARDS)
    tier = dice.choices([1, 2, 5, 3, 4], [1, 3, 2, 3, 3])[0]
    if tier == 1:
        return Organ(1, words.TOP, "", "TLĐ", "Hà Nội")
    if tier == 2:
        return Organ(
            2, upper, words.TOP, "LĐLĐ", f"TP. {province}" if level != "TỈNH" and dice.random() < 0.5 else province
        )
    if tier == 5:
        at = dice.randrange(len(words.SECTORS))
        name = words.SECTORS[at].format(province.upper())
        return Organ(2, name, words.TOP if at < 2 else upper, words.SECTOR_SYMBOLS[at], province)
    is_ward = dice.random() < 0.6
    over = f"CÔNG ĐOÀN {'PHƯỜNG' if is_ward else 'XÃ'} {ward.upper()}"
    if tier == 3:
        return Organ(3, over, upper, "CĐP" if is_ward else "CĐX", ward)
    firm = dice.choice(words.FIRMS).format(dice.choice([province, ward]).upper())
    return Organ(4, f"CÔNG ĐOÀN CƠ SỞ {firm}", dice.choice([over, upper]), "CĐCS", ward)


def person(dice: random.Random) -> str:
    """A name of two to four words."""
    return " ".join(f"{dice.choice(words.SURNAMES)} {dice.choice(words.MIDDLES)} {dice.choice(words.GIVEN)}".split())


def people(dice: random.Random, count: int) -> list[str]:
    """So many different names."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[person(dice)] = None
    return list(found)


def signing(dice: random.Random, tier: int) -> tuple[tuple[str, ...], str]:
    """Authority lines and title (domain.md: TM., KT., TL., TUQ.)."""
    body = {1: "ĐOÀN CHỦ TỊCH", 4: "BAN CHẤP HÀNH"}.get(tier, "BAN THƯỜNG VỤ")
    forms: list[tuple[tuple[str, ...], str]] = [
        ((f"TM. {body}",), "CHỦ TỊCH"), ((f"TM. {body}",), "PHÓ CHỦ TỊCH"), ((f"TM. {body}", "KT. CHỦ TỊCH"), "PHÓ CHỦ TỊCH"),
        (("KT. CHỦ TỊCH",), "PHÓ CHỦ TỊCH"), ((), "CHỦ TỊCH"),
    ]  # fmt: skip
    if tier <= 2:
        forms += [
            ((f"TM. {body}",), "PHÓ CHỦ TỊCH THƯỜNG TRỰC"), ((f"TL. {body}",), "CHÁNH VĂN PHÒNG"),
            ((f"TL. {body}", "KT. CHÁNH VĂN PHÒNG"), "PHÓ CHÁNH VĂN PHÒNG"), ((f"TUQ. {body}",), "TRƯỞNG BAN TỔ CHỨC - KIỂM TRA"),
            (("TL. CHỦ TỊCH",), "CHÁNH VĂN PHÒNG"), ((f"TUQ. {body}",), "TRƯỞNG BAN CHÍNH SÁCH - PHÁP LUẬT"),
        ]  # fmt: skip
    return dice.choice(forms)


def subject(dice: random.Random, *, is_letter: bool, name: str) -> str:
    """One to four lines of what it is about."""
    parts = [f"{dice.choice(words.DOING)} {dice.choice(words.THINGS)}"]
    if dice.random() < 0.35:
        parts.append(f"{dice.choice(words.DOING)} {dice.choice(words.THINGS)}")
    text = " và ".join(parts) + dice.choice(words.WHEN)
    if is_letter:
        return text
    if name in ("Quyết định", "Tờ trình", "Công điện") or dice.random() < 0.3:
        return f"{dice.choice(['Về việc', 'Về'])} {text}"
    return text[0].upper() + text[1:]


def number_line(dice: random.Random, number: str, symbol: str) -> str:
    """As offices type it: a space before the stroke, an en dash, a space before the colon."""
    usual = f"Số: {number}/{symbol}"
    odd = [f"Số: {number} /{symbol}", f"Số : {number}/{symbol}", f"Số: {number}/{symbol.replace('-', '–')}"]
    return usual if dice.random() < 0.7 else dice.choice(odd)


def letter(key: str, seed: int, names: Sequence[str]) -> Sample:
    """One letter; the same arguments give the same one."""
    dice = random.Random(f"letter-{seed}-{key}")  # noqa: S311 - invention, not secrets
    by = organ(dice)
    name, code = LETTER if dice.random() < 0.35 else dice.choice(words.TYPES)
    number = dice.choice(
        [
            f"{dice.randint(1, 9):02d}",
            str(dice.randint(10, 999)),
            str(dice.randint(1000, 2400)),
            f"{dice.randint(1, 30)}b",
        ]
    )
    office = (
        f"{by.symbol}-{dice.choice(words.DEPARTMENTS)}"
        if by.tier <= 2
        else f"{by.symbol}-{dice.choice(['VP', 'UBKT'])}"
    )
    symbol = f"{code}-{by.symbol}" if code else office
    day = FIRST_DAY + timedelta(days=dice.randrange(500))
    authority, title = signing(dice, by.tier)
    signer, about = dice.choice(names), subject(dice, is_letter=not code, name=name)
    degree = f"{dice.choice(words.DEGREES)} " if dice.random() < 0.12 else ""
    urgency = dice.choice(["KHẨN", "HỎA TỐC", "THƯỢNG KHẨN"]) if dice.random() < 0.35 else ""
    truth: dict[str, Any] = {
        "number": number, "symbol": symbol, "issuer": by.name, "date": day.isoformat(), "type": name, "subject": about,
        "authority": list(authority), "signer_title": title, "signer": signer, "urgency": urgency.capitalize(),
    }  # fmt: skip
    return Sample(
        key=key,
        header=((by.parent, False), (by.name, True)) if by.parent else ((by.name, True),),
        number_line=number_line(dice, number, symbol),
        place_date=f"{by.place}, {_day_words(dice, day)}",
        title=name.upper() if code else None,
        subject=about,
        body=tuple(_body(dice, is_letter=not code, name=name, by=by)),
        recipients=("- Như trên;", f"- {by.parent.capitalize() or 'Đoàn Chủ tịch'} (để b/c);", "- Lưu: VT."),
        signatures=(Signature((*authority, title), degree + signer),),
        seal=by.name,
        marks=(urgency,) if urgency else (),
        truth=truth,
    )


def _day_words(dice: random.Random, day: date) -> str:
    """A nought stands before the day, and before the first two months (Decree 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else dice.choice([f"{day.month:02d}", str(day.month)])
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _body(dice: random.Random, *, is_letter: bool, name: str, by: Organ) -> list[Block]:
    blocks = (
        [Block("Kính gửi: Các công đoàn cơ sở trực thuộc", is_centred=True)] if is_letter or name == "Tờ trình" else []
    )
    blocks += [Block(sentence) for sentence in dice.sample(words.SENTENCES, dice.randint(3, 8))]
    if name == "Quyết định":
        blocks.insert(2, Block("QUYẾT ĐỊNH:", is_centred=True))
        blocks.append(Block("Điều 1. Ban hành kèm theo Quyết định này các nội dung nêu trên."))
    return blocks
