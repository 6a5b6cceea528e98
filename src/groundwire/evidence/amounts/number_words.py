"""English number words, fractions, ordinals, and their mixtures with digits.

A number is read in two steps: ``collect`` cuts the text from a starting point into number tokens, then small rules
(``below_thousand``, ``integer``, ``denominator``) read the longest number from their beginning. Everything works on
folded, lower-case text; offsets are those of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from groundwire.evidence.amounts.english_numerals import numeral
from groundwire.evidence.amounts.numbers import MAX_DIGITS, Form, Number

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES: dict[str, tuple[str, int]] = {
    **{word: ("one", value) for value, word in enumerate(_ONES)},
    **{word: ("teen", value) for value, word in enumerate(_TEENS, 10)},
    **{word: ("ten", 10 * value) for value, word in enumerate(_TENS, 2)},
    "nought": ("one", 0), "naught": ("one", 0), "fourty": ("ten", 40),
    "hundred": ("hundred", 100), "hundreds": ("hundred", 100),
    "dozen": ("dozen", 12), "dozens": ("dozen", 12), "doz": ("dozen", 12), "dozs": ("dozen", 12),
}  # fmt: skip
SCALES = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "quadrillion": 15, "mil": 6, "mln": 6, "bln": 9,
    "bn": 9, "mn": 6, "tn": 12, "trn": 12, "lakh": 5, "crore": 7,
}  # fmt: skip
VALUES |= {word: ("scale", 10**power) for word, power in SCALES.items()}
VALUES |= {
    word + "s": ("scale", 10 ** SCALES[word])
    for word in ["thousand", "million", "billion", "trillion", "lakh", "crore"]
}
ORDINALS: dict[str, tuple[str, int]] = {
    "first": ("one", 1), "second": ("one", 2), "third": ("one", 3), "fourth": ("one", 4), "fifth": ("one", 5),
    "sixth": ("one", 6), "seventh": ("one", 7), "eighth": ("one", 8), "ninth": ("one", 9), "nineth": ("one", 9),
    "tenth": ("teen", 10), "eleventh": ("teen", 11), "twelfth": ("teen", 12),
    **{word + "th": ("teen", value) for value, word in enumerate(_TEENS, 10) if value > 12},
    **{word[:-1] + "ieth": ("ten", 10 * value) for value, word in enumerate(_TENS, 2)},
    "hundredth": ("hundred", 100),
    **{word + "th": ("scale", 10**power) for word, power in SCALES.items() if power in (3, 6, 9, 12)},
}  # fmt: skip
DENOMINATORS = {**ORDINALS, "half": ("one", 2), "quarter": ("one", 4)}
DENOMINATORS |= {word + "s": value for word, value in DENOMINATORS.items()} | {"halves": ("one", 2)}
for _not_a_part in ("first", "second", "seconds", "half", "halfs"):
    del DENOMINATORS[_not_a_part]
_GLUE = {"and": "and", "a": "a", "an": "a", "half": "half", "quarter": "quarter", "point": "point", "of": "of",
         "out": "out", "over": "over", "minus": "minus", "negative": "minus"}  # fmt: skip
ABOUT_MANY = {"tens": (10, 99), "dozens": (24, 99), "hundreds": (100, 999), "thousands": (1000, 9999),
               "millions": (10**6, 10**9 - 1), "billions": (10**9, 10**12 - 1),
               "trillions": (10**12, 10**15 - 1)}  # fmt: skip
_WORD = re.compile(r"(\s*-\s*|\s+|)([a-z]+|\d[\d,.]*)")
TOKENS = 24


@dataclass(frozen=True, slots=True)
class Token:
    """One word or numeral that a number is made of."""

    kind: str
    """one, teen, ten, hundred, scale, dozen (numbers); digits; and, a, half, quarter, point, of, out, over, minus."""
    value: Fraction
    step: Fraction
    start: int
    end: int
    separator: str
    word: str


def collect(lowered: str, start: int, limit: int) -> list[Token]:
    """Number tokens from ``start`` on, up to the first word that can't belong to a number."""
    tokens: list[Token] = []
    position = start
    while len(tokens) < limit and (match := _WORD.match(lowered, position)):
        separator, word = match[1], match[2]
        if "\n" in separator or (tokens and not separator):
            break
        begin = match.start(2)
        if word[0].isdigit():
            read = numeral(lowered, begin)
            if read is None or not separator:
                break
            token = Token("digits", read[0], read[1], begin, read[2], separator, word)
        elif word in VALUES:
            kind, value = VALUES[word]
            token = Token(kind, Fraction(value), Fraction(1), begin, match.end(), separator, word)
        elif word in DENOMINATORS or word in ORDINALS:
            token = Token("ordinal", Fraction(0), Fraction(1), begin, match.end(), separator, word)
        elif word in _GLUE:
            token = Token(_GLUE[word], Fraction(0), Fraction(1), begin, match.end(), separator, word)
        else:
            break
        tokens.append(token)
        position = token.end
    return tokens


