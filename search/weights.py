"""
What each kind of match is worth, in one place for both engines, measured on judged sets (search design, 8).

`body` holds the title too: what stands there is worth that much more.
"""

FOLDED, BIGRAM, PHRASE = 0.3, 4.0, 60.0
# Neighbours count by how firmly they belong together: a word of two syllables tells papers apart, where two of a clerk's keywords
# meet is chance. The fifth root lets weak bonds count, as in names and dates.
BOND = 0.2
# Up to FEW words each counts; in a question of MANY most are there by chance, and neighbours must outweigh them: measured on
# questions over real laws (search design, 8).
FEW, MANY = 12, 18
EXACT, EXACT_IN_LONG = 4.0, 1.0
TITLE_FOLDED, TITLE_EXACT, TITLE_BIGRAM = 1.0, 1.0, 0.5
# What syllables are worth more in a query without any mark, where the exact ones say nothing.
UNMARKED, UNMARKED_IN_LONG, TITLE_UNMARKED = 4.0, 1.0, 1.0
# A paper's own day or month, and its own number with the year, beside papers that name them.
OWN_DAY, NAMED_DAY, OWN_NUMBER = 40.0, 15.0, 60.0
# The kind of paper that a query begins with.
OWN_KIND = 20.0
# A paper's own number and symbol is worth more than all words of papers that name it.
OWN_SYMBOL, NAMED_SYMBOL = 10_000.0, 100.0
SLOP = 2
