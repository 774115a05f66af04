"""What each kind of match is worth, in one place for both engines (measured on judged sets: search design, 8)."""

FOLDED, EXACT, BIGRAM, PHRASE = 0.3, 0.3, 4.0, 30.0
TITLE_FOLDED, TITLE_EXACT, TITLE_BIGRAM = 2.0, 2.0, 2.0
# A paper's own number and symbol is worth more than all words of papers that name it.
OWN_SYMBOL, NAMED_SYMBOL = 10_000.0, 100.0
SLOP = 2
