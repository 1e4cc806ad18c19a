"""Names in a text: words written like names, and the type the text around them gives them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.extract.candidates import Candidate, Reading
from kg.extract.lexicon import lexicon, singular
from kg.extract.shapes import type_of_name
from kg.extract.terms import runs
from kg.text import normal_form
from kg.vocab import EntityType

_LIST_JOINT = re.compile(r"\s*(?:,|/|&|\band\b|\bor\b|,\s*(?:and|or)\b|\bas well as\b)\s*(?:the\s+|on\s+|on the\s+)?", re.I)
_EVALUATION = re.compile(
    r"\b(?:experiment|evaluat|result|outperform|achiev|accurac|state-of-the-art|sota|performance|test|validat|train|"
    r"surpass|improv|demonstrat|score|assess|studies)"
)
_PROPOSES = re.compile(
    r"\b(?:propos|present|introduc|develop|design|devis|describ|build|creat|construct|releas|contribut|establish|curat|collect|offer|"
    r"call|nam|term|dub)(?:e|es|ed|ing|s|led|t)?\b[^.;:]{0,40}$"
)
_USES = re.compile(
    r"\b(?:using|use|uses|used|via|based on|built on|built upon|build on|employ\w*|adopt\w*|leverag\w*|utiliz\w*|with|"
    r"than|outperform\w*|surpass\w*|compared (?:to|with)|against|over|integrat\w*|combin\w*|appl(?:y|ied|ying)|by|extend\w*)"
    r"\s+(?:the |a |an )?$"
)
_ON = re.compile(r"\b(?:on|from|in|across)\s+(?:the |both |both the |three |two |four |five |six )?(?:\w+[- ]){0,3}?$")
_DATA_BEFORE = re.compile(
    r"\b(?:data ?sets?|corpora|corpus|databases?|benchmark data ?sets?)\b[^.;]{0,25}?(?:\(|:|,|\bsuch as\b|\bincluding\b|\bnamely\b|\blike\b|"
    r"\bi\.e\.|\be\.g\.|\bof\b|\bcalled\b|\bnamed\b|\bdubbed\b|\bare\b)[\s,:(]*(?:both )?(?:the )?$"
)
_BENCHMARK_BEFORE = re.compile(_DATA_BEFORE.pattern.replace(r"data ?sets?|corpora|corpus|databases?|benchmark data ?sets?", "benchmarks?"))
_METHOD_BEFORE = re.compile(
    r"\b(?:models?|methods?|algorithms?|architectures?|networks?|frameworks?|approach(?:es)?|baselines?|backbones?|llms?|systems?|"
    r"detectors?|encoders?|optimizers?|techniques?|agents?|module|losses|loss|strategy|strategies)\b[^.;]{0,25}?"
    r"(?:\(|:|,|\bsuch as\b|\bincluding\b|\bnamely\b|\blike\b|\bi\.e\.|\be\.g\.|\bcalled\b|\bnamed\b|\bdubbed\b|\btermed\b)[\s,:(]*(?:the )?$"
)


@dataclass(slots=True)
class Name:
    """Words that make a name, with what the text says of its type."""

    first: int
    last: int
    votes: Counter[EntityType] = field(default_factory=Counter)
    proposed: bool = False


def find_names(reading: Reading) -> list[Name]:
    """The names of a text in order of place, each with votes for its type."""
    names = [name for first, last in runs(reading.words) for name in _names_of_run(reading, first, last)]
    for group in _lists(reading, names):
        _vote_by_context(reading, group)
    return names


def settle(reading: Reading, names: Sequence[Name], same: Iterable[tuple[str, str]]) -> list[Candidate]:
    """One type for each name of the paper, by the sum of its votes; `same` are pairs of keys of one thing."""
    raise NotImplementedError
