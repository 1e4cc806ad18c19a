"""Ids come from content alone, and stand in any RDF syntax as they are."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ids import digest, entity_id, iri, outside_url, paper_id, paper_iri, slug
from kg.model import EntityType
from kg.text import normal_form


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2110.11945", "arXiv:2110.11945"),
        ("arxiv:2110.11945v3", "arXiv:2110.11945"),
        ("http://arxiv.org/pdf/2110.11945v3.pdf", "arXiv:2110.11945"),
        ("1412.6980", "arXiv:1412.6980"),
        ("cond-mat/0410550v1", "arXiv:cond-mat/0410550"),
        ("math.DG/0211159", "arXiv:math/0211159"),
        ("10.1109/TPAMI.2021.3117837", "doi:10.1109/tpami.2021.3117837"),
        ("https://dx.doi.org/10.1/X", "https://dx.doi.org/10.1/X"),
        ("2113.11945", "2113.11945"),
        ("1412.69801", "1412.69801"),
        ("acl:2020.main-1", "acl:2020.main-1"),
    ],
)
def test_a_paper_has_one_id_however_it_is_written(raw: str, expected: str) -> None:
    assert paper_id(raw) == expected
    assert paper_id(expected) == expected


def test_papers_with_a_public_id_can_be_read_outside() -> None:
    assert outside_url("arXiv:math/0211159") == "https://arxiv.org/abs/math/0211159"
    assert outside_url("doi:10.1000/a b<c>") == "https://doi.org/10.1000/a%20b%3Cc%3E"
    assert outside_url("internal-7") is None


def test_names_that_differ_only_in_marks_that_count_have_different_ids() -> None:
    names = ["C", "C++", "C#", "C*", "C-2", "C.2", "C_3", "C|3", "C/3", "C&C", "A@C"]
    assert len({entity_id(EntityType.METHOD, name) for name in names}) == len(names)


def test_spellings_of_one_normal_form_have_one_id() -> None:
    assert entity_id(EntityType.TASK, "Object-Detection") == entity_id(EntityType.TASK, "object detection")


def test_an_id_of_another_script_keeps_its_letters() -> None:
    assert entity_id(EntityType.CONCEPT, "Λ-модель") == "concept/λ-модель"


@given(st.text(max_size=200))
def test_any_text_gives_a_local_name_that_needs_no_escape(text: str) -> None:
    local = slug(text)
    assert re.fullmatch(r"[\w.-]+", local)
    assert not local.startswith(("-", ".")) and not local.endswith(".")
    assert len(local) <= 90
    pyoxigraph.NamedNode(iri(f"method/{local}"))


@given(st.text(), st.text())
def test_two_normal_forms_never_share_an_id(one: str, other: str) -> None:
    same_key = normal_form(one) == normal_form(other)
    same_id = entity_id(EntityType.METHOD, one) == entity_id(EntityType.METHOD, other)
    assert same_id == same_key


@given(st.text(min_size=1))
def test_any_paper_id_gives_an_iri(identifier: str) -> None:
    pyoxigraph.NamedNode(paper_iri(paper_id(identifier)))


def test_digests_keep_their_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") == "ca978112ca1bbdca"
