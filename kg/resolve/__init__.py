"""Resolve: decide which mentions of many papers name one entity.

Takes every `Extraction`, gives one `Resolution`. Sees names, types and long forms,
never the text: a decision that needs the sentence belongs in `extract`. The result
does not depend on the order of the papers.
"""

from __future__ import annotations

from kg.resolve.across import resolve
from kg.resolve.within import group_mentions

__all__ = ["group_mentions", "resolve"]
