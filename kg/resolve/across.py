"""Many papers: which of their things are one entity, with the reason of every merge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.ids import entity_id
from kg.model import Entity, Extraction, Mention, Merge, PaperEntity, Resolution
from kg.resolve.within import Key, best_name, group_mentions, mention_keys, name_key

# How often a pair found in brackets is a right one: the published precision of the algorithm
# (Schwartz & Hearst 2003, 95 % on the larger of their two collections).
_LONG_FORM_SCORE = 0.95


@dataclass(frozen=True, slots=True)
class _Member:
    """One paper's thing, with the keys under which it may meet others."""

    paper_id: str
    thing: PaperEntity
    keys: tuple[Key, ...]


def resolve(extractions: Iterable[Extraction]) -> Resolution:
    """The entities named by all papers.

    Things of one type are one entity when a normal form of their names meets, a short form and its
    long form counting as names of one thing. A short form to which papers give different long forms
    (CAT) holds nothing together: each paper's is the entity of its own long form.
    """
    from networkx.utils import UnionFind

    groups = [(extraction.paper.id, group_mentions(extraction)) for extraction in extractions]
    things = [(paper_id, thing) for paper_id, group in groups for thing in group]
    ambiguous = _ambiguous_short_forms(thing for _, thing in things)
    members = [_Member(paper_id, thing, _meeting_keys(thing, ambiguous)) for paper_id, thing in things]
    same: UnionFind[Key] = UnionFind()
    for member in members:
        same.union(*member.keys)
    clusters: dict[Key, list[_Member]] = {}
    for member in members:
        clusters.setdefault(same[member.keys[0]], []).append(member)

    entities = []
    entity_ids: dict[tuple[str, Mention], str] = {}
    for cluster in clusters.values():
        entity = _entity(cluster)
        entities.append(entity)
        for member in cluster:
            for mention in member.thing.mentions:
                entity_ids[member.paper_id, mention] = entity.id
    return Resolution(entities=tuple(sorted(entities, key=lambda entity: entity.id)), entity_ids=entity_ids)


def _ambiguous_short_forms(things: Iterable[PaperEntity]) -> frozenset[Key]:
    expansions: dict[Key, set[Key]] = {}
    for thing in things:
        for mention in thing.mentions:
            if mention.long_form is not None:
                short, long = mention_keys(mention)
                expansions.setdefault(short, set()).add(long)
    return frozenset(short for short, longs in expansions.items() if len(longs) > 1)


def _meeting_keys(thing: PaperEntity, ambiguous: frozenset[Key]) -> tuple[Key, ...]:
    """A thing's keys, less its ambiguous short forms where a long form is left to go by."""
    keys = {key for mention in thing.mentions for key in mention_keys(mention)}
    return tuple(sorted(keys - ambiguous or keys))


def _entity(members: list[_Member]) -> Entity:
    mentions = [mention for member in members for mention in member.thing.mentions]
    entity_type = mentions[0].type
    # The shortest key stays the shortest when longer names join, so that the id outlives them.
    key = min((key for member in members for _, key in member.keys), key=lambda key: (len(key), key))
    name = best_name(mentions)
    names = {mention.name for mention in mentions}
    names |= {mention.long_form for mention in mentions if mention.long_form is not None}
    return Entity(
        id=entity_id(entity_type, key),
        type=entity_type,
        name=name,
        aliases=tuple(sorted(names - {name})),
        papers=tuple(sorted({member.paper_id for member in members})),
        merges=_merges(members),
    )


def _merges(members: list[_Member]) -> tuple[Merge, ...]:
    """Why the names of one entity are one: each long form by its papers, each spelling by its key."""
    spellings: dict[str, set[str]] = {}
    pairs: dict[tuple[str, str], set[str]] = {}
    for member in members:
        for mention in member.thing.mentions:
            spellings.setdefault(name_key(mention.name), set()).add(mention.name)
            if mention.long_form is not None:
                names = tuple(sorted((mention.name, mention.long_form)))
                pairs.setdefault((names[0], names[1]), set()).add(member.paper_id)
    by_spelling = (
        Merge(names=tuple(sorted(names)), reason=f"same normal form {key!r}", score=1.0)
        for key, names in spellings.items()
        if len(names) > 1
    )
    by_long_form = (
        Merge(names=names, reason=f"long form in {', '.join(sorted(papers))}", score=_LONG_FORM_SCORE)
        for names, papers in pairs.items()
    )
    return tuple(sorted((*by_spelling, *by_long_form)))
