"""Numbers in a sentence that can be results: value, unit, sign, and whether they are a difference.

Takes the text of one sentence and gives `Number`s in order of their start. Which method, data set and
metric a number belongs to is decided in `kg.extract.measurements`. Numbers that are parts of names
(`ResNet-50`, `Llama 3.1`), years, citations, list marks, ordinals, sizes (`224x224`), thresholds,
versions and references to sections are left out here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, islice, zip_longest
from operator import attrgetter

from kg.extract.differences import Change, carries_on, change_after, change_before
from kg.model import ResultKind

__all__ = ["Number", "find_numbers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as a sentence states it.

    `start` and `end` are half-open character offsets of sign, digits and unit. The `value` of a
    reduction is negative, of an improvement positive, whatever is better. `cue` says that words or a
    sign around the number, not a default, made its `kind`. Numbers of one enumeration
    (`82.8%, 84.2%, and 84.6%`) share `series`, counted from 0 in the sentence.
    """

    start: int
    end: int
    value: float
    unit: str | None
    kind: ResultKind = ResultKind.ABSOLUTE
    cue: bool = False
    series: int = 0


# Words and signs that may stand apart from their number, and the unit they mean.
_UNIT_WORDS = {
    "%": "%",
    "percent": "%",
    "per cent": "%",
    "percentage points": "percentage points",
    "percentage point": "percentage points",
    "percent points": "percentage points",
    "% points": "percentage points",
    "% point": "percentage points",
    "pp": "percentage points",
    "points": "points",
    "point": "points",
    "pts": "points",
    "x": "x",
    "X": "x",
    "×": "x",
    "times": "x",
    "fold": "x",
    "orders of magnitude": "orders of magnitude",
    "milliseconds": "ms",
    "microseconds": "us",
    "µs": "us",
    "μs": "us",
    "seconds": "s",
    "sec": "s",
    "minutes": "minutes",
    "hours": "hours",
    "million": "M",
    "billion": "B",
    "frames per second": "FPS",
    "fps": "FPS",
    "images per second": "images per second",
    "degrees": "°",
    "°": "°",
    "μm": "um",
    "µm": "um",
}
_UNIT_SYMBOLS = (
    "ms us ns s h Hz kHz MHz GHz FPS KB MB GB TB nm um mm cm m km kg g mg mW kW W fJ pJ nJ mJ kJ J kWh mN kN "
    "N kPa MPa Pa dB mV V mA eV keV MeV deg deg/m m/s cm/s mm/s mm/min cm/min bits/token bpp bits"
)
_UNITS = {symbol: symbol for symbol in _UNIT_SYMBOLS.split()} | _UNIT_WORDS
_UNIT = re.compile(
    r"\s?-?(?P<unit>"
    + "|".join(re.escape(unit) for unit in sorted(_UNITS, key=lambda unit: (-len(unit), unit)))
    + r")(?![\w^]|/[^\W\d]|-[^\W\d])"
    r"|(?P<magnitude>[KkMBGT])(?!\w)"
)
# Conditions of an experiment: shares of labels, confidence levels, operating points.
_CONDITION_AFTER = re.compile(
    r"\s(?:(?:labell?ed|unlabell?ed|annotated|training|label|labels|data|samples|validation|testing)"
    r"(?!\s(?:accuracy|error|loss|time|cost|speed|efficiency|iterations|steps))"
    r"|sparsity|significance|confidence|noise|density|dropout|missing|CI)\b"
)
_OPERATING_POINT = re.compile(
    r"\s(?:TPR|FPR|FNR|TNR|recall|precision|sparsity|specificity|sensitivity|completion)\b"
)
_MOST_DIGITS = 20
_MOST_NUMBERS = 60
_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+")
_UNCERTAINTY = re.compile(r"\s?%?\s?(?:±|\+/-|\+-|plus or minus)\s?[\d.]+")
_FRACTION = re.compile(r"/[2-9](?![\w./%])")

_SMALL_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORD_NUMBERS = {word: float(value) for value, word in enumerate(_SMALL_NUMBERS, start=2)}
_IN_WORDS = re.compile(
    r"\b(?:(?P<orders>two|three|four|five|six)\s+orders\s+of\s+magnitude"
    r"|(?P<order>an?\s+order[ -]of[ -]magnitude)"
    r"|(?P<times>two|three|four|five|six|seven|eight|nine|ten)(?:\s+times(?=\s)|-?fold(?=\s))"
    r"|(?P<twice>twice)(?=\s+(?:as|the|faster|higher|larger|better)\b))",
    re.I,
)

