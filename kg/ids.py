"""Identifiers: every id and IRI is made here, from content alone.

No id depends on order, time or chance, so the same input gives the same ids, and
those of a graph survive when papers are added to it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote

from kg.model import EntityType, Merge, Result, TextSpan
from kg.text import normal_form

DEFAULT_BASE = "https://w3id.org/abstractkg/"

# Old style (`math/0309136`, `cond-mat.str-el/9901001`) or new, where numbers have four digits until
# the end of 2014 and five from 2015 on. https://info.arxiv.org/help/arxiv_identifier.html
_NEW_ARXIV = r"(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}"
_OLD_ARXIV = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2}[A-Za-z-]*)?/\d{7}"
ARXIV_PATTERN = rf"(?:{_NEW_ARXIV}|{_OLD_ARXIV})"
_ARXIV_ID = re.compile(
    rf"(?:arxiv:|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/)?({ARXIV_PATTERN})(?:v\d+)?(?:\.pdf)?",
    re.I | re.A,
)
_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.I)
# Scheme and host (without user name, since `https://known.org@other.org` misleads), path and query, fragment.
_WEB_ADDRESS = re.compile(
    r"((?:https?|ftp)://[\w.-]*\w(?::\d{1,5})?)((?:[/?][^#]*)?)(?:#(.*))?", re.IGNORECASE | re.DOTALL
)
_NOT_IN_IRI = re.compile(r"(?:%(?![0-9A-Fa-f]{2})|[^\w!$&'()*+,;=:@/?.~%-])+")

# Characters that tell names apart but may not stand in a local name.
_SPELT_OUT = {"+": " plus ", "#": " sharp ", "*": " star ", "@": " at ", "&": " and ", "%": " percent "}
_LONGEST_SLUG = 80


def paper_id(raw: str) -> str:
    """The id of a paper in its one form: arXiv without version, doi in lower case, else as given.

    An arXiv id of the old style goes without subject class, the form arXiv itself prefers:
    https://info.arxiv.org/help/arxiv_identifier_for_services.html

    >>> paper_id("2110.11945v2"), paper_id("https://arxiv.org/abs/math/0309136")
    ('arXiv:2110.11945', 'arXiv:math/0309136')
    >>> paper_id("arxiv:cond-mat.str-el/9901001v3")
    'arXiv:cond-mat/9901001'
    >>> paper_id("https://doi.org/10.1109/TPAMI.2021.1"), paper_id(" acl:2020.x ")
    ('doi:10.1109/tpami.2021.1', 'acl:2020.x')
    """
    text = " ".join(raw.split())
    if match := _ARXIV_ID.fullmatch(text):
        archive, slash, number = match[1].partition("/")
        return f"arXiv:{archive.partition('.')[0].lower()}/{number}" if slash else f"arXiv:{match[1]}"
    if match := _DOI.fullmatch(text):
        return f"doi:{match[1].lower()}"
    return text


def outside_url(identifier: str) -> str | None:
    """Where a paper can be read, for the ids that say so.

    >>> outside_url("arXiv:2110.11945"), outside_url("acl:2020.x")
    ('https://arxiv.org/abs/2110.11945', None)
    """
    if identifier.startswith("arXiv:"):
        return f"https://arxiv.org/abs/{identifier.removeprefix('arXiv:')}"
    if identifier.startswith("doi:"):
        return f"https://doi.org/{quote(identifier.removeprefix('doi:'), safe='/:;()._-')}"
    return None


def entity_id(entity_type: EntityType, name: str) -> str:
    """The id of the entity whose name has this normal form.

    >>> entity_id(EntityType.METHOD, "ResNet-50"), entity_id(EntityType.METHOD, "PSGAN++")
    ('method/resnet-50', 'method/psgan-plus-plus')
    """
    return f"{entity_type.lower()}/{slug(normal_form(name))}"


def slug(text: str) -> str:
    """A local name for Turtle: letters and digits of any script, `.` inside numbers, and hyphens.

    What cannot be kept is told apart by a digest, so that two texts never share a slug by loss.

    >>> slug("top 1 accuracy"), slug("yolo v8.1"), slug("τ bench")
    ('top-1-accuracy', 'yolo-v8.1', 'τ-bench')
    >>> slug("a|b") == slug("a b")
    False
    """
    lower = unicodedata.normalize("NFC", text).lower()
    spelt = "".join(_SPELT_OUT.get(character, character) for character in lower)
    kept = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.]|_", "-", spelt)
    local = re.sub(r"-+", "-", kept).strip("-")
    lossless = not re.search(r"[^\w\s.+#*@&%-]|(?<!\d)\.|\.(?!\d)|_", lower)
    if lossless and local and len(local) <= _LONGEST_SLUG:
        return local
    return f"{local[:_LONGEST_SLUG].rstrip('-.')}-{digest(text)[:8]}".lstrip("-")


def paper_local(identifier: str) -> str:
    """The local name of a paper: `paper/arxiv-2110.11945`.

    >>> paper_local("arXiv:2110.11945")
    'paper/arxiv-2110.11945'
    """
    scheme, _, rest = identifier.partition(":")
    if scheme == "arXiv" and re.fullmatch(r"\d{4}\.\d+", rest):
        return f"paper/arxiv-{rest}"
    return f"paper/{slug(identifier)}"


def iri(local: str, base: str = DEFAULT_BASE) -> str:
    """The IRI of a local id such as `method/soft`.

    >>> iri("method/soft")
    'https://w3id.org/abstractkg/method/soft'
    """
    return base + local


def paper_iri(identifier: str, base: str = DEFAULT_BASE) -> str:
    """The IRI of a paper by its id."""
    return iri(paper_local(identifier), base)


def assertion_local(subject: str, predicate: str, object_: str) -> str:
    """The local name of a statement: a digest of its triple."""
    return f"assertion/{digest(subject, predicate, object_)}"


def evidence_local(owner: str, identifier: str, span: TextSpan, extractor: str) -> str:
    """The local name of a piece of evidence: what it is for, paper, place and component."""
    return f"evidence/{digest(owner, identifier, span.section, str(span.start), str(span.end), extractor)}"


def component_local(component: str) -> str:
    """The local name of a component with its version.

    >>> component_local("kg_entities-0.1.0")
    'component/kg_entities-0.1.0'
    """
    # A local name may not begin or end in a dot, and rdflib does not read one that is escaped.
    return "component/" + re.sub(r"^\.|\.$", "%2E", quote(component, safe="", errors="replace"))


def merge_local(entity: str, merge: Merge) -> str:
    """The local name of a decision that names are of one entity: a digest of all but its score."""
    return f"merge/{digest(entity, merge.reason, *merge.names)}"


def web_iri(url: str) -> str | None:
    """A web address as an IRI, or None where it is none.

    What may not stand in an IRI is percent-encoded; an address that needs no mending stays as it is.

    >>> web_iri("https://example.org/a b?q=[1]"), web_iri("https://example.org/50%#x#y")
    ('https://example.org/a%20b?q=%5B1%5D', 'https://example.org/50%25#x%23y')
    >>> web_iri("javascript:alert(1)"), web_iri("https://exa mple.org/"), web_iri("github.com/x")
    (None, None, None)
    """
    match = _WEB_ADDRESS.fullmatch(url.strip())
    if match is None:
        return None
    host, path, fragment = match.groups()
    return host + _encoded(path) + ("" if fragment is None else f"#{_encoded(fragment)}")


def result_id(result: Result) -> str:
    """The id of a measured value: a digest of everything it says."""
    parts = (
        result.paper_id,
        repr(result.value),
        result.unit,
        result.kind,
        result.method,
        result.dataset,
        result.metric,
        result.task,
        result.baseline,
    )
    return f"result/{digest(*(part or '' for part in parts))}"


def _encoded(text: str) -> str:
    return _NOT_IN_IRI.sub(lambda found: quote(found[0], safe="", errors="replace"), text)


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits (64 bits) of the SHA-256 of the parts, kept apart by a unit separator."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