def parse_words(lowered: str, start: int, *, dictated: bool) -> Number | None:
    """The longest number in words that begins at ``start``, or None."""
    tokens = collect(lowered, start, limit=TOKENS)
    if many := _many(lowered, start):
        return many
    return longest(tokens, start, dictated=dictated) if tokens else None


def _many(lowered: str, start: int) -> Number | None:
    """Tens of thousands, hundreds of millions, dozens, billions: a range of a decade."""
    match = _MANY.match(lowered, start)
    if match is None:
        return None
    low, high = ABOUT_MANY[match["many"]]
    scale = Fraction(10) ** SCALES[match["scale"].removesuffix("s")] if match["scale"] else Fraction(1)
    return Number(
        start=start, end=match.end(), value=low * scale, upper=high * scale, form="words", scale=scale,
        step=low * scale, inexact="about",
    )  # fmt: skip


_MANY = re.compile(
    rf"(?P<many>{'|'.join(ABOUT_MANY)})(?:\s+of\s+(?P<scale>thousands?|millions?|billions?|trillions?))?(?=\s+of\s"
    rf"|\s+more\s)(?<!-)"
)


def longest(tokens: list[Token], start: int, *, dictated: bool) -> Number | None:
    """The longest number that the tokens begin with."""
    k = 0
    sign = 1
    if tokens[0].kind == "minus":
        k, sign = 1, -1
        if len(tokens) == 1:
            return None
    head = tokens[k]
    if head.kind in ("half", "quarter") or head.kind == "a" or (head.kind == "ordinal" and k == 0):
        number = _article(tokens, k) or _ordinal(tokens, k)
    else:
        number = _cardinal(tokens, k)
        ordinal = _ordinal(tokens, k)
        if ordinal is not None and (number is None or ordinal.end > number.end):
            number = ordinal
    if number is None:
        return None
    number = _share(tokens, k, number, dictated=dictated) or number
    return Number(
        start=start, end=number.end, value=sign * number.value, form=_form(tokens, k, number.end), scale=number.scale,
        step=number.step, fraction=number.fraction, ordinal=number.ordinal,
    )  # fmt: skip


def _share(tokens: list[Token], k: int, number: Number, *, dictated: bool) -> Number | None:
    """Two out of five hundred; dictated: one over twenty."""
    after = next((i for i in range(k, len(tokens)) if tokens[i].start >= number.end), len(tokens))
    if _at(tokens, after) == "out" and _at(tokens, after + 1) == "of":
        after += 2
    elif dictated and _at(tokens, after) == "over":
        after += 1
    else:
        return None
    whole = _integer(tokens, after)
    if whole is None or whole[0] == 0 or (whole[0] < number.value and tokens[after - 1].kind == "of"):
        return None
    value = number.value / whole[0]
    return _number(tokens[whole[3] - 1].end, value, value / 1000, fraction=True)


