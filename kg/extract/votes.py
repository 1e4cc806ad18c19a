"""Evidence that is weighed: what speaks for each of several choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Self, TypeVar

Choice = TypeVar("Choice", bound=str)


class Votes(dict[Choice, float], Generic[Choice]):
    """Weights by choice; what nothing speaks for is absent.

    >>> votes = Votes({"a": 1.0}).add("b", 0.5).add("b", 1.0)
    >>> votes.winner(), votes.most
    ('b', 1.5)
    """

    def add(self, choice: Choice, weight: float) -> Self:
        """Let something speak for a choice."""
        self[choice] = self.get(choice, 0.0) + weight
        return self

    def join(self, others: Mapping[Choice, float]) -> Self:
        """Take over all votes of others."""
        for choice, weight in others.items():
            self.add(choice, weight)
        return self

    @property
    def most(self) -> float:
        """The weight of the winner; 0 without votes."""
        return max(self.values(), default=0.0)

    def winner(self) -> Choice:
        """The choice with most weight, of equals the last by name. Raises ValueError without votes."""
        return max(self.items(), key=lambda vote: (vote[1], vote[0]))[0]
