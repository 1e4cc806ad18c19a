"""The word lists of the rule-based finder, read once from `lists/words.txt`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files


def word_set(text: str) -> frozenset[str]:
    """The words of a text parted by blanks."""
    return frozenset(text.split())


# After these a word that is verb or noun is a verb.
_VERB_CUES = word_set("also can cannot could may might must not should they to we will would")


class Lexicon:
    """Which words bound a term, which shape it, and what kind of thing its last word makes it."""

    def __init__(self, sections: Mapping[str, frozenset[str]]) -> None:
        kept = sections["participle"] | sections["gerund"]
        nouns = sections["noun-verb"]
        verbs = {form for verb in sections["verb"] - nouns for form in verb_forms(verb)}
        verbs |= {form for verb in nouns for form in verb_forms(verb)[2:]}
        self._bounds = (sections["verb-form"] | verbs) - kept | sections["function"]
        self._kept = kept
        self._nouns = frozenset(form for verb in nouns for form in verb_forms(verb)[:2])
        self._adverbs = sections["adverb"]
        self.plain_adjectives = sections["plain-adjective"]
        self.plain_nouns = sections["plain-noun"]
        self.sections = sections

    def bounds(self, word: str, previous: str) -> bool:
        """Whether a word in lower case, after another, can be no part of a term."""
        if word in self._bounds:
            return True
        if word in self._nouns:
            return previous in _VERB_CUES
        if "-" in word or len(word) < 5 or word in self._kept:
            return False
        return word.endswith(("ed", "ing")) or (word.endswith("ly") and word not in self._adverbs)

    def has(self, section: str, word: str) -> bool:
        """Whether a section holds a word in lower case, or its singular."""
        words = self.sections[section]
        return word in words or singular(word) in words


@cache
def lexicon() -> Lexicon:
    """The lists that come with the package."""
    sections: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in (files("kg.extract") / "lists" / "words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            section.update(line.split())
    return Lexicon({name: frozenset(words) for name, words in sections.items()})


def verb_forms(verb: str) -> tuple[str, ...]:
    """Base form, third person, then past and participles, by the rules of English spelling.

    >>> verb_forms("apply"), verb_forms("map")
    (('apply', 'applies', 'applied', 'applying'), ('map', 'maps', 'maped', 'maping', 'mapped', 'mapping'))
    """
    if verb.endswith("e"):
        return (verb, verb + "s", verb + "d", verb[:-1] + "ing")
    if re.search(r"[^aeiou]y$", verb):
        return (verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return (verb, verb + "es", verb + "ed", verb + "ing")
    forms = (verb, verb + "s", verb + "ed", verb + "ing")
    if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", verb):
        return (*forms, verb + verb[-1] + "ed", verb + verb[-1] + "ing")
    return forms


@lru_cache(maxsize=1 << 15)
def singular(word: str) -> str:
    """A word in lower case without the plural.

    >>> [singular(word) for word in ("networks", "losses", "searches", "analysis", "policies", "bias")]
    ['network', 'loss', 'search', 'analysis', 'policy', 'bias']
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "as", "ics")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1]
