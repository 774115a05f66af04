"""
Reading what people type: words, "phrases", -not, OR, conditions in Vietnamese and English, beginn*.

Garbage is text: nothing a person types is an error, and no engine's own parser ever sees it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.symbols import normal_symbol, split_number, symbols_in
from core.vietnamese import clean, fold
from search.analysis import WORD, exact_words, folded_words
from search.backends.base import FACETS, Filters
from search.query import Clause, Part, Phrase, Query

if TYPE_CHECKING:
    from search.backends.base import Facet, Named, Value
    from search.query import Kind, Words

LONGEST_QUERY = 1_000  # a question of a hundred words, typed without an input method
MOST_WORDS, MOST_EXCLUDED = 96, 12
SHORTEST_PREFIX = 3
MOST_SHOUTED = 8
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_ORS = {"OR", "HOẶC"}
_FIELDS = {
    "loai": "type_id", "type": "type_id", "don vi": "unit_id", "don-vi": "unit_id", "donvi": "unit_id", "unit": "unit_id",
    "nam": "year", "year": "year", "tu": "from", "from": "from", "den": "to", "to": "to", "ngay": "on", "date": "on",
    "so": "number", "number": "number", "co quan": "issuer", "co-quan": "issuer", "issuer": "issuer",
    "the": "tag", "nhan": "tag", "tag": "tag", "trang thai": "state", "trang-thai": "state", "state": "state",
}  # fmt: skip
_STATES = {
    "con hieu luc": "IN_FORCE", "hieu luc": "IN_FORCE", "in force": "IN_FORCE", "du thao": "DRAFT", "draft": "DRAFT",
    "chua xac nhan": "UNCONFIRMED", "unconfirmed": "UNCONFIRMED",
}  # fmt: skip
_BY_WORDS: dict[Facet, Named] = {"issuer": "issuer_words", "tag": "tag_words"}
_NAMES = "|".join(re.escape(name) for name in sorted(_FIELDS, key=len, reverse=True))
_TOKEN = re.compile(rf'(?:(?<!\S)(?P<minus>-))?(?:(?P<field>{_NAMES})\s?:(?=[^\s:])|"(?P<phrase>[^"]+)"|(?P<word>\S+))')
_VALUE = re.compile(r'"(?P<quoted>[^"]*)"?|(?P<bare>\S+)')
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR, _YEARS = re.compile(r"\d{4}"), re.compile(r"(\d{4})[-\u2013](\d{4})")


class Names(Protocol):
    """The catalogues that conditions may name."""

    def longest(self, facet: Facet, words: Words) -> tuple[int, frozenset[Value]]:
        """How many of the folded words, from the first on, name something, and what; 0 when they name nothing."""


class NoNames:
    """Where there is no catalogue: states alone are known."""

    def longest(self, facet: Facet, words: Words) -> tuple[int, frozenset[Value]]:
        known = _STATES if facet == "state" else {}
        for count in range(len(words), 0, -1):
            if found := known.get(" ".join(words[:count])):
                return count, frozenset([found])
        return 0, frozenset()


@dataclass(slots=True)
class _Draft:
    """A clause while it is read."""

    words: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)

    def clause(self) -> Clause:
        symbols, is_symbol = _symbols(" ".join(self.typed))
        return Clause(
            words=tuple(self.words[:MOST_WORDS]), exact=tuple(self.exact[:MOST_WORDS]), phrases=tuple(self.phrases[:MOST_WORDS]),
            prefixes=tuple(self.prefixes), symbols=symbols, is_symbol=is_symbol,
        )  # fmt: skip


class _Reader:
    """Goes through the text once, from token to token."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.folded, self.names = text, fold(text), names
        self.drafts, self.parts = [_Draft()], list[Part]()
        self.excluded: list[Phrase] = []
        self.filters = Filters()
        self.at = 0
        # In a sentence all in capitals, HOẶC is a word of it.
        self.is_shouted = text == text.upper() and text.count(" ") >= MOST_SHOUTED

    def read(self) -> Query:
        while token := _TOKEN.search(self.folded, self.at):
            self.at = token.end()
            if not (token["field"] and self._condition(token)):
                self._text(token)
        clauses = tuple(clause for clause in (draft.clause() for draft in self.drafts) if clause.is_answerable)
        return Query(clauses, tuple(self.excluded[:MOST_WORDS]), self.filters, self.text, tuple(self.parts))

    def _note(self, kind: Kind, token: re.Match[str], name: str = "") -> None:
        last = self.parts[-1] if self.parts else None
        if kind == "words" and last and last.kind == kind:
            self.parts[-1] = replace(last, end=self.at)
        else:
            self.parts.append(Part(kind, token.start(), self.at, name))

    # --- words ------------------------------------------------------------------------------------------------------------

    def _text(self, token: re.Match[str]) -> None:
        if token["field"]:  # it named nothing: text like any other
            self.at = token.end("field") + 1
        name = next(name for name in ("phrase", "word", "field") if token[name])
        content = self.text[token.start(name) : token.end(name)]
        phrase = _phrase(content)
        if name == "word" and content in _ORS and not (self.is_shouted and content != "OR"):
            self.drafts.append(_Draft())  # one without words answers nothing and is dropped
            self._note("or", token)
        elif token["minus"] and phrase.folded:
            self.excluded.append(phrase)
            self._note("not", token)
        else:
            self._wanted(name, content, phrase, token)

    def _wanted(self, name: str, content: str, phrase: Phrase, token: re.Match[str]) -> None:
        draft = self.drafts[-1]
        draft.typed.append(content)
        if name == "phrase" and len(phrase.folded) > 1:
            draft.phrases.append(phrase)
            self._note("phrase", token)
        elif content.endswith("*") and len(phrase.folded) == 1 and len(phrase.folded[0]) >= SHORTEST_PREFIX:
            draft.prefixes += phrase.folded
            self._note("prefix", token)
        else:
            draft.words += phrase.folded
            draft.exact += phrase.exact
            self._note("words", token)

    # --- conditions -------------------------------------------------------------------------------------------------------

    def _condition(self, token: re.Match[str]) -> bool:
        """Take a condition in; False when its value says nothing."""
        name, value = _FIELDS[token["field"]], _VALUE.match(self.folded, token.end())
        if value is None:
            return False
        present = Filters() if token["minus"] else self.filters
        kind = "on" if name == "year" and _YEARS.fullmatch(_asked(value)) else name
        if kind in FACETS:
            found, end = self._catalogued(kind, value, present, is_excluded=bool(token["minus"]))
        else:
            found, end = _valued(kind, _asked(value), present), value.end()
        if found is None:
            return bool(token["minus"]) and self._unwanted(token, value)
        self.filters = self._besides(found) if token["minus"] else found
        self.at = end
        self._note("condition", token, name)
        return True

    def _besides(self, found: Filters) -> Filters:
        without = (*self.filters.without, found)
        return replace(self.filters, without=without[:MOST_EXCLUDED])

    def _unwanted(self, token: re.Match[str], value: re.Match[str]) -> bool:
        """Keep out the words of a value that says nothing: as text they would be wanted."""
        phrase = _phrase(self.text[value.start() : value.end()])
        if phrase.folded:
            self.excluded.append(phrase)
        self.at = value.end()
        self._note("not", token)
        return True

    def _catalogued(
        self, facet: Facet, value: re.Match[str], present: Filters, *, is_excluded: bool
    ) -> tuple[Filters | None, int]:
        """A condition on something with a name, of as many words as its name has; any issuer can be named by words."""
        places = list(WORD.finditer(self.folded, value.start(), self._stop(value)))
        words = tuple(match.group() for match in places)
        count, values = self._lookup(facet, words)
        is_quoted = value["quoted"] is not None
        if count and not (is_quoted and count < len(words)):  # a longer name is another one
            end = value.end() if is_quoted else places[count - 1].end()
            return replace(present, of={**present.of, facet: present.of.get(facet, frozenset()) | values}), end
        named, end = tuple(folded_words(_asked(value))), value.end()
        if is_excluded and not is_quoted and places:  # one syllable of a name would shut out too much
            named, end = words, places[-1].end()
        if facet in _BY_WORDS and named:
            return replace(present, named=(*present.named, (_BY_WORDS[facet], named))), end
        return None, value.end()

    def _lookup(self, facet: Facet, words: Words) -> tuple[int, frozenset[Value]]:
        if facet == "year":
            span = days_of(words[0]) if words and _YEAR.fullmatch(words[0]) else None
            return (1, frozenset([span[0].year])) if span else (0, frozenset())
        found = self.names.longest(facet, words)
        return found if found[0] else NoNames().longest(facet, words)

    def _stop(self, value: re.Match[str]) -> int:
        """Where the words of an unquoted value end at the latest: at the next sign of the language."""
        if value["quoted"] is not None:
            return value.end()
        ahead = re.compile(rf'"|\s-(?=\S)|\s(?:{_NAMES})\s?:(?=\S)').search(self.folded, value.start())
        return ahead.start() if ahead else len(self.folded)


