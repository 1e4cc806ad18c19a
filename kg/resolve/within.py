"""One paper: which of its mentions name one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kg.model import EntityType, Extraction, Mention, PaperEntity, Role
from kg.text import normal_form

# What a paper does with a thing is the most it does with it anywhere in its text.
_STRONGEST_FIRST = (
    Role.PROPOSED,
    Role.EVALUATED_ON,
    Role.TRAINED_ON,
    Role.COMPARED,
    Role.USED,
    Role.ADDRESSED,
    Role.MEASURED,
    Role.STUDIED,
    Role.MENTIONED,
)

Key = tuple[EntityType, str]


def group_mentions(extraction: Extraction) -> tuple[PaperEntity, ...]:
    """The things one paper names, in order of first mention.

    Mentions of one type meet when their normal forms do, or when one is the long form the paper
    gives for the other. The short form is the name, the long form an alias; otherwise the name is
    the most frequent spelling. Variants of case and number are no aliases.
    """
    from networkx.utils import UnionFind

    mentions = sorted(extraction.mentions, key=_reading_order)
    same: UnionFind[Key] = UnionFind()
    for mention in mentions:
        same.union(*mention_keys(mention))
    groups: dict[Key, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(same[mention_keys(mention)[0]], []).append(mention)
    return tuple(_paper_entity(group) for group in groups.values())


def mention_keys(mention: Mention) -> tuple[Key, ...]:
    """The keys a mention goes by: its name's and, where it is a short form, its long form's."""
    names = (mention.name,) if mention.long_form is None else (mention.name, mention.long_form)
    return tuple((mention.type, name_key(name)) for name in names)


def name_key(name: str) -> str:
    """The normal form of a name; the name itself where nothing of it counts (`***`)."""
    return normal_form(name) or name


def best_name(mentions: Iterable[Mention]) -> str:
    """The name to show: a short form with a known long form first, then the most frequent spelling.

    Ties go to the shorter, then to the first in the alphabet.
    """
    counts = Counter((mention.long_form is not None, mention.name) for mention in mentions)
    return min(counts, key=lambda key: (not key[0], -counts[key], len(key[1]), key[1]))[1]


def _paper_entity(mentions: list[Mention]) -> PaperEntity:
    name = best_name(mentions)
    spellings: dict[str, list[Mention]] = {}
    for mention in mentions:
        spellings.setdefault(name_key(mention.name), []).append(mention)
    aliases = {key: best_name(group) for key, group in spellings.items() if key != name_key(name)}
    for mention in mentions:
        if mention.long_form is not None and name_key(mention.long_form) != name_key(name):
            aliases.setdefault(name_key(mention.long_form), mention.long_form)
    return PaperEntity(
        type=mentions[0].type,
        name=name,
        aliases=tuple(sorted(aliases.values())),
        role=min((mention.role for mention in mentions), key=_STRONGEST_FIRST.index),
        mentions=tuple(mentions),
    )


def _reading_order(mention: Mention) -> tuple[bool, str, int, int, str, str]:
    """Title first, then by place; the rest only settles ties."""
    span = mention.span
    return span.section != "title", span.section, span.start, span.end, mention.type, mention.name
