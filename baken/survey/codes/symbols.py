"""How a code is written: twelve symbols that cannot be confused, and one that catches typos.

The symbols are those of Crockford's base 32 (no I, L, O and U). The last one is a weighted sum over
the field of 32 elements in which every place has its own weight, so that any single wrong symbol
and any two exchanged symbols are noticed.
"""

import re

from baken.survey.errors import MistypedCode

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
BITS = 60

_VALUE = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Spaces and hyphens in every form in which a word processor or a telephone may write them.
_BETWEEN = re.compile(r"[\s\-_.\u00ad\u2010-\u2015\u2212\u200b]+")
_REDUCTION = 0b100101  # x^5 + x^2 + 1, which makes x a generator of the field


def write_code(number: int) -> str:
    """Return 60 bits as twelve symbols."""
    return "".join(SYMBOLS[number >> shift & 31] for shift in range(BITS - 5, -1, -5))


def print_code(code: str) -> str:
    """Return a code as it stands on a card: 4-4-4 and the check symbol."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}-{check_symbol(code)}"


def read_code(typed: str) -> str:
    """Return the twelve symbols of what somebody typed; raise `MistypedCode` on any typo."""
    symbols = _symbols(typed)
    if len(symbols) != LENGTH + 1 or any(symbol not in _VALUE for symbol in symbols):
        raise MistypedCode
    code, check = symbols[:LENGTH], symbols[LENGTH]
    if check_symbol(code) != check:
        raise MistypedCode
    return code


def count_missing(typed: str) -> int:
    """Return how many symbols something shorter than a code lacks: its length alone says so."""
    return max(0, LENGTH + 1 - len(_symbols(typed)))


def check_symbol(code: str) -> str:
    """Return the symbol that makes the weighted sum of all thirteen zero."""
    total = 0
    for symbol in code:
        # Horner: the first of twelve symbols ends with weight x^12, the last with x^1.
        total = _times_x(total ^ _VALUE[symbol])
    return SYMBOLS[total]


def _symbols(typed: str) -> str:
    return _BETWEEN.sub("", typed[:100]).upper().translate(_ALIKE)


def _times_x(value: int) -> int:
    shifted = value << 1
    return shifted ^ _REDUCTION if shifted & 32 else shifted
