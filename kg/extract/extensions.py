"""The attributes the pipeline adds to spaCy's Doc and Span; all values are plain JSON.

Span (mentions in `doc.spans["kg"]`): `kg_name` the name as a reader writes it, `kg_role` a Role
or "", `kg_long_form` the full form given for a short one or "", `kg_score` 0 to 1,
`kg_extractor` the component that found it.
Doc: `kg_abbreviations`, `kg_measurements`, `kg_relations`, lists as their components describe.

spaCy keeps span attributes by character offsets alone, so two mentions of one stretch would share
them: `doc.spans["kg"]` holds each stretch once.
"""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc, Span

SPANS_KEY = "kg"


def register() -> None:
    """Add the attributes; calling it again changes nothing."""
    span: dict[str, dict[str, Any]] = {
        "kg_name": {"getter": _name, "setter": _set_name},
        "kg_role": {"default": ""},
        "kg_long_form": {"default": ""},
        "kg_score": {"default": 0.0},
        "kg_extractor": {"default": ""},
    }
    for name, arguments in span.items():
        if not Span.has_extension(name):
            Span.set_extension(name, **arguments)
    for name in ("kg_abbreviations", "kg_measurements", "kg_relations"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=[])


def _name(span: Span) -> str:
    user_data: dict[Any, Any] = span.doc.user_data
    name: str = user_data.get(_key(span), span.text)
    return name


def _set_name(span: Span, name: str) -> None:
    user_data: dict[Any, Any] = span.doc.user_data
    user_data[_key(span)] = name


def _key(span: Span) -> tuple[str, str, int, int]:
    # The form spaCy itself uses, so that DocBin and Doc.to_bytes carry it along.
    return ("._.", "kg_name", span.start_char, span.end_char)
