"""What both directions share: which term holds which field, and how values are written as literals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.model import EntityType, LinkKind
from kg.vocab import BIBO, DCTERMS, FOAF, KG, RDFS, ROLE_PROPERTY, SCHEMA, XSD

if TYPE_CHECKING:
    from pyoxigraph import Literal

KINDS = (
    "paper",
    *(entity_type.lower() for entity_type in EntityType),
    "result",
    "assertion",
    "evidence",
    "merge",
    "component",
)
"""The first part of every local name, in the order in which a reader wants them."""

PAPER_TEXTS = {
    "title": DCTERMS.title,
    "abstract": DCTERMS.abstract,
    "comment": RDFS.comment,
    "created": DCTERMS.created,
    "doi": BIBO.doi,
    "journal_ref": DCTERMS.bibliographicCitation,
    "venue": KG.venue,
    "presentation": KG.presentation,
}
"""The fields of a paper that hold one text."""

LINKS = {LinkKind.CODE: SCHEMA.codeRepository, LinkKind.PROJECT: FOAF.page, LinkKind.DATA: KG.dataPage}

RESULT_ENDS = {
    "method": KG.method,
    "dataset": KG.dataset,
    "metric": KG.metric,
    "task": KG.task,
    "baseline": KG.baseline,
}
"""The fields of a result that hold an entity."""

MENTIONING = frozenset(ROLE_PROPERTY.values())
"""`kg:mentions` and the properties that say more."""

_DATE_TYPES = ((r"\d{4}-\d\d-\d\d", XSD.date), (r"\d{4}-\d\d", XSD.gYearMonth), (r"\d{4}", XSD.gYear))
_XML_FORBIDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def literal(value: str | float) -> Literal:
    """A string, an xsd:integer or an xsd:decimal, by the type of the value.

    Strings have U+FFFD for each character that XML forbids; decimals are in the canonical form,
    which triple stores keep as it is.
    """
    from pyoxigraph import Literal

    match value:
        case str():
            return Literal(_XML_FORBIDS.sub("\ufffd", value))
        case int():
            return _typed(str(value), XSD.integer)
        case float():
            return _typed(decimal_digits(value), XSD.decimal)


def date(value: str) -> Literal:
    """A day, month or year by the length of the text; a plain string where it is none of them."""
    for pattern, datatype in _DATE_TYPES:
        if re.fullmatch(pattern, value, re.ASCII):
            return _typed(value, datatype)
    return literal(value)


def decimal_digits(value: float) -> str:
    """The shortest digits that give the number back, without exponent.

    >>> decimal_digits(82.9), decimal_digits(3.0), decimal_digits(1e-07), decimal_digits(-0.0)
    ('82.9', '3', '0.0000001', '0')
    """
    digits = format(Decimal(repr(float(value))), "f")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits == "-0" else digits


def joined(authors: Iterable[str]) -> str:
    r"""Names in one string, from which `parted` gets them back.

    >>> joined(["Ada Lovelace", "Smith; Jones"])
    'Ada Lovelace; Smith\\; Jones'
    """
    return "; ".join(re.sub(r"([\\;])", r"\\\1", author) for author in authors)


def parted(authors: str) -> tuple[str, ...]:
    r"""The names that `joined` put together.

    >>> parted(r"Ada Lovelace; Smith\; Jones")
    ('Ada Lovelace', 'Smith; Jones')
    """
    found = re.finditer(r"(?:^|; )((?:[^;\\]|\\.)*)", authors, re.DOTALL)
    return tuple(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL) for match in found)


def _typed(value: str, datatype: str) -> Literal:
    from pyoxigraph import Literal, NamedNode

    return Literal(value, datatype=NamedNode(datatype))