# Stretches whose digits measure nothing, or nothing of this paper.
_NOT_MEASURED = re.compile(
    r"https?://\S+|www\.\S+"
    r"|\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20}\]"
    r"|\barXiv:\s?\S+"
    # list marks: (1) … 2) …
    r"|\(\s?\d{1,2}\s?\)|(?<![\w.%/-])\d{1,2}\)(?=\s)"
    r"|\b(?:Sections?|Sec\.|Figures?|Figs?\.|Tables?|Eqs?\.|Equations?|Appendix|Chapters?|Theorems?|Lemmas?"
    r"|[Tt]asks?|[Ss]ub-?tasks?|[Tt]racks?|[Pp]hases?|[Ss]tages?|[Ll]evels?|[Vv]ersions?|[Tt]op|[Rr]ank|No\."
    r"|[Pp]art|RTX|GTX)[ -]?#?\d+(?:\.\d+){0,3}(?:\s?(?:,|and|&)\s?\d+(?![\d.%]))?(?!%)"
    # years, and spans of years
    r"|(?<![\w.,/-])(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?(?![\w%]|[.,]\d|\s?(?:%|ms|[x×]\s))"
    r"|\b\d+(?:st|nd|rd|th)\b"
    r"|\b[pP]\s?(?:-?values?)?\s?[<>=≤≥]\s?\.?\d[\d.]*"
    # sizes (224x224x3), ratios (3:1) and versions (1.2.3)
    r"|(?<!\d)\d+(?:\.\d+)?\s?[x×*]\s?\d+(?:\.\d+)?(?:\s?[x×*]\s?\d+(?:\.\d+)?)?"
    r"|\b\d+\s?:\s?\d+\b|\b\d+(?:\.\d+){2,9}\b"
    # thresholds (`PCK 0.25 of 0.726`, `mAP at 0.5 IoU`) and full marks (`4.57/5.0`)
    r"|(?<!%)(?<=\s)0?\.\d+(?=\sof\s0?\.\d)|\bat\s0?\.\d+(?=\s(?:IoU|of\b))|(?<=\d)/(?:5|10|100)(?:\.0)?\b"
)
# Measures that stand directly before their value; other capitals there begin the name of a version.
_METRIC_WORD = re.compile(
    r"(?:[mwA-Z]?AP[\dsmlSML]*|AU(?:RO|PR|_?RO)?C|ROC|[FR][-_]?\d?|[sc]?BLEU|K?FID|[mf]?IoU|PSNR|M?S?-?SSIM|[WC]ER"
    r"|R?M[AS]E|MAPE|EER|M[AR]R|N?n?DCG|[PSR]Q|[HM]OTA|IDF1|A?EPE|LPIPS|CIDEr|METEOR|ROUGE(?:-\w)?|chrF|COMET|FVD"
    r"|IS|NMI|ARI|PCK|DSC|HD|E?CE|PPL|[TF][PN]R|ACC|UAS|LAS|SPICE|CLIP|NDS|[MF]PS|[CPIM]CC|MOS|STOI|PESQ|SDR"
    r"|SI-SDR|QWK|EM|Accuracy|Precision|Recall|Sensitivity|Specificity|Dice|Jaccard|Kappa|Pearson|Spearman|Kendall"
    r"|Likert|Bleu|Rouge|Score)s?"
)
_WORD_BEFORE = re.compile(r"(\w*[A-Z][\w-]*)\s$")
_MULTIPLIER = re.compile(r"(?<![^\s(~≈])[x×]$")
_SIGN = re.compile(r"(?<![^\s(\[,:=~≈])([+\-−–])$")
_JOINED_AFTER = re.compile(r"[^\W\d]|[_^]|-[^\W\d]|/[^\W\d]")
_JOINTS = "-–—−./+*"
_WIDEST_GAP = 40
_GAP = re.compile(
    r"\s*(?:,\s?and|,\s?or|,\s?but|%|,|;|/|&|and|or|to|vs\.?|versus|[-–—]{1,2}|->|→|~|∼)\s*"
    r"(?:(?:even|about|around|approximately|nearly|over|up to|by|more than|at least|another)\s)?[~≈<>]?\s*"
)


