"""Where a paper was published, as its comment or journal reference tells.

An acceptance counts, a submission does not: `Submitted to TPAMI`, `extension of our AAAI'22 paper` and
`track of the ICCV challenge` name no venue of this paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extract.links import without_urls
from kg.extract.venues import VenueKind, VenueMention, closest_venue, find_venues
from kg.text import clean


class Publication(NamedTuple):
    """A venue in normal form with its year (`ICCV 2021`), and how the paper was presented there."""

    venue: str
    presentation: str | None = None


# --- cues --------------------------------------------------------------------------------------------

# `accepted` is misspelt in many ways.
_ACCEPTED = re.compile(
    r"\bac{1,3}[ecp]{1,4}\w{0,3}t\w*|\b(?:to|will) appear\b|\bappear(?:s|ed|ing)? (?:in|at)\b|\bpublished\b"
    r"|\b(?:to|will) be (?:published|presented)\b|\bpresented\b|\bpresentation (?:at|in)\b|\bin press\b|\bforthcoming\b"
    r"|\bproceedings of\b|\bcamera[- ]ready\b|\bin proc\b",
    re.I,
)
_NOT_YET = re.compile(
    r"\bsubmi(?:t|ss)\w*|\bunder (?:\w+[- ])?(?:review|consideration|revision)\b|\bin review\b|\bpossible publication\b"
    r"|\breview(?:ing)? (?:at|for|by)\b|\bintended\b|\btarget(?:ed|ing)\b|\bin preparation\b",
    re.I,
)
_OTHER_PAPER = re.compile(
    r"\bexten[ts]ion (?:of|to)\b|\bextend(?:s|ed|ing) (?!abstract)|\bjournal versions? of\b|\boverlap\b|\bsupersedes?\b"
    r"|\b(?:preliminary|previous|prior|earlier|initial|conference|abridged) versions?\b|\bfollow[- ]?up\b|\bcompanion\b"
    r"|\bsupplement(?:ary|al)? (?:materials? )?(?:for|of|to)\b|\bbased on\b|\brolling review\b|\bARR\b|\breject",
    re.I,
)
_CONTEST = re.compile(
    r"\bchallenges?\b|\bcompetitions?\b|\bcontest\b|\bshared task\b|\bleaderboard\b|\brank(?:ed|ing)?\b|\bplace\b"
    r"|\bwinn(?:er|ing)\b|\bsolutions?\b|\bcup\b",
    re.I,
)
_WORKSHOP = re.compile(r"\bworkshops?\b|\bstudent research\b|\bSRW\b|(?<=\w)@\s*$", re.I)
_PRESENTATIONS = (
    ("Best Paper Finalist", re.compile(r"\bbest\b.{0,20}\bpaper.{0,20}\b(?:finalist|candidate|nomin|runner)", re.I)),
    ("Best Paper", re.compile(r"\bbest (?:\w+ ){0,2}paper\b|\boutstanding (?:\w+ )?paper\b", re.I)),
    ("Oral", re.compile(r"\borals?\b(?! (?:cancer|cavity|health|squamous|lesion|disease|history))", re.I)),
    ("Spotlight", re.compile(r"\bspotlights?\b", re.I)),
    ("Highlight", re.compile(r"\bhighlight(?:s|ed)?\b", re.I)),
    ("Findings", re.compile(r"\bfindings\b", re.I)),
    ("Demo", re.compile(r"\bdemos?\b(?! video)|\bsystem demonstrations?\b|\bdemonstrations? track\b", re.I)),
    ("Poster", re.compile(r"\bposters?\b", re.I)),
    ("Tutorial", re.compile(r"\btutorial\b", re.I)),
)
_PRESENTATION_ALONE = re.compile(
    r"\W*(?:as an?|for|selected as(?: an?)?|accepted as(?: an?)?)?\s*"
    r"(?:(?:oral|spotlight|highlight|poster)s?|best (?:\w+ )?paper)\s*(?:presentation|paper|award)?\W*",
    re.I,
)

# --- years -------------------------------------------------------------------------------------------

_YEAR = r"(?:19|20)\d\d"
_BETWEEN = (
    r"(?:[\s,(\[:/.-]|\b(?:the|main|conference|conf|symposium|track|proceedings|workshops?|findings|oral|spotlight"
    r"|poster|highlight|industry|demos?|long|short|full|regular|technical|research|papers?|IEEE|ACM|IFIP|annual|datasets"
    r"|benchmarks|and|applications?|student|session|special|journal|presentation)\b)"
)
_YEAR_AFTER = re.compile(
    rf"{_BETWEEN}{{0,14}}['’‘`ʼ]?(?P<long>{_YEAR})(?!\d|\.\d)"
    r"|[\s-]?['’‘`ʼ]\s?(?P<marked>\d\d)(?!\d)"
    r"|-?(?P<joined>\d\d)(?![\d%]|\.\d)"
    r"|\s(?P<bare>[12]\d)(?=\s*(?:$|[.,;:()]|main|oral|poster|spotlight|highlight|findings|workshop))",
    re.I,
)
_YEAR_BEFORE = re.compile(rf"(?<!\d)({_YEAR})[\s,]*(?:(?:the|Annual|[A-Z][\w/&.'-]*)\s+){{0,5}}$")
_ANY_YEAR = re.compile(rf"(?<![\d.,/])({_YEAR})(?![\d/-]|[.,]\d)")
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?[\s\d,]*$", re.I)

# --- names -------------------------------------------------------------------------------------------

_ACRONYM = r"[A-Z][\w&+-]*[A-Z][\w&+]*"
_ACRONYM_YEAR = re.compile(rf"\b({_ACRONYM}?)(?:[\s,(-]*['’‘]?({_YEAR})|\s?['’‘](\d\d)|-(\d\d)(?=\)))(?!\d)")
_ACRONYM_IN_BRACKETS = re.compile(rf"\s*\(({_ACRONYM})\)")
_LEAD = re.compile(
    r"(?:\s|,|\b(?:by|at|to|in|for|with|the|an?|as|of|on|annual|proceedings|proc|(?-i:journal)|edition|publication|presentation"
    r"|oral|poster|spotlight|conference|regular|full|short|long|paper|book|be|published|presented|and|will|next|our"
    r"|special issue|main track|main conference|inclusion)\b|\d+(?:st|nd|rd|th)\b|:)+",
    re.I,
)
_NAME = re.compile(
    r"[A-Z][\w&'’/.+*-]*(?:(?::?\s(?:of|on|in|for|and|the|de|to|with|&))*:?\s[A-Z][\w&'’/.+*-]*)*"
)
_NO_NAME = re.compile(
    r"IEEE|ACM|IET|Springer(?: Nature)?|Elsevier|Wiley|MDPI|arXiv|Main|Oral|Spotlight|Poster|Findings|Track|Conference"
    r"|Journal|Workshop|Press|This|Code|Project|Github|GitHub|Jan.*|Feb.*|Mar(?:ch)?|Apr.*|May|June?|July?|Aug.*|Sep.*"
    r"|Oct.*|Nov.*|Dec.*|Sec.*|Fig.*|Table|Appendix|English|LNCS|Lecture Notes.*|Cambridge.*|Oxford.*|CRC.*|COVID.*|AIME"
    r"|IMO|CC|BY|We|It|Version|PhD|Ph|MSc|I+|V|A|An|In|On",
)
_REFERENCE_LEAD = re.compile(r"(?:In|Proceedings|Proc|of|the|The|Published|in|[\s.:,])*")
_CONTINUES = re.compile(r"\s(?:and|of|&|for|in)\s[A-Z]")
_BEFORE_NAME = re.compile(r"\b(?:in|by|to|at|the|journal)\s*$|^\W*$", re.I)
_AFTER_NAME = re.compile(r"\s*(?:$|[-.,;:()\[]|\d|journal\b|in\b|\bas\b)", re.I)
_CHUNK_START = re.compile(
    r"(?:^|[,;:(|]|\w@|\s[-–—]\s|\.\s)\s*(?:(?:IEEE(?:/\w+)?|ACM(?:/\w+)?|in|at|the|proceedings|of|proc\.?|annual|conference|paper"
    rf"|{_YEAR}|\d+(?:st|nd|rd|th))[\s:]+)*$",
    re.I,
)
_CHUNK_END = re.compile(r"\s*(?:conference|paper|main|journal)?\s*(?:$|[,;()|]|\.\s|\s[-–—]\s)", re.I)

_BOUNDARY = re.compile(r"[;\n]|(?<=[.!?])\s+(?=[A-Z\"“(\[\d]|ar[xX]iv|code|project)")
_ABBREVIATION = re.compile(
    r"\b(?:Proc|Conf|Int|Intl|Trans|Phys|Rev|Lett|Math|Comm|Commun|Ann|Adv|Appl|Comput|Sci|Nat|Amer|Soc|Vol|No|pp|Eds"
    r"|Dr|St|vs|al|Symp|Mon|Not|Astron|Astrophys|Opt|Chem|Mach|Intell|Eng|Inst|Eur|Stat|Theor|Nucl|Acad|Mech|Anal"
    r"|Funct|Geom|Inform|Syst|Mater|Mod|[A-Z])\.$"
)
_SPELT_OUT = (
    (re.compile(r"\bTrans\.?(?=\son\s)"), "Transactions"),
    (re.compile(r"\bInt(?:'?l|ern)?\.\s"), "International "),
    (re.compile(r"\bConf\.\s"), "Conference "),
    (re.compile(r"\bProc\.\s"), "Proceedings "),
    (re.compile(r"\bSymp\.\s"), "Symposium "),
    (re.compile(r"&amp;"), "&"),
)


def publication_of_comment(comment: str) -> Publication | None:
    """The place of publication a comment tells, or None.

    >>> publication_of_comment("8 pages, accepted by ICCV2021 (Oral Presentation)")
    Publication(venue='ICCV 2021', presentation='Oral')
    >>> publication_of_comment("Submitted to TPAMI. This is an extension of our AAAI'22 paper")
    """
    sentences = [sentence for line in comment.split("\n") for sentence in _sentences(_readable(line))]
    found = [candidate for sentence in sentences for candidate in _candidates(sentence)]
    if not found:
        return None
    _, publication = max(found, key=lambda candidate: candidate[0])
    if publication.presentation is None:
        alone = (_presentation(s) for s in sentences if _PRESENTATION_ALONE.fullmatch(s))
        return publication._replace(presentation=next(alone, None))
    return publication


def publication_of_reference(reference: str) -> Publication | None:
    """The place of publication a journal reference names: `Phys. Rev. Lett. 127, 1 (2021)`.

    >>> publication_of_reference("Phys. Rev. Lett. 127, 080501 (2021)")
    Publication(venue='Physical Review Letters 2021', presentation=None)
    """
    text = _readable(reference)
    years = re.findall(rf"\((?:\w+\.? )?({_YEAR})\)", text) or _ANY_YEAR.findall(text)
    mention = next((m for m in find_venues(text) if _stands_free(text, m) and _leads(text, m)), None)
    if mention is not None:
        name = mention.venue.name
    elif lead := re.match(r"(?:In:? )?(?:Proceedings of (?:the )?)?([^\W\d][^\d(]*)", text):
        name = re.sub(r"[\s,.:;]+(?:vol(?:ume)?|no|pp?|issue|art(?:icle)?)?[\s,.:;]*$", "", lead[1], flags=re.I)
    else:
        return None
    is_workshop = mention is not None and _is_workshop(text, mention)
    return Publication(f"{name} {years[-1]}" if years else name, "Workshop" if is_workshop else None)


def _leads(reference: str, mention: VenueMention) -> bool:
    """Whether a reference begins with this venue; one to proceedings may begin with their title."""
    return mention.venue.kind is not VenueKind.JOURNAL or bool(_REFERENCE_LEAD.fullmatch(reference, 0, mention.start))


def _readable(text: str) -> str:
    text = clean(without_urls(text)).text
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


_Rank = tuple[bool, bool, bool]


def _candidates(sentence: str) -> Iterator[tuple[_Rank, Publication]]:
    """What a sentence tells, each with its rank: no workshop, an acceptance in words, a year beside it."""
    if other := _OTHER_PAPER.search(sentence):
        sentence = sentence[: other.start()]
        if not _ACCEPTED.search(sentence):
            return
    accepted = [match.end() for match in _ACCEPTED.finditer(sentence)]
    pending = [match.end() for match in _NOT_YET.finditer(sentence)]
    if (pending or _CONTEST.search(sentence)) and not accepted:
        return
    known = False
    for mention in find_venues(sentence):
        cue = max((end for end in accepted if end <= mention.start), default=None)
        if any((cue or 0) < end <= mention.start for end in pending):
            continue
        year = _year_beside(sentence, mention)
        is_accepted = cue is not None or (bool(accepted) and year is not None)
        if is_accepted:
            if not _stands_free(sentence, mention):
                continue
        elif not _is_bare(sentence, mention, year):
            continue
        known = True
        is_workshop = _is_workshop(sentence, mention)
        rank = (not is_workshop, is_accepted, year is not None)
        year = year or _year_near(sentence, mention)
        name = f"{mention.venue.name} {year}" if year else mention.venue.name
        yield rank, Publication(name, "Workshop" if is_workshop else _presentation(sentence))
    if not known and (name := _unknown(sentence, accepted, pending)):
        is_workshop = bool(_WORKSHOP.search(sentence))
        presentation = "Workshop" if is_workshop else _presentation(sentence)
        yield (not is_workshop, bool(accepted), False), Publication(name, presentation)


def _is_workshop(sentence: str, mention: VenueMention) -> bool:
    around = f"{sentence[: mention.start]} {sentence[mention.end :]}"
    return (
        mention.is_workshop
        or mention.venue.kind is VenueKind.WORKSHOP
        or bool(_WORKSHOP.search(around) or _WORKSHOP.search(sentence, 0, mention.start))
    )


def _presentation(sentence: str) -> str | None:
    return next((name for name, pattern in _PRESENTATIONS if pattern.search(sentence)), None)


def _stands_free(sentence: str, mention: VenueMention) -> bool:
    """Whether a name is not part of a longer one, nor of what the sentence is about."""
    after = sentence[mention.end :]
    if mention.is_generic:
        return bool(_BEFORE_NAME.search(sentence[: mention.start]) and _AFTER_NAME.match(after))
    return " " not in sentence[mention.start : mention.end] or not _CONTINUES.match(after)


def _is_bare(sentence: str, mention: VenueMention, year: str | None) -> bool:
    """Whether a venue is named without a word of acceptance, as in `20 pages, BMVC 2021`."""
    if not _CHUNK_START.search(sentence[: mention.start]):
        return False
    if year is None or mention.is_generic:
        end = mention.end
        if year is not None and (match := _YEAR_AFTER.match(sentence, end)):
            end = match.end()
        return (year is not None or not mention.is_generic) and bool(_CHUNK_END.match(sentence, end))
    return True


def _year_beside(sentence: str, mention: VenueMention) -> str | None:
    if match := _YEAR_AFTER.match(sentence, mention.end):
        return _four_digits(next(group for group in match.groups() if group))
    if match := _YEAR_BEFORE.search(sentence, 0, mention.start):
        return match[1]
    return None


def _year_near(sentence: str, mention: VenueMention) -> str | None:
    """A year further on in the sentence; not the date on which a journal accepted."""
    for match in _ANY_YEAR.finditer(sentence, mention.end, mention.end + 120):
        is_date = _MONTH.search(sentence, mention.end, match.start())
        if mention.venue.kind is not VenueKind.JOURNAL or not is_date:
            return match[1]
    return None


def _four_digits(year: str) -> str:
    if len(year) == 4:
        return year
    return f"20{year}" if int(year) < 50 else f"19{year}"


def _unknown(sentence: str, accepted: list[int], pending: list[int]) -> str | None:
    """A venue that no list knows: named after an acceptance, or an acronym and a year alone."""
    if not accepted:
        if pending or _CONTEST.search(sentence):
            return None
        chunks = (re.sub(r"^\s*(?:IEEE|ACM)\s+", "", chunk).strip() for chunk in re.split(r"[,;()|]|\.\s|\s[-–—]\s", sentence))
        named = (_ACRONYM_YEAR.fullmatch(chunk) for chunk in chunks)
        return next((_named(match) for match in named if match and not _NO_NAME.fullmatch(match[1])), None)
    cue = accepted[-1]
    if any(end > cue for end in pending):
        return None
    rest = sentence[cue:]
    for match in _ACRONYM_YEAR.finditer(rest):
        if not _NO_NAME.fullmatch(match[1]):
            return _named(match)
    lead = _LEAD.match(rest)
    name = _NAME.match(rest, lead.end()) if lead else None
    if name is None:
        return None
    text = name[0].rstrip(" .,:-")
    if (venue := closest_venue(text)) is not None:
        text = venue.name
    elif acronym := _ACRONYM_IN_BRACKETS.match(rest, name.end()):
        text = acronym[1]
    year = _ANY_YEAR.search(rest, lead.end(), name.end() + 60) if lead else None
    text = re.sub(rf"[\s,'’-]*{_YEAR}$", "", text)
    if _NO_NAME.fullmatch(text) or len(text) < 2:
        return None
    return f"{text} {year[1]}" if year else text


def _named(match: re.Match[str]) -> str:
    return f"{match[1]} {_four_digits(match[2] or match[3] or match[4])}"
