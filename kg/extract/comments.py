"""Metadata from comment lines: venue, presentation, links and related papers.

Takes a `Paper` as read, gives it with those fields filled. Must not change what the reader found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.extract.publication import publication_of_comment, publication_of_reference
from kg.ids import ARXIV_PATTERN, paper_id
from kg.model import Link, LinkKind, Paper

_RELATED = re.compile(rf"arxiv(?:\.org/(?:abs|pdf)/|\s*:\s*|\s+)({ARXIV_PATTERN})(?!\d)", re.I)

# --- web addresses -----------------------------------------------------------------------------------

_URL = re.compile(
    r"""(?:https?://|(?<![\w/.@-])(?:www\.|(?:github|gitlab|bitbucket|codeberg|huggingface)\.(?:com|org|co)/))
    [^\s<>"{}|^`\\]{1,1000}""",
    re.X,
)
_HOST = re.compile(r"^(?:https?://)?(?:[^/@]*@)?([^/:?#]*).*$", re.S)
_ESCAPED = re.compile(r"\\([_%#&~$-])(?:\{\})?")
_NEXT_SENTENCE = re.compile(r"\.(?:Our|The|We|In|This|Code|Codes|Project|And|A|It|For)$")
_BRACKETS = {")": "(", "]": "["}
_BREAK = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\\(]|$)|\n")

# Hosts by what they hold; a host counts for those below it.
_CODE_HOSTS = (
    "github.com gitlab.com bitbucket.org codeberg.org gitee.com sourceforge.net sr.ht codeocean.com"
    " pypi.org 4open.science colab.research.google.com huggingface.co hf.co modelscope.cn"
)
_PAGE_HOSTS = (
    "github.io gitlab.io sites.google.com netlify.app vercel.app pages.dev readthedocs.io streamlit.app"
    " wixsite.com notion.site"
)
_DATA_HOSTS = (
    "zenodo.org kaggle.com figshare.com datadryad.org osf.io physionet.org openslr.org ieee-"
    " dataport.org dataverse.org dataverse.harvard.edu data.mendeley.com pangaea.de synapse.org"
)
# Papers, reviews, films and people.
_OTHER_HOSTS = (
    "arxiv.org openreview.net doi.org acm.org ieee.org springer.com springernature.com"
    " sciencedirect.com elsevier.com aclanthology.org aclweb.org nature.com wiley.com mdpi.com"
    " frontiersin.org neurips.cc mlr.press thecvf.com aaai.org ijcai.org biorxiv.org medrxiv.org"
    " ssrn.com researchgate.net semanticscholar.org wikipedia.org youtube.com youtu.be vimeo.com"
    " bilibili.com creativecommons.org orcid.org easychair.org ceur-ws.org dagstuhl.de copernicus.org"
    " handle.net"
)
_HOSTS: dict[str, LinkKind | None] = {
    **dict.fromkeys(_CODE_HOSTS.split(), LinkKind.CODE),
    **dict.fromkeys(_PAGE_HOSTS.split(), LinkKind.PROJECT),
    **dict.fromkeys(_DATA_HOSTS.split(), LinkKind.DATA),
    **dict.fromkeys(_OTHER_HOSTS.split(), None),
}
# Parts of hosts that hold something else: data sets and the DOIs of their repositories; papers, leaderboards.
_DATA_PATH = re.compile(
    r"(?:huggingface\.co|hf\.co)/datasets/|doi\.org/10\.(?:5281|6084|5061|7910|17632)/", re.I
)
_OTHER_PATH = re.compile(r"huggingface\.co/(?:papers|spaces)/", re.I)

_PAGE_WORDS = re.compile(
    r"""\b(?:project|demo|home|companion|paper)[\s-]*(?:web\s*)?(?:pages?|sites?|url|link)\b | \bhomepage
    | \bweb\s*-?(?:sites?|pages?)\b | \bpage\s*: | \bproject\s*: | \binteractive\ demo
    | \bproject\ (?:is\ )?(?:available\ )?(?:at|on|in)\b""",
    re.I | re.X,
)
_CODE_WORDS = re.compile(
    r"""\b(?:codes?|codebase|sources?|implementations?|repos?|repository|repositories|software|toolkit|toolbox|package
    |library|scripts?|github|checkpoints?|weights|models?)\b""",
    re.I | re.X,
)
_PAGE_OF_CODE = re.compile(r"\b(?:web|home|project)[\s-]*(?:web)?(?:pages?|sites?)\b", re.I)
_DATA_WORDS = re.compile(
    r"\b(?:data|data\s?-?sets?|corpus|corpora|benchmarks?|annotations|recordings)\b", re.I
)
_OFFERED = re.compile(
    r"\b(?:available|released?|found|download\w*|access\w*|hosted|here|provided|published|shared|visit|see|at)\b|:\s*\W*$",
    re.I,
)
_OTHER_WORDS = re.compile(
    r"""\b(?:challenge|competition|leaderboard|workshop|conference|proceedings|published|preprint|doi
    |licen[cs]e|extension\ of|version\ of\ record|video|talk|slides|poster
    |paper\ (?:is\ )?(?:available\ )?(?:at|in))\b""",
    re.I | re.X,
)
_WORDS = {
    LinkKind.CODE: _CODE_WORDS,
    LinkKind.PROJECT: _PAGE_WORDS,
    LinkKind.DATA: _DATA_WORDS,
}


