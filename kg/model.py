"""The types all stages share: what a text says, and what the graph holds.

Two sides. A `Mention` is a name in one text, an `Entity` the thing named by many;
a `TextRelation` links two mentions, an `Assertion` two entities; a `Measurement`
is a number in a text, a `Result` the same on entities. `resolve` is the arrow
between them. All are frozen, and hold tuples, so that they can be hashed, sorted
and shared between processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kg.vocab import EntityType, RelationType, Role

__all__ = [
    "Assertion",
    "Entity",
    "EntityType",
    "Evidence",
    "Extraction",
    "Link",
    "LinkKind",
    "Measurement",
    "Mention",
    "Merge",
    "Paper",
    "PaperEntity",
    "Reject",
    "RelationType",
    "Resolution",
    "Result",
    "ResultKind",
    "Role",
    "Section",
    "Source",
    "TextRelation",
    "TextSpan",
]


class Section(StrEnum):
    """The part of a paper's record a span stands in."""

    TITLE = "title"
    ABSTRACT = "abstract"
    COMMENT = "comment"


class LinkKind(StrEnum):
    """What a web address given by the authors leads to."""

    CODE = "code"
    PROJECT = "project"
    DATA = "data"


class ResultKind(StrEnum):
    """Whether a number is a value reached or a difference to something."""

    ABSOLUTE = "absolute"
    DELTA = "delta"


# --- records -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a record came from: the file's name and the record's number in it, from 1."""

    file: str
    record: int


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A web address of a paper, as the authors gave it, without marks around it."""

    url: str
    kind: LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper's record.

    Required: `id`, in the form `arXiv:2110.11945`, `doi:10.1000/x` or as the input gave it.
    As published: `title`, `abstract`, `comment` (several comment lines joined by a newline).
    Lists: `authors` in the paper's order, `categories` sorted, `links` and `related` (ids) sorted,
    `sources` sorted.
    Optional: `created` (ISO date, or its first part: `2021`, `2021-10`), `doi`, `journal_ref`,
    `venue` (normal form with year, `NeurIPS 2021`), `presentation` (`Oral`, `Spotlight` …).
    """

    id: str
    title: str | None = field(default=None, repr=False)
    abstract: str = field(default="", repr=False)
    comment: str | None = field(default=None, repr=False)
    authors: tuple[str, ...] = field(default=(), repr=False)
    categories: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[Link, ...] = field(default=(), repr=False)
    related: tuple[str, ...] = field(default=(), repr=False)
    sources: tuple[Source, ...] = field(default=(), repr=False)
    created: str | None = None
    doi: str | None = field(default=None, repr=False)
    journal_ref: str | None = field(default=None, repr=False)
    venue: str | None = None
    presentation: str | None = field(default=None, repr=False)

    def section(self, section: Section) -> str:
        """The published text of a section; empty where the paper has none."""
        match section:
            case Section.TITLE:
                return self.title or ""
            case Section.ABSTRACT:
                return self.abstract
            case Section.COMMENT:
                return self.comment or ""

    @property
    def year(self) -> int | None:
        """The year of `created`."""
        return int(self.created[:4]) if self.created else None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Reject:
    """A record that could not be taken in, with everything needed to mend it."""

    file: str
    line: int | None
    record: int
    id: str | None
    reason: str
    raw: str


# --- text side: one paper ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """A stretch of a section: half-open character offsets into the published text, and that text."""

    section: Section
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mention:
    """A name in a text.

    `name` is the span's text as a reader would write it (LaTeX and broken hyphens mended);
    `long_form` is the full form the paper gives for a short one (`TBPS`: `text-based person search`);
    `score` runs from 0 to 1; `extractor` names the component that found it.
    """

    span: TextSpan
    type: EntityType
    name: str
    role: Role
    long_form: str | None = None
    score: float
    extractor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRelation:
    """Two mentions of one paper and what links them; `sentence` is where the text says so."""

    type: RelationType
    head: Mention
    tail: Mention
    sentence: TextSpan
    score: float
    extractor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A number a text states for a method, and the mentions it is about.

    `span` covers the number with its sign and unit. `value` of a delta is signed: better accuracy
    is positive, fewer parameters negative.
    """

    span: TextSpan
    value: float
    unit: str | None
    kind: ResultKind
    method: Mention | None = None
    dataset: Mention | None = None
    metric: Mention | None = None
    task: Mention | None = None
    baseline: Mention | None = None
    score: float
    extractor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What one paper's text says. `sentences` are in order of section and start."""

    paper: Paper
    sentences: tuple[TextSpan, ...] = field(default=(), repr=False)
    mentions: tuple[Mention, ...] = ()
    relations: tuple[TextRelation, ...] = ()
    measurements: tuple[Measurement, ...] = ()

    def sentence_of(self, span: TextSpan) -> TextSpan:
        """The sentence a span stands in; the span itself where no sentence holds its start."""
        for sentence in self.sentences:
            if sentence.section is span.section and sentence.start <= span.start < sentence.end:
                return sentence
        return span


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntity:
    """What one paper calls one thing: its mentions under one name, with the role it has there."""

    type: EntityType
    name: str
    aliases: tuple[str, ...]
    role: Role
    mentions: tuple[Mention, ...]

    @property
    def score(self) -> float:
        """The best score of its mentions."""
        return max(mention.score for mention in self.mentions)


# --- graph side: all papers --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Merge:
    """Why these names are one entity. Two names or more, sorted."""

    names: tuple[str, ...]
    reason: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing named by papers. `id` is `<kind>/<slug>`; `aliases`, `papers`, `merges` are sorted."""

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()

    @property
    def support(self) -> int:
        """The number of papers that name it."""
        return len(self.papers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Which mentions of many papers name one entity.

    `entities` are sorted by id; `entity_ids` gives the entity of each (paper id, mention).
    """

    entities: tuple[Entity, ...]
    entity_ids: Mapping[tuple[str, Mention], str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Evidence:
    """Where a paper says something: the span read, the sentence around it, and what read it."""

    paper_id: str
    span: TextSpan
    sentence: str
    score: float
    extractor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A triple with its evidence, of which there is at least one. Equality is the triple.

    `subject` and `object` are ids of papers or entities, `predicate` the IRI of an ontology term.
    """

    subject: str
    predicate: str
    object: str
    evidence: tuple[Evidence, ...] = field(compare=False)

    @property
    def support(self) -> int:
        """The number of papers that say so."""
        return len({evidence.paper_id for evidence in self.evidence})

    @property
    def confidence(self) -> float:
        """The best score among the evidence."""
        return max(evidence.score for evidence in self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A measured value on entities (by id), reported in one paper."""

    id: str
    paper_id: str
    value: float
    unit: str | None
    kind: ResultKind
    method: str | None = None
    dataset: str | None = None
    metric: str | None = None
    task: str | None = None
    baseline: str | None = None
    evidence: tuple[Evidence, ...] = field(compare=False)

    @property
    def confidence(self) -> float:
        """The best score among the evidence."""
        return max(evidence.score for evidence in self.evidence)
