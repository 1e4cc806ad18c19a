"""Web addresses that authors give for code, project pages and data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from kg.model import Link, LinkKind

_URL = re.compile(
    r"""(?:https?://|(?<![\w/.@-])(?:www\.|(?:github|gitlab|bitbucket|codeberg|huggingface)\.(?:com|org|co)/))"""
    r"""[^\s<>"{}|^`\\]+"""
)
_ESCAPED = re.compile(r"\\([_%#&~$-])(?:\{\})?")
_SENTENCE_AFTER = re.compile(r"\.(?:Our|The|We|In|This|Code|Codes|Project|And|A|It|For)$")
_CLOSING = {")": "(", "]": "["}

# Hosts by what they hold, matched as the whole host or its end.
_CODE_HOSTS = (
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "gitee.com",
    "sourceforge.net",
    "codeocean.com",
    "pypi.org",
    "anonymous.4open.science",
    "colab.research.google.com",
    "huggingface.co",
    "hf.co",
    "modelscope.cn",
    "gist.github.com",
    "sr.ht",
)
_PAGE_HOSTS = (
    "github.io",
    "gitlab.io",
    "sites.google.com",
    "netlify.app",
    "vercel.app",
    "pages.dev",
    "readthedocs.io",
    "streamlit.app",
    "wixsite.com",
    "notion.site",
)
_DATA_HOSTS = (
    "zenodo.org",
    "kaggle.com",
    "figshare.com",
    "datadryad.org",
    "osf.io",
    "physionet.org",
    "openslr.org",
    "ieee-dataport.org",
    "dataverse.org",
    "dataverse.harvard.edu",
    "data.mendeley.com",
    "pangaea.de",
    "synapse.org",
)
# Papers, reviews, films and talks: neither code nor project nor data.
_OTHER_HOSTS = (
    "arxiv.org",
    "openreview.net",
    "acm.org",
    "ieee.org",
    "springer.com",
    "springernature.com",
    "sciencedirect.com",
    "elsevier.com",
    "aclanthology.org",
    "aclweb.org",
    "nature.com",
    "wiley.com",
    "mdpi.com",
    "frontiersin.org",
    "neurips.cc",
    "mlr.press",
    "thecvf.com",
    "aaai.org",
    "ijcai.org",
    "biorxiv.org",
    "medrxiv.org",
    "ssrn.com",
    "researchgate.net",
    "semanticscholar.org",
    "wikipedia.org",
    "youtube.com",
    "youtu.be",
    "vimeo.com",
    "bilibili.com",
    "creativecommons.org",
    "orcid.org",
    "easychair.org",
    "ceur-ws.org",
    "dagstuhl.de",
    "copernicus.org",
    "handle.net",
)
_DATA_PATH = re.compile(r"huggingface\.co/datasets/|hf\.co/datasets/|doi\.org/10\.(?:5281|6084|5061|7910|17632)/", re.I)
_PAPER_PATH = re.compile(r"huggingface\.co/papers/|doi\.org/", re.I)

_PAGE_WORDS = re.compile(
    r"\b(?:project|demo|home|companion|paper)[\s-]*(?:web\s*)?(?:pages?|sites?|url|link)\b|\bweb\s*-?(?:sites?|pages?)\b"
    r"|\bhomepage|\bproject\s*:|\bproject (?:is )?(?:available )?(?:at|on|in)\b|\bpage\s*:|\binteractive demo",
    re.I,
)
_CODE_WORDS = re.compile(
    r"\b(?:codes?|codebase|sources?|implementations?|repo|repos|repository|repositories|software|toolkit|toolbox"
    r"|package|library|scripts?|github|checkpoints?|weights|models)\b",
    re.I,
)
_DATA_WORDS = re.compile(r"\b(?:data|data\s?-?sets?|corpus|corpora|benchmarks?|annotations|recordings)\b", re.I)
_OTHER_WORDS = re.compile(
    r"\b(?:challenge|competition|leaderboard|workshop|conference|proceedings|published|version of record|preprint"
    r"|extension of|video|talk|slides|poster|paper (?:is )?(?:available )?(?:at|in)|doi|licen[cs]e)\b",
    re.I,
)
_BREAK = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\\(])|\n")


def find_links(texts: Iterable[str]) -> list[Link]:
    r"""The links to code, project pages and data in `texts`, each address once, in order of first mention.

    The kind follows from the host, and from the words before the address where these say otherwise.
    An address that leads to none of the three (a challenge, a review, a film) is left out.

    >>> find_links([r"Code: \url{https://github.com/a/b.git}. Project page at https://a.github.io/b/."])
    [Link(url='https://github.com/a/b', kind=<LinkKind.CODE: 'code'>),
     Link(url='https://a.github.io/b/', kind=<LinkKind.PROJECT: 'project'>)]
    """
    links: dict[str, Link] = {}
    for text in texts:
        for link in _links(text):
            links.setdefault(_same(link.url), link)
    return list(links.values())


def without_urls(text: str) -> str:
    """The text with every web address blanked, so that no word within one is read."""
    return _URL.sub(" ", text)


def _links(raw: str) -> Iterator[Link]:
    text = _ESCAPED.sub(r"\1", raw)
    position = 0
    for match in _URL.finditer(text):
        url = _trimmed(match[0])
        before = _BREAK.split(text[position : match.start()])[-1]
        after = text[match.start() + len(url) :]
        kind = _kind(url, before[-160:], after[:60])
        position = match.end()
        if kind is not None:
            yield Link(url if "//" in url else f"https://{url}", kind)


def _trimmed(url: str) -> str:
    """The address without what belongs to the sentence, and without `.git`."""
    while True:
        last = url[-1:]
        if last in set(".,;:!?'\"’”*") or (last in _CLOSING and url.count(last) > url.count(_CLOSING[last])):
            url = url[:-1]
        elif match := _SENTENCE_AFTER.search(url):
            url = url[: match.start()]
        else:
            return url.removesuffix(".git")


def _kind(url: str, before: str, after: str) -> LinkKind | None:
    host = (urlsplit(url if "//" in url else f"https://{url}").hostname or "").removeprefix("www.")
    if "." not in host:
        return None
    if _DATA_PATH.search(url):
        return LinkKind.DATA
    if _ends_with(host, _OTHER_HOSTS) or _PAPER_PATH.search(url):
        return None
    if _ends_with(host, _PAGE_HOSTS):
        return LinkKind.PROJECT
    if _ends_with(host, _DATA_HOSTS):
        return LinkKind.DATA
    words = before if before.strip(" \n\t([{:.,") else after
    if _ends_with(host, _CODE_HOSTS) or host.startswith(("git.", "gitlab.")):
        return _by_words(words, (_CODE_WORDS, _PAGE_WORDS, _DATA_WORDS)) or LinkKind.CODE
    if _OTHER_WORDS.search(words) and not _PAGE_WORDS.search(words):
        return None
    if not words.strip(" \n\t([{}:.,)]"):
        return LinkKind.PROJECT
    return _by_words(words, (_PAGE_WORDS, _CODE_WORDS, _DATA_WORDS))


def _by_words(words: str, order: tuple[re.Pattern[str], ...]) -> LinkKind | None:
    kinds = {_CODE_WORDS: LinkKind.CODE, _PAGE_WORDS: LinkKind.PROJECT, _DATA_WORDS: LinkKind.DATA}
    return next((kinds[pattern] for pattern in order if pattern.search(words)), None)


def _ends_with(host: str, known: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in known)


def _same(url: str) -> str:
    """A key under which spellings of one address meet."""
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/").casefold()