def find_numbers(sentence: str, names: Sequence[tuple[int, int]] = ()) -> tuple[Number, ...]:
    """The numbers of a sentence that can be results, in order of start.

    `names` are character ranges of the sentence whose digits belong to a name. A sentence with more
    numbers than anyone states in one is a table or a list, and gives none.

    >>> [(n.value, n.unit, n.kind.value) for n in find_numbers("It is 3.2 times smaller and gains 1.2%.")]
    [(-3.2, 'x', 'delta'), (1.2, '%', 'delta')]
    >>> find_numbers("A 3D ResNet-50 of [36], trained in 2019.")
    ()
    """
    in_digits = list(islice(_in_digits(sentence, names), _MOST_NUMBERS + 1))
    if len(in_digits) > _MOST_NUMBERS:
        return ()
    found = sorted((*in_digits, *_in_words(sentence)), key=attrgetter("start"))
    return tuple(_with_differences(sentence, _in_series(sentence, found)))


def _in_words(sentence: str) -> Iterator[Number]:
    for match in _IN_WORDS.finditer(sentence):
        if match["order"]:
            value = 10.0
        elif match["orders"]:
            value = 10.0 ** _WORD_NUMBERS[match["orders"].lower()]
        else:
            value = _WORD_NUMBERS[(match["times"] or "two").lower()]
        yield Number(start=match.start(), end=match.end(), value=value, unit="x")


