"""Metadata from comment lines: venue, presentation, links and related papers.

Takes a `Paper` as read, gives it with those fields filled. Must not change what the reader found.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg.extract.links import find_links
from kg.extract.publication import publication_of_comment, publication_of_reference
from kg.ids import ARXIV_PATTERN, paper_id
from kg.model import Paper

_RELATED = re.compile(rf"arxiv(?:\.org/(?:abs|pdf)/|\s*:\s*|\s+)({ARXIV_PATTERN})(?!\d)", re.I)


def with_metadata(paper: Paper) -> Paper:
    """The paper with what its comment, abstract and journal reference tell about it.

    Links come from comment and abstract, related papers from the comment, the venue from the journal
    reference or else from the comment. What the reader gave stays, next to the links and ids found.

    >>> paper = with_metadata(Paper(id="arXiv:2101.00001", comment="Accepted to ICCV2021 (Oral Presentation)"))
    >>> paper.venue, paper.presentation
    ('ICCV 2021', 'Oral')
    """
    comment = paper.comment or ""
    reference = publication_of_reference(paper.journal_ref or "")
    told = publication_of_comment(comment)
    publication = reference or told
    given = {link.url for link in paper.links}
    links = {*paper.links, *(link for link in find_links([comment, paper.abstract]) if link.url not in given)}
    return replace(
        paper,
        venue=paper.venue or (publication.venue if publication else None),
        presentation=paper.presentation or (told.presentation if told else None),
        links=tuple(sorted(links)),
        related=tuple(sorted({*paper.related, *related_ids(comment)} - {paper.id})),
    )


def related_ids(comment: str) -> list[str]:
    """The ids of the arXiv papers a comment names, in order.

    >>> related_ids("text overlap with arXiv:1909.07229 and arXiv:math/0309136v2")
    ['arXiv:1909.07229', 'arXiv:math/0309136']
    """
    return list(dict.fromkeys(paper_id(match[1]) for match in _RELATED.finditer(comment)))