def parse(text: str, names: Names | None = None) -> Query:
    """
    Read what was typed.

    OR stands between whole alternatives: `báo cáo OR kế hoạch năm` finds either. Conditions and -not hold for all of them.
    """
    text = " ".join(clean(text)[:LONGEST_QUERY].translate(_QUOTES).split())
    return _Reader(text, names or NoNames()).read()


def _asked(value: re.Match[str]) -> str:
    return str(value["quoted"] if value["quoted"] is not None else value["bare"])


def _phrase(content: str) -> Phrase:
    return Phrase(tuple(folded_words(content)), tuple(exact_words(content)))


def _valued(name: str, asked: str, filters: Filters) -> Filters | None:
    return _numbered(asked, filters) if name == "number" else _within(name, asked, filters)


def _within(name: str, asked: str, filters: Filters) -> Filters | None:
    span = days_of(asked)
    if span is None:
        return None
    found = filters
    if name in {"from", "on"}:
        found = replace(found, first_day=max(span[0].toordinal(), found.first_day or 0))
    if name in {"to", "on"}:
        found = replace(found, last_day=min(span[1].toordinal(), found.last_day or date.max.toordinal()))
    return found


def days_of(text: str) -> tuple[date, date] | None:
    """First and last day of 15/3/2026, 2026-03-15, 3/2026, 2026 or 2024-2026; None for anything else."""
    try:
        if match := _DAY.fullmatch(text):
            day, month, year = map(int, match.groups())
        elif match := _ISO_DAY.fullmatch(text):
            year, month, day = map(int, match.groups())
        elif match := _MONTH.fullmatch(text):
            month, year = map(int, match.groups())
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        elif match := _YEARS.fullmatch(text):
            year, last = map(int, match.groups())
            return (date(year, 1, 1), date(last, 12, 31)) if year <= last else None
        elif _YEAR.fullmatch(text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        else:
            return None
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def _numbered(asked: str, filters: Filters) -> Filters | None:
    """By the paper's own number, 05, or number and symbol, 05/CT-TLĐ."""
    key = normal_symbol(asked)
    if key is None:
        try:
            number, suffix = split_number(asked)
        except ValueError:
            return None
        key = f"{number}{suffix}/"
    return replace(filters, symbols=(*filters.symbols, key))


def _symbols(text: str) -> tuple[tuple[str, ...], bool]:
    """
    The symbols in a clause, and whether it is one and nothing else.

    "02 ngay lam viec" has the shape of one, too: such a guess may find a paper by its number, but shuts none out.
    """
    found, whole = symbols_in(text), normal_symbol(text)
    guessed = [whole] if whole and whole not in found else []
    return (*found, *guessed), whole in found