def with_metadata(paper: Paper) -> Paper:
    """The paper with what its comment, abstract and journal reference tell about it.

    Links come from comment and abstract, related papers from the comment, the venue from the journal
    reference or else from the comment. What the reader gave stays, next to the links and ids found.

    >>> paper = with_metadata(Paper(id="arXiv:2101.00001", comment="Accepted to ICCV2021 (Oral)"))
    >>> paper.venue, paper.presentation
    ('ICCV 2021', 'Oral')
    """
    comment = paper.comment or ""
    told = publication_of_comment(comment)
    publication = publication_of_reference(paper.journal_ref or "") or told
    given = {_same(link.url) for link in paper.links}
    links = [link for link in find_links(comment, paper.abstract) if _same(link.url) not in given]
    return replace(
        paper,
        venue=paper.venue or (publication.venue if publication else None),
        presentation=paper.presentation or (told.presentation if told else None),
        links=tuple(sorted({*paper.links, *links})),
        related=tuple(sorted({*paper.related, *related_ids(comment)} - {paper.id})),
    )


def related_ids(comment: str) -> list[str]:
    """The ids of the arXiv papers a comment names, in order.

    >>> related_ids("text overlap with arXiv:1909.07229 and arXiv:math/0309136v2")
    ['arXiv:1909.07229', 'arXiv:math/0309136']
    """
    return list(dict.fromkeys(paper_id(match[1]) for match in _RELATED.finditer(comment)))


def find_links(*texts: str) -> list[Link]:
    r"""The links to code, project pages and data in `texts`, each address once, in order of first mention.

    The kind follows from the host, and from the words before the address where these say otherwise.
    An address that leads to none of the three (a challenge, a review, a film) is left out.

    >>> for link in find_links(r"Code: \url{https://github.com/a/b.git}. Project page at https://a.github.io/b/."):
    ...     print(link.kind, link.url)
    code https://github.com/a/b
    project https://a.github.io/b/
    """
    links: dict[str, Link] = {}
    for text in texts:
        for link in _links(text):
            links.setdefault(_same(link.url), link)
    return list(links.values())


def _links(raw: str) -> Iterator[Link]:
    text = _ESCAPED.sub(r"\1", raw)
    position = 0
    for match in _URL.finditer(text):
        url = _trimmed(match[0])
        end = match.start() + len(url)
        before = _BREAK.split(text[max(position, match.start() - 160) : match.start()])[-1]
        words = before if before.strip(" \n\t([{:.,") else text[end : end + 60]
        position = match.end()
        if kind := _kind(url, words):
            yield Link(url if "//" in url else f"https://{url}", kind)


def _trimmed(url: str) -> str:
    """The address without what belongs to the sentence, and without `.git`."""
    while True:
        last = url[-1:]
        if last in set(".,;:!?'\"’”*") or (
            last in _BRACKETS and url.count(last) > url.count(_BRACKETS[last])
        ):
            url = url[:-1]
        elif match := _NEXT_SENTENCE.search(url):
            url = url[: match.start()]
        else:
            return url.removesuffix(".git")


def _kind(url: str, words: str) -> LinkKind | None:
    if _DATA_PATH.search(url):
        return LinkKind.DATA
    labels = _HOST.sub(r"\1", url).casefold().split(".")
    known = next((name for i in range(len(labels)) if (name := ".".join(labels[i:])) in _HOSTS), None)
    if known is not None and (kind := _HOSTS[known]) is not LinkKind.CODE:
        return kind
    if _OTHER_PATH.search(url) or len(labels) < 2:
        return None
    if known is not None or labels[0] in {"git", "gitlab"}:
        if _CODE_WORDS.search(words) or not _PAGE_OF_CODE.search(words):
            return _told(words, LinkKind.CODE, LinkKind.DATA) or LinkKind.CODE
        return LinkKind.PROJECT
    return _kind_by_words(words)


def _kind_by_words(words: str) -> LinkKind | None:
    """What an address on a host of its own leads to; where it stands alone, to the project's page."""
    if not words.strip(" \n\t([{}:.,)]"):
        return LinkKind.PROJECT
    if _OTHER_WORDS.search(words) and not _PAGE_WORDS.search(words):
        return None
    kind = _told(words, LinkKind.PROJECT, LinkKind.CODE, LinkKind.DATA)
    return kind if kind is LinkKind.PROJECT or _OFFERED.search(words) else None


def _told(words: str, *order: LinkKind) -> LinkKind | None:
    """The first of these kinds that the words speak of."""
    return next((kind for kind in order if _WORDS[kind].search(words)), None)


def _same(url: str) -> str:
    """A key under which spellings of one address meet."""
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/").casefold()