def _form(tokens: list[Token], k: int, end: int) -> Form:
    kinds = {token.kind == "digits" for token in tokens[k:] if token.end <= end}
    return "mixed" if len(kinds) == 2 else "digits" if kinds == {True} else "words"


def _number(end: int, value: Fraction, step: Fraction, scale: Fraction = Fraction(1), *, fraction: bool = False,
            ordinal: bool = False) -> Number:  # fmt: skip
    return Number(
        start=0, end=end, value=value, form="words", scale=scale, step=step, fraction=fraction, ordinal=ordinal
    )


def _at(tokens: list[Token], k: int) -> str:
    return tokens[k].kind if k < len(tokens) else ""


def _below_thousand(tokens: list[Token], k: int) -> tuple[Fraction, Fraction, int] | None:
    """A group below a thousand, or the numeral that stands for one: value, step, next token."""
    kind = _at(tokens, k)
    if not kind:
        return None
    value, step = tokens[k].value, tokens[k].step
    if kind == "hundred":  # "hundred thousand dollars"
        value, k = Fraction(1), k - 1
    elif kind == "ten":
        if _at(tokens, k + 1) == "one" and tokens[k + 1].value:
            value, k = value + tokens[k + 1].value, k + 1
    elif kind not in ("one", "teen", "digits"):
        return None
    k += 1
    if _at(tokens, k) == "hundred" and (0 < value < 100 or kind == "digits"):
        value, step, k = value * 100, step * 100, k + 1
        rest = k + 1 if _at(tokens, k) == "and" else k
        low = _at(tokens, rest)
        if low in ("one", "teen", "ten") and tokens[rest].value:
            tail = tokens[rest].value
            nxt = rest + 1
            if low == "ten" and _at(tokens, nxt) == "one" and tokens[nxt].value:
                tail, nxt = tail + tokens[nxt].value, nxt + 1
            if _at(tokens, nxt) not in ("hundred", "point") or rest == k:
                value, step, k = value + tail, Fraction(1), nxt
        elif low == "digits" and rest > k and 0 < tokens[rest].value < 100 and _at(tokens, rest + 1) != "hundred":
            value, step, k = value + tokens[rest].value, Fraction(1), rest + 1
    return value, step, k


def _integer(tokens: list[Token], k: int) -> tuple[Fraction, Fraction, Fraction, int] | None:
    """Groups with falling scales: value, step, last scale, next token."""
    total, step, scale, last = Fraction(0), Fraction(1), Fraction(1), None
    while True:
        joined = last is not None and _at(tokens, k) == "and"
        group = _below_thousand(tokens, k + 1 if joined else k)
        if group is None:
            break
        value, group_step, after = group
        multiplier = Fraction(1)
        while _at(tokens, after) == "scale":
            multiplier *= tokens[after].value
            after += 1
        if last is not None:
            head = tokens[k + 1 if joined else k]
            small = multiplier == 1 and value < 100
            if value * multiplier >= last or not value:
                break
            if head.kind == "digits" and multiplier == 1 and all(t.kind != "hundred" for t in tokens[k:after]):
                break  # "raised $5 million 3 years ago"
            if small and last > 1000 and not joined:
                break  # "five million two years ago"
        total, step, scale, k = total + value * multiplier, group_step * multiplier, multiplier, after
        last = multiplier
        if multiplier == 1:
            break
    if last is None:
        return None
    if _at(tokens, k) == "dozen" and total < 1000:
        return total * 12, Fraction(12), Fraction(12), k + 1
    return total, step, scale, k


def _denominator(tokens: list[Token], k: int) -> tuple[Fraction, int, bool] | None:
    """Thirds, twenty-fifths, hundredths, one hundred and fifth: value, next token, whether plural."""
    for end in range(k, min(k + 8, len(tokens))):
        word = tokens[end].word
        if word in DENOMINATORS:
            kind, value = DENOMINATORS[word]
            last = Token(kind, Fraction(value), Fraction(1), tokens[end].start, tokens[end].end, "", word)
            read = _integer([*tokens[k:end], last], 0) if kind != "scale" or end > k else None
            if kind == "scale" and end == k:
                return Fraction(value), end + 1, word.endswith("s")
            if read is not None and read[3] == end - k + 1:
                return read[0], end + 1, word.endswith("s")
            return None
        if tokens[end].kind not in ("one", "teen", "ten", "hundred", "scale", "and"):
            return None
    return None


