"""Where a paper was published, as its comment or its journal reference tells.

An acceptance counts, a submission does not: `Submitted to TPAMI`, `extension of our AAAI'22 paper` and
`track of the ICCV challenge` name no venue of this paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extract.venues import (
    ANY_YEAR,
    YEAR,
    VenueKind,
    VenueMention,
    find_venues,
    four_digits,
    venue_after,
    venue_alone,
)
from kg.text import clean


class Publication(NamedTuple):
    """A venue in normal form with its year (`ICCV 2021`), and how the paper was presented there."""

    venue: str
    presentation: str | None = None


# Comments are a line or two; no more is read of one that goes on for pages.
_LONGEST = 4_000

# --- what the words of a comment say -----------------------------------------------------------------

_ACCEPTED = re.compile(
    r"""\bac{1,3}[ecp]{1,4}\w{0,3}t\w*  # `accepted` is misspelt in many ways
    | \b(?:to|will)\ appear\b | \bappear(?:s|ed|ing)?\ (?:in|at)\b
    | \bpublished\b | \bpresented\b | \bpresentation\ (?:at|in)\b
    | \bin\ press\b | \bforthcoming\b | \bcamera[-\ ]ready\b
    | \b(?:oral|spotlight|highlight|poster|demo)s?\ (?:(?:paper|talk|presentation)\ )?(?:at|in)\b
    | \bproceedings\ of\b | \bproc\.?\ of\b | \bin\ proc\b""",
    re.I | re.X,
)
_NOT_YET = re.compile(
    r"""\bsubmi(?:t|ss)\w* | \bunder\ (?:\w+[-\ ])?(?:review|consideration|revision)\b | \bin\ review\b
    | \breview(?:ing)?\ (?:at|for|by)\b | \bpossible\ publication\b | \bintended\b | \btarget(?:ed|ing)\b
    | \bin\ preparation\b""",
    re.I | re.X,
)
_OTHER_PAPER = re.compile(
    r"""\bexten[ts]ion\ (?:of|to)\b | \bextend(?:s|ed|ing)\ (?!abstract) | \bjournal\ versions?\ of\b
    | \b(?:preliminary|previous|prior|earlier|initial|conference|abridged)\ versions?\b | \bbased\ on\b
    | \bsupersedes?\b | \bfollow[-\ ]?up\b | \bcompanion\b | \boverlap\b
    | \brolling\ review\b | \bARR\b | \breject
    | \bsupplement(?:ary|al)?\ (?:materials?\ )?(?:for|of|to)\b""",
    re.I | re.X,
)
_CONTEST = re.compile(
    r"""\bchallenges?\b | \bcompetitions?\b | \bcontest\b | \bshared\ task\b | \bleaderboard\b
    | \brank(?:ed|ing)?\b | \bplace\b | \bwinn(?:er|ing)\b | \bsolutions?\b | \bcup\b""",
    re.I | re.X,
)
_WORKSHOP = re.compile(r"\bworkshops?\b|\bstudent research\b|\bSRW\b|(?<=\w)@\s*$", re.I)
_PRESENTATIONS = {
    "Best Paper Finalist": r"\bbest\b.{0,20}\bpaper.{0,20}\b(?:finalist|candidate|nomin|runner)",
    "Best Paper": r"\b(?:best|outstanding) (?:\w+ ){0,2}paper\b",
    "Oral": r"\borals?\b(?! (?:cancer|cavity|health|squamous|lesion|disease|history))",
    "Spotlight": r"\bspotlights?\b",
    "Highlight": r"\bhighlight(?:s|ed)?\b",
    "Findings": r"\bfindings\b",
    "Demo": r"\b\d\d demos?\b|\b20\d\d demos?\b|\bdemos? (?:track|paper|session)|\(demo|demonstrations?\b",
    "Poster": r"\bposters?\b",
    "Tutorial": r"\btutorial\b",
}
_PRESENTATION_ALONE = re.compile(
    r"\W*(?:as an?|for|(?:selected|accepted)(?: as)?(?: an?)?)?\s*"
    r"(?:(?:oral|spotlight|highlight|poster)s?|best (?:\w+ )?paper)\s*(?:presentation|paper|award)?\W*",
    re.I,
)

# --- what stands around a name -----------------------------------------------------------------------

_BETWEEN = (
    r"(?:[\s,(\[:/.-]|\b(?:the|and|main|conference|conf|symposium|track|proceedings|workshops?|findings|oral|spotlight"
    r"|poster|highlight|industry|demos?|long|short|full|regular|technical|research|papers?|IEEE|ACM|IFIP|annual"
    r"|datasets|benchmarks|applications?|student|session|special|journal|presentation)\b)"
)
_YEAR_AFTER = re.compile(
    rf"{_BETWEEN}{{0,14}}(?:['’‘`ʼ]?(?P<long>{YEAR})(?!\d|\.\d)|['’‘`ʼ]\s?(?P<marked>\d\d)(?!\d))"
    r"|-?(?P<joined>\d\d)(?![\d%]|\.\d)"
    r"|\s(?P<bare>[12]\d)(?=\s*(?:$|[.,;:()]|main|oral|poster|spotlight|highlight|findings|workshop))",
    re.I,
)
_YEAR_BEFORE = re.compile(rf"(?<!\d)({YEAR})[\s,]*(?:(?:the|Annual|[A-Z][\w/&.'-]*)\s+){{0,5}}$")
_DATE = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?[\s\d,]*$", re.I)
_THEN_ACCEPTED = re.compile(r"[\s,]*(?:conference|early|final)?\s*accept", re.I)
_LONGER_NAME = re.compile(r"\s(?:and|of|&|for|in)\s[A-Z]")
_WITHIN_NAME = re.compile(
    r"(?:\b(?:on|of|and|for)|&|\b(?!(?:IEEE|ACM|SIAM|MDPI|Elsevier|Springer|Wiley|The|In|Published)\b)[A-Z]\w+)\s+$"
)
_BEFORE_GENERIC = re.compile(r"(?<!Notes )\b(?:in|by|to|at|the|journal)\s*$|^\W*$", re.I)
_AFTER_GENERIC = re.compile(r"\s*(?:$|[-.,;:()\[]|\d|journal\b|in\b|\bas\b)", re.I)
_BEFORE_SHORT = re.compile(r"(?:\b(?:in|by|to|at|the|IEEE|ACM|with)\s+|[(@/-])$", re.I)
_SUBJECT = re.compile(r"\s*\([a-z-]+\.[A-Z]{2}\)")  # `Computer Vision and Pattern Recognition (cs.CV)`
_CHUNK_START = re.compile(
    r"(?:^|[,;:(|]|\w@|\s[-–—]\s|\.\s|\b(?:pages|figures|tables))\s*"
    r"(?:(?:IEEE(?:/\w+)?|ACM(?:/\w+)?|in|at|the|of|proceedings|proc\.?|findings|annual|conference|paper"
    rf"|{YEAR}|\d+(?:st|nd|rd|th))[\s:]+)*$",
    re.I,
)
_CHUNK_END = re.compile(r"\s*(?:conference|paper|main|journal)?\s*(?:$|[,;()|]|\.\s|\s[-–—]\s)", re.I)
_REFERENCE_LEAD = re.compile(r"(?:In|in|Published|Proceedings|Proc|of|the|The|[\s.:,])*")
_REFERENCE_NAME = re.compile(r"(?:In:? )?(?:Proceedings of (?:the )?)?([^\W\d][^\d(]*)")
_VOLUME = re.compile(r"[\s,.:;]+(?:vol(?:ume)?|no|pp?|issue|art(?:icle)?)?[\s,.:;]*$", re.I)

# --- sentences ---------------------------------------------------------------------------------------

_BOUNDARY = re.compile(r"[;\n]|(?<=[.!?])\s+(?=[A-Z\"“(\[]|\d(?!\d{3})|ar[xX]iv|code|project)")
_ABBREVIATION = re.compile(
    r"\b(?:Proc|Conf|Int|Intl|Trans|Phys|Rev|Lett|Math|Comm|Commun|Ann|Adv|Appl|Comput|Sci|Nat|Amer|Soc|Vol|No|pp"
    r"|Eds|Dr|St|vs|al|Symp|Mon|Not|Astron|Astrophys|Opt|Chem|Mach|Intell|Eng|Inst|Eur|Stat|Theor|Nucl|Acad|Mech"
    r"|Anal|Funct|Geom|Inform|Syst|Mater|Mod|[A-Z])\.$"
)
_SPELT_OUT = (
    (re.compile(r"\bTrans\.?(?=\son\s)"), "Transactions"),
    (re.compile(r"\bInt(?:'?l|ern)?\.\s"), "International "),
    (re.compile(r"\bConf\.\s"), "Conference "),
    (re.compile(r"\bProc\.\s"), "Proceedings "),
    (re.compile(r"\bSymp\.\s"), "Symposium "),
    (re.compile(r"&amp;"), "&"),
    (re.compile(r"https?://\S+|\bwww\.\S+"), " "),  # no word within an address counts
)


def publication_of_comment(comment: str) -> Publication | None:
    """The place of publication a comment tells, or None.

    >>> publication_of_comment("8 pages, accepted by ICCV2021 (Oral Presentation)")
    Publication(venue='ICCV 2021', presentation='Oral')
    >>> publication_of_comment("Submitted to TPAMI. This is an extension of our AAAI'22 paper")
    """
    lines = comment[:_LONGEST].split("\n")
    sentences = [sentence for line in lines for sentence in _sentences(_readable(line))]
    found = [candidate for sentence in sentences for candidate in _candidates(sentence)]
    if not found:
        return None
    _, publication = max(found, key=lambda candidate: candidate[0])
    if publication.presentation is None:
        alone = (_presentation(sentence) for sentence in sentences if _PRESENTATION_ALONE.fullmatch(sentence))
        return publication._replace(presentation=next(alone, None))
    return publication


def publication_of_reference(reference: str) -> Publication | None:
    """The place of publication a journal reference names.

    >>> publication_of_reference("Phys. Rev. Lett. 127, 080501 (2021)")
    Publication(venue='Physical Review Letters 2021', presentation=None)
    """
    text = _readable(reference[:_LONGEST])
    years = re.findall(rf"\((?:\w+\.? )?({YEAR})\)", text) or ANY_YEAR.findall(text)
    mention = next((m for m in find_venues(text) if _stands_free(text, m) and _leads(text, m)), None)
    if mention is not None:
        name = mention.venue.name
    elif match := _REFERENCE_NAME.match(text):
        name = _VOLUME.sub("", match[1])
    else:
        return None
    is_workshop = mention is not None and _is_workshop(text, mention)
    return Publication(f"{name} {years[-1]}" if years else name, "Workshop" if is_workshop else None)


def _leads(reference: str, mention: VenueMention) -> bool:
    """Whether a reference begins with this venue; one to proceedings may begin with their title."""
    is_journal = mention.venue.kind is VenueKind.JOURNAL
    return not is_journal or bool(_REFERENCE_LEAD.fullmatch(reference, 0, mention.start))


def _readable(text: str) -> str:
    text = clean(text).text
    for pattern, spelling in _SPELT_OUT:
        text = pattern.sub(spelling, text)
    return text


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if not _ABBREVIATION.search(text, max(start, boundary.start() - 12), boundary.start()):
            yield text[start : boundary.start()]
            start = boundary.end()
    yield text[start:]


class _Rank(NamedTuple):
    """How sure a candidate is; the first that differs decides."""

    is_main: bool
    is_accepted: bool
    has_year: bool


def _candidates(sentence: str) -> Iterator[tuple[_Rank, Publication]]:
    if other := _OTHER_PAPER.search(sentence):
        sentence = sentence[: other.start()]
        if not _ACCEPTED.search(sentence):
            return
    accepted = [match.end() for match in _ACCEPTED.finditer(sentence)]
    pending = [match.end() for match in _NOT_YET.finditer(sentence)]
    if (pending or _CONTEST.search(sentence)) and not accepted:
        return
    is_known = False
    for mention in find_venues(sentence):
        year = _year_beside(sentence, mention)
        is_accepted = _is_accepted(sentence, mention, year, accepted, pending)
        if is_accepted if is_accepted is not None else _is_bare(sentence, mention, year):
            is_known = True
            is_workshop = _is_workshop(sentence, mention)
            rank = _Rank(not is_workshop, bool(is_accepted), year is not None)
            year = year or _year_near(sentence, mention)
            venue = f"{mention.venue.name} {year}" if year else mention.venue.name
            yield rank, Publication(venue, "Workshop" if is_workshop else _presentation(sentence))
    if not is_known and (name := _unknown(sentence, accepted, pending)):
        is_workshop = bool(_WORKSHOP.search(sentence))
        presentation = "Workshop" if is_workshop else _presentation(sentence)
        yield _Rank(not is_workshop, bool(accepted), has_year=False), Publication(name, presentation)


def _is_accepted(
    sentence: str, mention: VenueMention, year: str | None, accepted: list[int], pending: list[int]
) -> bool | None:
    """Whether words of acceptance are about this venue; None where no word tells.

    `accepted` and `pending` are where the words end that say so.
    """
    cue = max((end for end in accepted if end <= mention.start), default=None)
    if any((cue or 0) < end <= mention.start for end in pending) or _SUBJECT.match(sentence, mention.end):
        return False
    if year is None:
        told = cue is not None or bool(_THEN_ACCEPTED.match(sentence, mention.end))
    else:
        told = bool(accepted) or (_is_workshop(sentence, mention) and not pending)
    return _stands_free(sentence, mention) if told else None


def _unknown(sentence: str, accepted: list[int], pending: list[int]) -> str | None:
    """A venue that no list knows."""
    for cue in accepted:
        end = min((end for end in pending if end > cue), default=len(sentence))
        if name := venue_after(sentence[cue:end]):
            return name
    return None if pending else venue_alone(sentence, accepted=bool(accepted))


def _is_workshop(sentence: str, mention: VenueMention) -> bool:
    if mention.is_workshop or mention.venue.kind is VenueKind.WORKSHOP:
        return True
    before, after = sentence[: mention.start], sentence[mention.end :]
    return bool(_WORKSHOP.search(before) or _WORKSHOP.search(after))


def _presentation(sentence: str) -> str | None:
    found = (name for name, pattern in _PRESENTATIONS.items() if re.search(pattern, sentence, re.I))
    return next(found, None)


def _stands_free(sentence: str, mention: VenueMention) -> bool:
    """Whether a name is not part of a longer one, nor of what the sentence is about."""
    before, after = sentence[: mention.start], sentence[mention.end :]
    if mention.is_generic:
        return bool(_BEFORE_GENERIC.search(before) and _AFTER_GENERIC.match(after))
    if mention.end - mention.start <= 3 and not _YEAR_AFTER.match(after):
        return bool(_BEFORE_SHORT.search(before)) and not after.startswith(" BY")
    if " " not in sentence[mention.start : mention.end]:
        return True
    is_journal = mention.venue.kind is VenueKind.JOURNAL
    return not _LONGER_NAME.match(after) and not (is_journal and _WITHIN_NAME.search(before))


def _is_bare(sentence: str, mention: VenueMention, year: str | None) -> bool:
    """Whether a venue stands for itself, as in `20 pages, BMVC 2021`."""
    if not _CHUNK_START.search(sentence[: mention.start]):
        return False
    if year is not None and not mention.is_generic:
        return True
    after = _YEAR_AFTER.match(sentence, mention.end)
    is_whole = bool(_CHUNK_END.match(sentence, after.end() if after else mention.end))
    return is_whole and (year is not None or not mention.is_generic)


def _year_beside(sentence: str, mention: VenueMention) -> str | None:
    if match := _YEAR_AFTER.match(sentence, mention.end):
        return four_digits(next(group for group in match.groups() if group))
    match = _YEAR_BEFORE.search(sentence, 0, mention.start)
    return match[1] if match else None


def _year_near(sentence: str, mention: VenueMention) -> str | None:
    """A year further on in the sentence, or further up; not the date on which a journal accepted."""
    is_journal = mention.venue.kind is VenueKind.JOURNAL
    for match in ANY_YEAR.finditer(sentence, mention.end, mention.end + 120):
        if not (is_journal and _DATE.search(sentence, mention.end, match.start())):
            return match[1]
    before = None if is_journal else ANY_YEAR.search(sentence, 0, mention.start)
    return before[1] if before else None
