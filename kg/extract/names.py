"""Names in a text: words written like names, and the type the text around them speaks for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.extract.candidates import Reading
from kg.extract.lexicon import lexicon, singular
from kg.extract.shapes import type_of_name
from kg.extract.terms import has_name_shape, runs
from kg.vocab import EntityType

_BENCHMARK, _DATASET, _METHOD, _METRIC, _TASK = (
    EntityType.BENCHMARK,
    EntityType.DATASET,
    EntityType.METHOD,
    EntityType.METRIC,
    EntityType.TASK,
)
_JOINT = re.compile(
    r"[\s\"'”)]*(?:,|/|&|\band\b|\bor\b|,\s*(?:and|or)\b|\bas well as\b|,\s*as well as\b)[\s\"'“]*(?:(?:on|the|both)\s+){0,2}",
    re.I,
)
_EVALUATION = re.compile(
    r"\b(?:experiment|evaluat|result|outperform|achiev|accurac|state-of-the-art|sota|performance|test|validat|"
    r"surpass|improv|demonstrat|score|assess|conduct)"
)
PROPOSES = re.compile(
    r"\b(?:propos(?:e|es|ed|ing)|present(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|develop(?:s|ed|ing)?|design(?:s|ed|ing)?|"
    r"devis(?:e|es|ed|ing)|describ(?:e|es|ed|ing)|buil(?:d|ds|t|ding)|creat(?:e|es|ed|ing)|construct(?:s|ed|ing)?|"
    r"releas(?:e|es|ed|ing)|contribut(?:e|es|ed|ing)|establish(?:es|ed|ing)?|curat(?:e|es|ed|ing)|collect(?:s|ed|ing)?|"
    r"call(?:ed)?|nam(?:e|ed|ely)|term(?:ed)?|dub(?:bed)?|denot(?:e|ed)(?: as)?|refer(?:red)? to as)\b[^.;:]{0,40}$"
)
_ON = re.compile(
    r"\b(?:on|from|across)\s+(?:the |both |all |our |their |a |an |three |two |four |five |six |seven )*(?:[a-z-]+ ){0,3}$"
)
_GIVES = r"\b[^.;]{0,30}?(?:\(|:|,|—|\bsuch as\b|\bincluding\b|\bnamely\b|\blike\b|\bi\.e\.|\be\.g\.|\bcalled\b|\bnamed\b|\bdubbed\b|\btermed\b|\bof\b|\bare\b)[\s,:(—]*(?:both )?(?:the )?[\"“]?$"
_DATA_BEFORE = re.compile(r"\b(?:data ?sets?|corpora|corpus|databases?)" + _GIVES)
_BENCHMARK_BEFORE = re.compile(
    r"\b(?:benchmarks?|challenges?|simulators?|environments?|leaderboards?|competitions?)" + _GIVES
)
_METHOD_BEFORE = re.compile(
    r"\b(?:models?|methods?|algorithms?|architectures?|networks?|frameworks?|approach(?:es)?|baselines?|backbones?|llms?|systems?|"
    r"detectors?|encoders?|optimizers?|techniques?|agents?|modules?|loss(?:es)?|strateg(?:y|ies)|pipelines?|solvers?)"
    + _GIVES
)
_METRIC_BEFORE = re.compile(r"\b(?:metrics?|measures?|in terms of|scores? of)\b[^.;]{0,25}$")
_METHOD_USE = re.compile(
    r"\b(?:using|uses?|used|via|based on|built (?:on|upon)|employ\w*|adopt\w*|leverag\w*|utiliz\w*|than|outperform\w*|surpass\w*|"
    r"compared (?:to|with)|against|integrat\w*|combin\w*|extend\w*|fine-tun\w*|train(?:ed|ing)?|propose[ds]?|our|proposed|vanilla|original)"
    r"\s+(?:with |the |a |an |both |pre-?trained )*$"
)
_METHOD_ACTS = re.compile(
    r"\s*(?:\([^)]{1,40}\)\s*)?,?\s*(?:which |that |first |then |also |significantly |consistently |further )?"
    r"(?:outperform|achiev|surpass|improv|learn|generat|leverag|introduc|employ|consist|integrat|attain|yield|produc|exhibit|reduc|enabl|combin|"
    r"us(?:es|ing)\b|is (?:a|an|able|based|trained|designed|composed)\b|can\b|demonstrat|model(?:s|ed)\b|exceed|incorporat|utiliz|extend|"
    r"operat|perform|offer|adapt|explicitly|jointly|effectively|addresses|tackles|exploits|delivers|shows|beats|reaches|obtains)"
)
_IS_A = re.compile(
    r"[\s\"'”]*(?:\([^)]{1,80}\)\s*)?(?:,|—|–|--|\bis\b|,\s*which is|\bare\b)\s*(?:a|an|the first|one of the)\s+(?P<what>[^.,;:()]{3,120})"
)
_CALLED = re.compile(
    r"\b(?:called|termed|dubbed|named|namely|coined|(?:call|name|term|dub) (?:it|this|them|our \w+)|denoted(?: as)?|referred to as)\s+[\"“]?(?:the )?$"
)
_OF_DATA = re.compile(r"\b(?:benchmark|dataset|data set|corpus|benchmarking)\b", re.I)
_NUMBERED = re.compile(r"(.*[^\W\d_][-‐ ]?)(\d+|[A-Z])")

_HEADS = {
    "dataset": _DATASET,
    "benchmark": _BENCHMARK,
    "method": _METHOD,
    "task": _TASK,
    "metric": _METRIC,
    "method-weak": _METHOD,
    "task-weak": _TASK,
}
_SAYS = {"dataset": _DATASET, "benchmark": _BENCHMARK, "task-word": _TASK, "metric-word": _METRIC}


@dataclass(slots=True)
class Name:
    """Words that make a name, with what the text says of its type.

    `weak` is a single capitalised word, which is a name only where something says so.
    """

    first: int
    last: int
    weak: bool
    votes: Counter[EntityType] = field(default_factory=Counter)


def find_names(reading: Reading) -> list[Name]:
    """The names of a text in order of place, each with votes for its type."""
    names = list(_title_name(reading))
    opened = names[0].last if names else 0
    for first, last in runs(reading.words):
        if last > opened:
            names += _names_of_run(reading, max(first, opened), last)
    for group in _lists(reading, names):
        lead = group[0]
        context = _context_votes(reading, lead.first)
        shared: Counter[EntityType] = Counter()
        for name in group:
            own = _own_votes(reading, name)
            name.votes.update(own)
            shared.update(own)
        for name in group:
            name.votes.update(context)
            if len(group) > 1 and shared:
                best, weight = max(shared.items(), key=lambda vote: (vote[1], vote[0]))
                if weight > 1.0:
                    name.votes[best] += 1.0
    return names


def find_variants(reading: Reading, names: Sequence[Name]) -> Iterator[tuple[int, int, str, EntityType]]:
    """Names given by their last part alone, "600" in "Kinetics-400/600": characters, whole name, type."""
    for name in names:
        whole = reading.slice(name.first, name.last)
        stem = _NUMBERED.fullmatch(whole)
        index = name.last
        if not stem or not name.votes:
            continue
        entity_type = max(name.votes.items(), key=lambda vote: (vote[1], vote[0]))[0]
        while (
            index < len(reading.words)
            and reading.text[reading.words[index - 1].end : reading.words[index].start] == "/"
        ):
            word = reading.words[index]
            if not _same_kind(word.text, stem[2]):
                break
            yield word.start, word.end, stem[1] + word.text, entity_type
            index += 1


def _same_kind(part: str, other: str) -> bool:
    return part.isdigit() == other.isdigit() and part.isupper() == other.isupper() and len(part) <= 4


def _title_name(reading: Reading) -> Iterator[Name]:
    """The name a title opens with: "SOFT: …"."""
    title = reading.text[: min(reading.title_end, 500)]
    colon = re.match(r"[^:]{2,60}?(?=:\s)", title)
    if not colon:
        return
    last = 0
    while last < len(reading.words) and reading.words[last].end <= colon.end():
        last += 1
    if not 0 < last <= 3 or reading.words[last - 1].end != colon.end() or reading.words[0].start:
        return
    shaped = any(has_name_shape(word.text) for word in reading.words[:last])
    if last == 1 or shaped or reading.text.find(colon[0], reading.title_end) >= 0:
        name = Name(0, last, False)
        if kind := _OF_DATA.search(title, colon.end()):
            name.votes[_BENCHMARK if kind[0][0] in "bB" else _DATASET] += 1.5
        else:
            name.votes[_METHOD] += 0.4
        yield name


def _names_of_run(reading: Reading, first: int, last: int) -> Iterator[Name]:
    words = reading.words
    index = first
    while index < last:
        start = index
        known_end = _known_end(reading, index, last)
        if known_end:
            index = known_end
        elif words[index].named:
            index += 1
        elif (
            words[index].opening
            and words[index].text[0].isupper()
            and index + 1 < last
            and words[index + 1].named
            and not has_name_shape(words[index + 1].text)
            and not lexicon().has("plain-adjective", words[index].lower)
        ):
            index += 1
        else:
            index += 1
            continue
        while index < last and not _known_end(reading, index, last):
            word = words[index]
            if word.named or (
                word.number and len(word.text) < 6 and not reading.text.startswith(("%", " %"), word.end)
            ):
                index += 1
            else:
                break
        name = Name(start, index, False)
        if known_end == index:
            yield name
            continue
        mixed = any(has_name_shape(word.text) for word in words[start:index])
        name.weak = not mixed and index - start == 1
        if not (name.weak and index < last and not _suffix_type(reading, index, last)):
            yield name


def _known_end(reading: Reading, index: int, last: int) -> int:
    found = reading.known.get(index)
    if found is None or found[0] > last:
        return 0
    # Ordinary words count as names only with a capital that the place does not explain.
    if not found[1].sure and not reading.words[index].named:
        return 0
    # Terms in lower case are left to the rules for terms.
    return (
        found[0]
        if any(word.named or has_name_shape(word.text) for word in reading.words[index : found[0]])
        else 0
    )


def _suffix_type(reading: Reading, index: int, last: int) -> EntityType | None:
    """The type that the plain words after a name give it: "the KITTI odometry benchmark"."""
    for place in range(index, min(index + 3, last)):
        word = reading.words[place]
        if word.named:
            return None
        for section, entity_type in _SAYS.items():
            if lexicon().has(section, word.lower) and (
                place == index or entity_type in (_DATASET, _BENCHMARK)
            ):
                return entity_type
    return None


def _lists(reading: Reading, names: Sequence[Name]) -> Iterator[list[Name]]:
    """Names in one enumeration, as groups."""
    group: list[Name] = []
    for name in names:
        if group:
            between = reading.text[reading.words[group[-1].last - 1].end : reading.words[name.first].start]
            if not _JOINT.fullmatch(between):
                yield group
                group = []
        group.append(name)
    if group:
        yield group


def _own_votes(reading: Reading, name: Name) -> Counter[EntityType]:
    """What spelling, gazetteer and the words after a name say."""
    votes: Counter[EntityType] = Counter()
    text = reading.slice(name.first, name.last)
    known = reading.known.get(name.first)
    if known and known[0] == name.last:
        votes[known[1].type] += 4.0 if known[1].sure else 0.8
    elif known and known[1].sure:
        votes[known[1].type] += 1.0
    shape = type_of_name(text)
    if shape:
        votes[shape] += 3.0 if shape in (_BENCHMARK, _METRIC) else 1.5
    elif name.last - name.first > 1 and (head := type_of_head(reading.words[name.last - 1].lower)):
        votes[head] += 1.5
    run_end = name.last
    while (
        run_end < min(len(reading.words), name.last + 4)
        and reading.words[run_end].joined
        and not reading.words[run_end].bound
    ):
        run_end += 1
    suffix = _suffix_type(reading, name.last, run_end)
    if suffix:
        votes[suffix] += {_DATASET: 3.0, _BENCHMARK: 1.5, _TASK: 1.0, _METRIC: 0.8}[suffix]
    elif name.last < run_end and lexicon().has("method", reading.words[name.last].lower):
        votes[_METHOD] += 1.5
    elif name.last < run_end and singular(reading.words[name.last].lower) in {
        "model",
        "framework",
        "method",
        "algorithm",
        "approach",
        "agent",
        "architecture",
    }:
        votes[_METHOD] += 1.5
    end = reading.words[name.last - 1].end
    after = reading.text[end : end + 160]
    if (is_a := _IS_A.match(after)) and (what := _type_of_phrase(is_a["what"])):
        votes[what] += 2.0
    elif _METHOD_ACTS.match(after):
        votes[_METHOD] += 1.0
    return votes


def _type_of_phrase(phrase: str) -> EntityType | None:
    """The type of "a large-scale dataset of …", by the last noun before a word that bounds it."""
    previous = ""
    for word in re.findall(r"[\w-]+", phrase.lower()):
        if previous and lexicon().bounds(word, previous):
            break
        previous = word
    if lexicon().has("dataset", previous):
        return _DATASET
    if lexicon().has("benchmark", previous):
        return _BENCHMARK
    if lexicon().has("method", previous) or lexicon().has("method-weak", previous):
        return _METHOD
    if lexicon().has("metric-word", previous):
        return _METRIC
    return _TASK if lexicon().has("task", previous) or previous == "task" else None


def type_of_head(word: str) -> EntityType | None:
    """The type a last word gives a term."""
    for section, entity_type in _HEADS.items():
        if lexicon().has(section, word):
            return entity_type
    return None


def _context_votes(reading: Reading, first: int) -> Counter[EntityType]:
    """What the words before a list of names say of all of them."""
    votes: Counter[EntityType] = Counter()
    before = reading.before(first, 14)
    if _DATA_BEFORE.search(before):
        votes[_DATASET] += 2.5
    elif _BENCHMARK_BEFORE.search(before):
        votes[_BENCHMARK] += 1.0
        votes[_DATASET] += 0.9
    elif _METHOD_BEFORE.search(before):
        votes[_METHOD] += 2.0
    elif _METRIC_BEFORE.search(before):
        votes[_METRIC] += 1.2
    elif _METHOD_USE.search(before):
        votes[_METHOD] += 1.0
    elif _ON.search(before) and _EVALUATION.search(reading.before(first, 30)):
        votes[_DATASET] += 1.6
    if _CALLED.search(before):
        votes[_METHOD] += 2.0
    elif PROPOSES.search(before):
        votes[_METHOD] += 0.5
    return votes