def _ordinal(tokens: list[Token], k: int) -> Number | None:
    """First, twenty-first, a hundred trillionth, one hundred and twenty fifth."""
    if _at(tokens, k) == "a" and _at(tokens, k + 1) in ("hundred", "scale", "ordinal"):
        k += 1
    for end in range(k, min(k + 12, len(tokens))):
        word = tokens[end].word
        if word in ORDINALS:
            kind, value = ORDINALS[word]
            if kind == "scale" and end == k:
                return _number(tokens[end].end, Fraction(value), Fraction(1), ordinal=True)
            last = Token(kind, Fraction(value), Fraction(1), tokens[end].start, tokens[end].end, "", word)
            read = _integer([*tokens[k:end], last], 0)
            if read is not None and read[3] == end - k + 1:
                return _number(tokens[end].end, read[0], Fraction(1), ordinal=True)
            return None
    return None


def _article(tokens: list[Token], k: int) -> Number | None:
    """A hundred …, a dozen, half a million, a quarter million, a third, a hundredth, half."""
    nxt = k + 1 if _at(tokens, k) == "a" else k
    kind = _at(tokens, nxt)
    if nxt > k and kind in ("hundred", "scale", "dozen"):
        one = Token("one", Fraction(1), Fraction(1), tokens[k].start, tokens[k].end, "", "one")
        return _cardinal([one, *tokens[nxt:]], 0)
    if kind in ("half", "quarter"):
        value = Fraction(1, 2 if kind == "half" else 4)
        after = nxt + 1
        if kind == "half" and _at(tokens, after) == "a" and _at(tokens, after + 1) in ("scale", "hundred", "dozen"):
            after += 1
        if _at(tokens, after) in ("scale", "hundred", "dozen"):
            return _scaled(tokens, after, value)
        return _number(tokens[nxt].end, value, Fraction(1, 100), fraction=True)
    if nxt > k and (part := _denominator(tokens, nxt)) and not part[2]:
        return _parts_of_scale(tokens, part[1], Fraction(1) / part[0])
    return None


def _scaled(tokens: list[Token], k: int, value: Fraction) -> Number:
    scale = tokens[k].value
    return _number(tokens[k].end, value * scale, scale / 10, scale)


def _parts_of_scale(tokens: list[Token], k: int, value: Fraction) -> Number:
    """Two thirds [of a million]."""
    for words in (("of", "a", "scale"), ("a", "scale"), ("scale",)):
        if tuple(_at(tokens, k + i) for i in range(len(words))) == words:
            return _scaled(tokens, k + len(words) - 1, value)
    return _number(tokens[k - 1].end, value, Fraction(1, 1000), fraction=True)


def _cardinal(tokens: list[Token], k: int) -> Number | None:
    read = _integer(tokens, k)
    if read is None:
        return None
    value, step, scale, after = read
    for last in range(after, k, -1):  # one billion | and three quarters million
        if _at(tokens, last) == "and":
            before = _integer(tokens[:last], k)
            if (
                before
                and before[2] > 1
                and before[3] == last
                and (more := _and_part(tokens, last, before[0], before[2]))
            ):
                return more
            break
    # the longest numerator that leaves a denominator: twenty one | fifths, twenty | twenty fifths
    for split in range(after, k, -1):
        numerator = (value, step, scale, after) if split == after else _integer(tokens[:split], k)
        if numerator is None or numerator[3] != split:
            continue
        part = _denominator(tokens, split)
        if part is None or (not part[2] and numerator[0] != 1):
            continue
        if tokens[k].kind == "digits" and (not part[2] or tokens[split].word == "quarters"):
            continue  # 2 quarters are six months
        bound = tokens[split - 1].kind == "ten" and DENOMINATORS[tokens[part[1] - 1].word][0] == "one"
        if bound and split - 1 > k and (tokens[split].separator == "-" or tokens[split - 2].kind != "and"):
            continue  # one hundred | thirty-fifths
        if (mixed := _mixed(tokens, k, split, part)) is not None:
            return mixed
        return _parts_of_scale(tokens, part[1], numerator[0] / part[0])
    if _at(tokens, after) == "point":
        return _decimals(tokens, after, value) or _number(tokens[after - 1].end, value, step, scale)
    if (more := _and_part(tokens, after, value, scale)) is not None:
        return more
    return _number(tokens[after - 1].end, value, step, scale)


