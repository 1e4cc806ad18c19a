"""What the words around a name say of the type of the thing it names."""

from __future__ import annotations

import re

from kg.extract.candidates import Reading
from kg.extract.lexicon import lexicon, singular, word_set
from kg.extract.shapes import type_of_name
from kg.extract.votes import Votes
from kg.vocab import EntityType

_BENCHMARK, _DATASET, _METHOD, _METRIC, _TASK = (
    EntityType.BENCHMARK,
    EntityType.DATASET,
    EntityType.METHOD,
    EntityType.METRIC,
    EntityType.TASK,
)
TypeVotes = Votes[EntityType]

# Verbs by which authors put forward something of their own; what follows is within a few words.
PROPOSES = re.compile(
    r"\b(?:propos(?:e|es|ed|ing)|present(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|develop(?:s|ed|ing)?|"
    r"design(?:s|ed|ing)?|devis(?:e|es|ed|ing)|describ(?:e|es|ed|ing)|buil(?:d|ds|t|ding)|creat(?:e|es|ed|"
    r"ing)|"
    r"construct(?:s|ed|ing)?|releas(?:e|es|ed|ing)|contribut(?:e|es|ed|ing)|establish(?:es|ed|ing)?|"
    r"curat(?:e|es|ed|ing)|collect(?:s|ed|ing)?|call(?:ed)?|nam(?:e|ed|ely)|term(?:ed)?|dub(?:bed)?|"
    r"denot(?:e|ed)(?: as)?|refer(?:red)? to as)\b[^.;:]{0,40}$"
)
_CALLED = re.compile(
    r"\b(?:called|termed|dubbed|named|namely|coined|(?:call|name|term|dub) (?:it|this|them|our \w+)|"
    r"denoted(?: as)?|referred to as)\s+[\"“]?(?:the )?$"
)
# "datasets such as …": words that announce what follows.
_GIVES = (
    r"\b[^.;]{0,30}?(?:\(|:|,|—|\bsuch as\b|\bincluding\b|\bnamely\b|\blike\b|\bi\.e\.|\be\.g\.|\bcalled\b|"
    r"\bnamed\b|\bdubbed\b|\btermed\b|\bof\b|\bare\b)[\s,:(—]*(?:both )?(?:the )?[\"“]?$"
)
_DATA_BEFORE = re.compile(r"\b(?:data ?sets?|corpora|corpus|databases?)" + _GIVES)
_BENCHMARK_BEFORE = re.compile(
    r"\b(?:benchmarks?|challenges?|simulators?|environments?|leaderboards?|competitions?)" + _GIVES
)
_METHOD_BEFORE = re.compile(
    r"\b(?:models?|methods?|algorithms?|architectures?|networks?|frameworks?|approach(?:es)?|baselines?|"
    r"backbones?|llms?|systems?|detectors?|encoders?|optimizers?|techniques?|agents?|modules?|loss(?:es)?|"
    r"strateg(?:y|ies)|pipelines?|solvers?)" + _GIVES
)
_METRIC_BEFORE = re.compile(r"\b(?:metrics?|measures?|in terms of|scores? of)\b[^.;]{0,25}$")
_METHOD_USE = re.compile(
    r"\b(?:using|uses?|used|via|based on|built (?:on|upon)|employ\w*|adopt\w*|leverag\w*|utiliz\w*|than|"
    r"outperform\w*|surpass\w*|compared (?:to|with)|against|integrat\w*|combin\w*|extend\w*|fine-tun\w*|"
    r"train(?:ed|ing)?|propose[ds]?|our|proposed|vanilla|original)\s+(?:with |the |a |an |both |"
    r"pre-?trained )*$"
)
_ON = re.compile(
    r"\b(?:on|from|across)\s+(?:the |both |all |our |their |a |an |three |two |four |five |six |seven )*"
    r"(?:[a-z-]+ ){0,3}$"
)
_EVALUATION = re.compile(
    r"\b(?:experiment|evaluat|result|outperform|achiev|accurac|state-of-the-art|sota|performance|test|"
    r"validat|"
    r"surpass|improv|demonstrat|score|assess|conduct)"
)
_METHOD_ACTS = re.compile(
    r"\s*(?:\([^)]{1,40}\)\s*)?,?\s*"
    r"(?:which |that |first |then |also |significantly |consistently |further )?"
    r"(?:outperform|achiev|surpass|improv|learn|generat|leverag|introduc|employ|consist|integrat|attain|"
    r"yield|"
    r"produc|exhibit|reduc|enabl|combin|us(?:es|ing)\b|is (?:a|an|able|based|trained|designed|composed)\b|"
    r"can\b|"
    r"demonstrat|model(?:s|ed)\b|exceed|incorporat|utiliz|extend|operat|perform|offer|adapt|explicitly|"
    r"jointly|"
    r"effectively|addresses|tackles|exploits|delivers|shows|beats|reaches|obtains)"
)
_IS_A = re.compile(
    r"[\s\"'”]*(?:\([^)]{1,80}\)\s*)?(?:,|—|–|--|\bis\b|,\s*which is|\bare\b)\s*(?:a|an|the first|"
    r"one of the)\s+"
    r"(?P<what>[^.,;:()]{3,120})"
)
_METHOD_WORDS = word_set("agent algorithm approach architecture framework method model")
_FAR, _NEAR = 30, 14  # words before a name that are read
_AFTER = 160  # characters after it

