"""What the side panel tells of one paper or one entity, as plain JSON values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Any
from urllib.parse import quote, urlsplit

from kg.ids import iri, outside_url, paper_iri
from kg.model import Entity, Evidence, LinkKind, Paper, Section

_LONGEST_HEADLINE = 240
# Up to a full stop that ends a word; linear, since each part begins with what the one before stopped at.
_FIRST_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]?")
_LINK_NAMES = {LinkKind.CODE: "Code", LinkKind.PROJECT: "Project page", LinkKind.DATA: "Data"}

# A text cut where marks begin and end: plain text, or text and the number of the node it names, which is
# None for a measured value and for what is not drawn.
Segments = list[str | list[str | int | None]]


def paper_record(
    paper: Paper, marks: Iterable[tuple[Evidence, int | None]], proposing: Sequence[Evidence], base: str
) -> dict[str, Any]:
    """What is known of a paper; `marks` say what stands where in its texts.

    Its headline is its title or, without one, the sentence in which it says what it proposes, or
    its first sentence.
    """
    spans: dict[Section, list[tuple[int, int, int | None]]] = {section: [] for section in Section}
    for piece, node in marks:
        if paper.section(piece.span.section)[piece.span.start : piece.span.end] == piece.span.text:
            spans[piece.span.section].append((piece.span.start, piece.span.end, node))
    read_at = outside_url(paper.id)
    links = [("arXiv" if paper.id.startswith("arXiv:") else "Paper", read_at)] if read_at else []
    if paper.doi:
        links.append(("DOI", f"https://doi.org/{quote(paper.doi, safe='/:;()._-')}"))
    links.extend((_LINK_NAMES[link.kind], link.url) for link in paper.links)
    return {
        "id": paper.id,
        "iri": paper_iri(paper.id, base),
        "headline": _headline(paper, proposing),
        "titled": bool(paper.title and paper.title.strip()),
        "authors": list(paper.authors),
        "created": paper.created,
        "venue": paper.venue,
        "presentation": paper.presentation,
        "journal": paper.journal_ref,
        "abstract": segments(paper.abstract, spans[Section.ABSTRACT]),
        "comment": segments(paper.comment or "", spans[Section.COMMENT]),
        "links": [[name, url] for name, url in dict.fromkeys(links) if is_web_address(url)],
    }


def entity_record(entity: Entity, base: str) -> dict[str, Any]:
    """What is known of an entity besides its statements."""
    return {
        "iri": iri(entity.id, base),
        "aliases": list(entity.aliases),
        "merges": [
            {"names": list(merge.names), "reason": merge.reason, "confidence": round(merge.score, 2)}
            for merge in entity.merges
        ],
        "links": [[address, address] for address in entity.same_as if is_web_address(address)],
    }


def segments(text: str, marks: Iterable[tuple[int, int, int | None]]) -> Segments:
    """A text cut at its marks, so that a page need not count characters.

    Of marks that overlap the longest stays.

    >>> segments("We train SOFT.", [(9, 13, 7), (9, 11, 8)])
    ['We train ', ['SOFT', 7], '.']
    """
    kept: list[tuple[int, int, int | None]] = []
    for start, end, node in sorted(set(marks), key=lambda m: (m[0] - m[1], m[0], m[2] is None, m[2])):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in kept):
            kept.append((start, end, node))
    cut: Segments = []
    done = 0
    for start, end, node in sorted(kept, key=lambda mark: mark[0]):
        if start > done:
            cut.append(text[done:start])
        cut.append([text[start:end], node])
        done = end
    if done < len(text):
        cut.append(text[done:])
    return cut


def is_web_address(address: str) -> bool:
    """Whether a link may be followed from the page: http or https, with a host.

    >>> is_web_address("https://a.org/x"), is_web_address("javascript:alert(1)"), is_web_address("https://[")
    (True, False, False)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _headline(paper: Paper, proposing: Sequence[Evidence]) -> str:
    if paper.title and paper.title.strip():
        return " ".join(paper.title.split())
    if proposing:
        first = min(proposing, key=lambda piece: (piece.span.section, piece.span.start))
        return shorten(first.sentence, _LONGEST_HEADLINE, placeholder=" …")
    found = _FIRST_SENTENCE.match(" ".join(paper.abstract.split()))
    return shorten(found[0] if found else "", _LONGEST_HEADLINE, placeholder=" …") or paper.id