def _mixed(tokens: list[Token], k: int, split: int, part: tuple[Fraction, int, bool]) -> Number | None:
    """One hundred and three quarters: a whole number and a proper fraction."""
    joint = next((i for i in range(split - 1, k, -1) if tokens[i].kind == "and"), None)
    if joint is None:
        return None
    whole, above = _integer(tokens[:joint], k), _integer(tokens[:split], joint + 1)
    if whole is None or above is None or whole[3] != joint or above[3] != split or above[0] >= part[0]:
        return None
    return _number(tokens[part[1] - 1].end, whole[0] + above[0] / part[0], Fraction(1, 100))


def _decimals(tokens: list[Token], k: int, value: Fraction) -> Number | None:
    """ "point" and its digits, one by one or as a number: zero three, seventy-one; then perhaps a scale."""
    digits = ""
    after = k + 1
    while _at(tokens, after) in ("one", "teen", "ten", "digits") and tokens[after].value.denominator == 1:
        piece = tokens[after].value
        if _at(tokens, after) == "ten" and _at(tokens, after + 1) == "one" and tokens[after + 1].value:
            after += 1
            piece += tokens[after].value
        digits += str(piece)
        after += 1
    if not digits or len(digits) > MAX_DIGITS:
        return None
    value += Fraction(int(digits), 10 ** len(digits))
    step = Fraction(1, 10 ** len(digits))
    if _at(tokens, after) == "scale":
        scale = tokens[after].value
        return _number(tokens[after].end, value * scale, step * scale, scale)
    return _number(tokens[after - 1].end, value, step)


def _and_part(tokens: list[Token], k: int, value: Fraction, scale: Fraction) -> Number | None:
    """Five and a quarter, two and fifty-four hundredths, 3 million and a half, five and a half million."""
    if _at(tokens, k) != "and":
        return None
    nxt = k + 1
    kind = _at(tokens, nxt)
    part: Fraction | None = None
    article = kind == "a"
    if article or kind in ("half", "quarter"):
        here = nxt + 1 if article else nxt
        if _at(tokens, here) in ("half", "quarter"):
            part, after = Fraction(1, 2 if _at(tokens, here) == "half" else 4), here + 1
        elif article and (denominator := _denominator(tokens, here)) and not denominator[2]:
            part, after = 1 / denominator[0], denominator[1]
    elif read := _integer(tokens, nxt):
        denominator = _denominator(tokens, read[3])
        if denominator is not None and (denominator[2] or read[0] == 1):
            part, after = read[0] / denominator[0], denominator[1]
        elif read[0] == 1 and _at(tokens, read[3]) == "half":
            part, after = Fraction(1, 2), read[3] + 1
    if part is None:
        return None
    if _at(tokens, after) == "scale":
        last = tokens[after].value
        if scale == 1:  # five and a half million
            return _number(tokens[after].end, (value + part) * last, last / 10, last)
        return _number(tokens[after].end, value + part * last, last / 10, last)  # one billion and a half million
    if scale > 1 and value % scale == 0:  # 3 million and a half
        return _number(tokens[after - 1].end, value + part * scale, scale / 10, scale)
    return _number(tokens[after - 1].end, value + part, Fraction(1, 100))