class _Ranges:
    """Character ranges that may overlap; `in` asks whether one covers a position."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        ranges.sort()
        self._starts = [start for start, _ in ranges]
        self._ends = list(accumulate((end for _, end in ranges), max))

    def __contains__(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]


def _in_digits(sentence: str, names: Sequence[tuple[int, int]]) -> Iterator[Number]:
    blocked = _Ranges([*(match.span() for match in _NOT_MEASURED.finditer(sentence)), *names])
    position, previous_end = 0, -1
    while match := _DIGITS.search(sentence, position):
        start, end = match.span()
        position = end
        too_long = end - start > _MOST_DIGITS
        if too_long or start in blocked or _is_joined(sentence, start, previous_end):
            continue
        value, unit = float(match[0].replace(",", "")), None
        if fraction := _FRACTION.match(sentence, end):
            value /= float(fraction[0][1:])
            end = fraction.end()
        if multiplier := _MULTIPLIER.search(sentence, max(0, start - 2), start):
            start, unit = multiplier.start(), "x"
            if len(match[0]) < 2:  # a variable, or a setting (`x4 upscaling`)
                continue
        if uncertainty := _UNCERTAINTY.match(sentence, end):
            end = uncertainty.end()
        if unit is None and (unit_match := _UNIT.match(sentence, end)):
            unit = _UNITS.get(unit_match["unit"]) or unit_match["magnitude"].upper()
            end = unit_match.end()
        elif _JOINED_AFTER.match(sentence, end) or (unit is None and _follows_name(sentence, start)):
            continue
        position = end
        number = Number(start=start, end=end, value=value, unit=unit)
        # What stands between two numbers joins them, and is no sign: `8.0% -38.7%`.
        joined = not sentence[max(0, previous_end) : start].strip(_JOINTS + " ")
        yield number if previous_end >= 0 and joined else _with_sign(sentence, number)
        previous_end = end


def _is_joined(sentence: str, start: int, previous_end: int) -> bool:
    """Whether what touches a number on its left makes it part of a name, a version or a formula."""
    before = sentence[max(0, start - 3) : start]
    if not before or before[-1].isspace() or _MULTIPLIER.search(before):
        return False
    if before[-1].isalnum() or before[-1] in "_@#^\\±&'’$€£":
        return True
    beyond = before.rstrip(_JOINTS)
    if beyond == before or not beyond or beyond[-1].isspace() or beyond[-1] in "([,:=~≈<>":
        return False
    # A range or a slash joins two numbers, never a number to a name.
    return previous_end != start - len(before) + len(beyond)


def _follows_name(sentence: str, start: int) -> bool:
    """Whether the word before a bare number is written like a name that has versions (`Llama 3.1`)."""
    word = _WORD_BEFORE.search(sentence, max(0, start - 30), start)
    if word is None or _METRIC_WORD.fullmatch(word[1]):
        return False
    return word.start(1) > 0 or any(letter.isupper() for letter in word[1][1:])


def _with_sign(sentence: str, number: Number) -> Number:
    sign = _SIGN.search(sentence, max(0, number.start - 2), number.start)
    if sign is None:
        return number
    if sign[1] == "+":
        return replace(number, start=sign.start(1), kind=ResultKind.DELTA, cue=True)
    signed = replace(number, start=sign.start(1), value=-number.value)
    # A bare negative number is more often a correlation than a loss.
    return signed if number.unit is None else replace(signed, kind=ResultKind.DELTA, cue=True)


def _in_series(sentence: str, numbers: list[Number]) -> list[Number]:
    """The numbers with their enumerations numbered.

    The unit of a number holds for those before it in the enumeration (`3.1 and 4.7%`), a written sign
    for those after it (`+1.5-2.8%`).
    """
    grouped: list[Number] = []
    for number in numbers:
        previous = grouped[-1] if grouped else None
        if previous is None:
            grouped.append(number)
        elif _is_listed(sentence, previous, number):
            kind = previous.kind if previous.cue else number.kind
            cue = previous.cue or number.cue
            grouped.append(replace(number, series=previous.series, kind=kind, cue=cue))
        else:
            grouped.append(replace(number, series=previous.series + 1))
    for index in range(len(grouped) - 1, 0, -1):
        left, right = grouped[index - 1], grouped[index]
        if left.series == right.series and left.unit is None and right.unit is not None:
            grouped[index - 1] = replace(left, unit=right.unit)
    return grouped


def _is_listed(sentence: str, left: Number, right: Number) -> bool:
    """Whether only list marks part two numbers; a lost comma (`3.1% 4.6% and 3.1%`) is forgiven."""
    gap = sentence[left.end : right.start]
    if len(gap) > _WIDEST_GAP:
        return False
    return bool(_GAP.fullmatch(gap)) or (gap.isspace() and left.unit is not None and left.unit == right.unit)


def _with_differences(sentence: str, numbers: list[Number]) -> Iterator[Number]:
    """The numbers with kind and sign read from the words around their enumeration."""
    previous: Number | None = None
    change: Change | None = None
    direction = Change.GAIN
    runs = [list(members) for _, members in groupby(numbers, key=attrgetter("series"))]
    for run, following in zip_longest(runs, runs[1:]):
        before = sentence[previous.end if previous else 0 : run[0].start]
        after = sentence[run[-1].end : following[0].start if following else len(sentence)]
        carried = change if previous and previous.unit == run[0].unit and carries_on(before) else None
        change = change_after(after) or change_before(before) or carried
        if _is_pair(sentence, run) and before.endswith("("):
            change = Change.VALUE
        elif change is Change.UNSIGNED:
            change = direction
        elif change in (Change.GAIN, Change.LOSS):
            direction = change
        if not _is_condition(sentence, run[-1], change):
            yield from (_as_difference(number, change) for number in run)
        previous = run[-1]


def _is_condition(sentence: str, number: Number, change: Change | None) -> bool:
    """Whether a number says how an experiment was made: `5 times`, `1% labeled data`, `at 95% TPR`."""
    if number.unit == "x":
        return change is None and sentence.endswith(("times", "fold"), number.start, number.end)
    operating = _OPERATING_POINT.match(sentence, number.end) and sentence.endswith(" at ", 0, number.start)
    return number.unit == "%" and bool(operating or _CONDITION_AFTER.match(sentence, number.end))


def _is_pair(sentence: str, run: list[Number]) -> bool:
    return len(run) == 2 and sentence[run[0].end : run[1].start].strip() in {"to", "->", "→", "vs", "vs."}


def _as_difference(number: Number, change: Change | None) -> Number:
    if number.cue:
        return number
    if change is None:
        by_unit = number.unit in {"x", "orders of magnitude"}
        return replace(number, kind=ResultKind.DELTA) if by_unit else number
    if change is Change.VALUE:
        return replace(number, cue=True)
    value = -number.value if change is Change.LOSS else number.value
    return replace(number, value=value, kind=ResultKind.DELTA, cue=True)
