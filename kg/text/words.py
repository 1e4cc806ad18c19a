from __future__ import annotations
from kg.text.offsets import Edit


def repairs(text: str) -> list[Edit]:
    return []