# Sections of the word list in the order they are tried.
_HEADS = {
    "dataset": _DATASET,
    "benchmark": _BENCHMARK,
    "method": _METHOD,
    "task": _TASK,
    "metric": _METRIC,
    "method-weak": _METHOD,
    "task-weak": _TASK,
}
_NAMED_BY = {"dataset": _DATASET, "benchmark": _BENCHMARK, "task-word": _TASK, "metric-word": _METRIC}
_NAMED_BY_WEIGHT = {_DATASET: 3.0, _BENCHMARK: 1.5, _TASK: 1.0, _METRIC: 0.8}


def type_of_head(word: str) -> EntityType | None:
    """The type a last word, in lower case, gives a term."""
    for section, entity_type in _HEADS.items():
        if lexicon().has(section, word):
            return entity_type
    return None


def type_of_full_form(full: str) -> EntityType | None:
    """The type the last word of a full form gives it."""
    return type_of_head(full.rpartition(" ")[2].rpartition("-")[2].lower())


def type_after(reading: Reading, index: int, last: int) -> EntityType | None:
    """The type that the plain words from one on give the name before them: "the KITTI odometry benchmark"."""
    for place in range(index, min(index + 3, last)):
        word = reading.words[place]
        if word.named:
            return None
        for section, entity_type in _NAMED_BY.items():
            if lexicon().has(section, word.lower) and (
                place == index or entity_type in {_DATASET, _BENCHMARK}
            ):
                return entity_type
    return None


def own_votes(reading: Reading, first: int, last: int) -> TypeVotes:
    """What spelling, gazetteer and the words after a name say of it."""
    votes = TypeVotes()
    known = reading.known.get(first)
    if known and known[0] == last:
        votes.add(known[1].type, 4.0 if known[1].sure else 0.8)
    elif known and known[1].sure:
        votes.add(known[1].type, 1.0)
    shape = type_of_name(reading.slice(first, last))
    if shape:
        votes.add(shape, 3.0 if shape in {_BENCHMARK, _METRIC} else 1.5)
    elif last - first > 1 and (head := type_of_head(reading.words[last - 1].lower)):
        votes.add(head, 1.5)
    end = last
    while (
        end < min(len(reading.words), last + 4) and reading.words[end].joined and not reading.words[end].bound
    ):
        end += 1
    named_by = type_after(reading, last, end)
    if named_by:
        votes.add(named_by, _NAMED_BY_WEIGHT[named_by])
    elif last < end:
        following = reading.words[last].lower
        if lexicon().has("method", following) or singular(following) in _METHOD_WORDS:
            votes.add(_METHOD, 1.5)
    name_end = reading.words[last - 1].end
    after = reading.text[name_end : name_end + _AFTER]
    if (is_a := _IS_A.match(after)) and (kind := _type_of_phrase(is_a["what"])):
        votes.add(kind, 2.0)
    elif _METHOD_ACTS.match(after):
        votes.add(_METHOD, 1.0)
    return votes


def context_votes(reading: Reading, first: int) -> TypeVotes:
    """What the words before a list of names say of all of them."""
    votes = TypeVotes()
    before = reading.before(first, _NEAR)
    if _DATA_BEFORE.search(before):
        votes.add(_DATASET, 2.5)
    elif _BENCHMARK_BEFORE.search(before):
        votes.add(_BENCHMARK, 1.0).add(_DATASET, 0.9)
    elif _METHOD_BEFORE.search(before):
        votes.add(_METHOD, 2.0)
    elif _METRIC_BEFORE.search(before):
        votes.add(_METRIC, 1.2)
    elif _METHOD_USE.search(before):
        votes.add(_METHOD, 1.0)
    elif _ON.search(before) and _EVALUATION.search(reading.before(first, _FAR)):
        votes.add(_DATASET, 1.6)
    if _CALLED.search(before):
        votes.add(_METHOD, 2.0)
    elif PROPOSES.search(before):
        votes.add(_METHOD, 0.5)
    return votes


def _type_of_phrase(phrase: str) -> EntityType | None:
    """The type of "large-scale dataset of …", by the last noun before a word that bounds it."""
    previous = ""
    for word in re.findall(r"[\w-]+", phrase.lower()):
        if previous and lexicon().bounds(word, previous):
            break
        previous = word
    if lexicon().has("metric-word", previous):
        return _METRIC
    return _TASK if previous == "task" else type_of_head(previous)
