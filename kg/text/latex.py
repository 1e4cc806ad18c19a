r"""LaTeX in running text: which stretches to replace, and by what a reader would write there.

Only stretches that are LaTeX beyond doubt reach pylatexenc, one at a time: maths, a command with its
arguments, a group that starts with a command. Given the whole text it would take a bare `%` for a
comment and lose the rest, and `$5 or $10` for maths.
"""

from __future__ import annotations

import re

from kg.text.offsets import Edit
from kg.text.render import ACCENTS, is_dropped, is_known, render

# A web address is one mark, so that no `~` or `_` in it is taken for LaTeX.
_MARK = re.compile(r"(?:https?|ftp)://[^\s<>\"{}\\$]+|\\(?:[A-Za-z]+\*?|.)|[${}~]", re.DOTALL)
_OPTION = re.compile(r"\[[^][{}$\\]{0,200}\]")
_BASE_LETTER = re.compile(r"(?:(?<=[a-zA-Z])\s+)?(?:\\[ij](?![A-Za-z])|[A-Za-z])")
# Escaped quotation marks look like accents: `model\'s`, `\"open\" set`.
_APOSTROPHE = re.compile(r"(?:s|t|re|ve|ll|d|m)\b")
_CLOSING_QUOTE = re.compile(r"\\[\"'](?![A-Za-z\\{])")
# What braces may hold to be LaTeX's and not a set's `{0, 1}`: a name, a web address, `1{,}500`.
_NAME_IN_BRACES = re.compile(r"\{(?:https?://[^\s{}]+|[^\W_][\w .:/+&@-]{0,200}(?<! )|,|)\}")
_FORMULA = re.compile(r"[\\_^=<>]")

_LONGEST_MATHS = 1_000
_LONGEST_GROUP = 10_000
_DEEPEST = 20  # braces in braces; what nests deeper was not written by hand


def edits(text: str) -> list[Edit]:
    r"""The replacements that take LaTeX marks out of `text`; what is not well formed stays.

    >>> from kg.text.offsets import apply
    >>> text = r"10% of EuCd$_2$As$_2$ for $5, \eg~\emph{this}~\cite{x}"
    >>> apply(text, edits(text))
    '10% of EuCd2As2 for $5, e.g. this'
    """
    return _Scanner(text).run()


class _Scanner:
    """One pass over the marks of a text, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[Edit] = []
        self.position = 0  # everything before is decided
        self.marks = [(m.start(), m[0]) for m in _MARK.finditer(text)]
        self.closing, self.depth = _braces(self.marks)
        self.following = _next_of_kind(self.marks)
        self.escaped_quotes = bool(_CLOSING_QUOTE.search(text))

    def run(self) -> list[Edit]:
        for index, (start, mark) in enumerate(self.marks):
            if start < self.position:
                continue
            if mark == "~":
                self._tie(start)
            elif mark == "{":
                self._group(index)
            elif mark == "$":
                self._dollar(index)
            elif mark in {"\\(", "\\["}:
                self._delimited(index)
            elif mark[0] == "\\" and mark not in {"\\)", "\\]"}:
                self._command(start, mark)
        return self.edits

    def _replace(self, start: int, end: int, replacement: str) -> None:
        self.edits.append(Edit(start, end, replacement))
        self.position = end

    def _render(self, start: int, end: int) -> None:
        for edit in render(self.text[start:end]):
            replacement = edit.replacement
            if start + edit.end == end and replacement.endswith(".") and self.text.startswith(".", end):
                replacement = replacement[:-1]  # the full stop after `\\etc` is there already
            self.edits.append(Edit(start + edit.start, start + edit.end, replacement))
        self.position = end

    def _tie(self, start: int) -> None:
        """A `~` between words is a space; before a number it may mean `about` or `to`."""
        before, after = self.text[start - 1 : start], self.text[start + 1 : start + 2]
        if not before or before.isspace() or before in "([{/=":
            return
        if after.isdigit() and (before.isdigit() or before in "%\u2009"):
            return
        self._replace(start, start + 1, "" if not after or after.isspace() else " ")

    def _group(self, index: int) -> None:
        start = self.marks[index][0]
        end = self._group_end(start)
        if end is None:
            return
        if _NAME_IN_BRACES.fullmatch(self.text, start, end):
            self._replace(start, start + 1, "")
            self._replace(end - 1, end, "")
        elif self.text[start + 1] == "\\":
            self._render(start, end)

    def _group_end(self, start: int) -> int | None:
        """Where the group that opens at `start` ends, if it can be rendered."""
        close = self.closing.get(start)
        if close is None or close - start > _LONGEST_GROUP or self.depth[start] > _DEEPEST:
            return None
        return close + 1

    def _dollar(self, index: int) -> None:
        """Maths by the rule of pandoc: no space inside the marks, no digit after them."""
        start = self.marks[index][0]
        width = 2 if self.text.startswith("$$", start) else 1
        close = self.following.get(index + width - 1)
        if close is None:
            return
        end = self.marks[close][0]
        inside = self.text[start + width : end] if end - start <= _LONGEST_MATHS else ""
        if not inside or not self.text.startswith("$" * width, end):
            return
        if inside[0].isdigit() and len(inside.split()) > 2 and not _FORMULA.search(inside):
            return  # an amount of money, and words up to the next one
        # `$\sim$10` and `$+$3` are maths too, as no amount of money is a command or a sign.
        before_digit = self.text[end + 1 : end + 2].isdigit() and inside[0].isalnum()
        if width == 2 or not (inside[0].isspace() or inside[-1].isspace() or before_digit):
            self._maths(index, close, end + width)

    def _delimited(self, index: int) -> None:
        close = self.following.get(index)
        if close is not None:
            self._maths(index, close, self.marks[close][0] + 2)

    def _maths(self, opening: int, closing: int, end: int) -> None:
        start = self.marks[opening][0]
        if end - start <= _LONGEST_MATHS and self._is_balanced(opening, closing):
            self._render(start, end)

    def _is_balanced(self, opening: int, closing: int) -> bool:
        """Whether all braces between two marks have their partner there, and nest no deeper than allowed."""
        first, last = self.marks[opening][0], self.marks[closing][0]
        paired = 0
        for start, mark in self.marks[opening:closing]:
            if mark == "{":
                if not first < self.closing.get(start, -1) < last or self.depth[start] > _DEEPEST:
                    return False
                paired += 1
            elif mark == "}":
                paired -= 1
        return paired == 0

    def _command(self, start: int, mark: str) -> None:
        end = start + len(mark)
        name = mark[1:]
        if name in ACCENTS and self._accent(start, end, name):
            return
        if is_dropped(name):
            self._drop(start, self._arguments_end(end))
        elif name.rstrip("*").isalpha():
            # In `and\or` and `C:\Users` a backslash starts no command.
            before = self.text[start - 1 : start]
            if not is_known(name) and (before.isalnum() or before == ":"):
                return
            self._render(start, self._arguments_end(end))
        elif name == " " and self.text[start - 1 : start].isspace():
            return
        elif name == "@":
            is_at = self.text[start - 1 : start].isalnum() and self.text[end : end + 1].isdigit()
            self._replace(start, end, "@" if is_at else "")
        elif name not in ACCENTS:
            self._render(start, end)

    def _accent(self, start: int, end: int, name: str) -> bool:
        """Handle an accent with its letter; False if it is none."""
        if name in "'\"" and (
            self.escaped_quotes
            or (self.text[start - 1 : start].isalpha() and _APOSTROPHE.match(self.text, end))
        ):
            self._replace(start, end, name)
            return True
        close = self._group_end(end) if self.text.startswith("{", end) else None
        if close is None and (letter := _BASE_LETTER.match(self.text, end)):
            close = letter.end()
        if close is None:
            return False
        self._render(start, close)
        return True

    def _arguments_end(self, end: int) -> int:
        """Where the arguments end that directly follow a command."""
        if self.text.startswith("[", end) and (option := _OPTION.match(self.text, end)):
            end = option.end()
        while self.text.startswith("{", end) and (close := self._group_end(end)):
            end = close
        return end

    def _drop(self, start: int, end: int) -> None:
        """Take a citation or the like out, with the tie or space before it where nothing needs it."""
        if self.edits and self.edits[-1].end == start and self.edits[-1].replacement == " ":
            start = self.edits.pop().start
        else:
            while start > self.position and self.text[start - 1] == " ":
                start -= 1
        spaced = self.text[start] in " ~" and self.text[end : end + 1].isalnum()
        self._replace(start, end, " " if spaced else "")


def _braces(marks: list[tuple[int, str]]) -> tuple[dict[int, int], dict[int, int]]:
    """The offset of the closing brace of each opening one, and how deep braces nest in it."""
    closing: dict[int, int] = {}
    depth: dict[int, int] = {}
    open_: list[int] = []
    for start, mark in marks:
        if mark == "{":
            open_.append(start)
            depth[start] = 0
        elif mark == "}" and open_:
            begin = open_.pop()
            closing[begin] = start
            if open_:
                depth[open_[-1]] = max(depth[open_[-1]], depth[begin] + 1)
    return closing, depth


def _next_of_kind(marks: list[tuple[int, str]]) -> dict[int, int]:
    r"""The index of the next `$` after each `$`, and of the next `\)` and `\]` after each `\(` and `\[`."""
    closers = {"$": "$", "\\(": "\\)", "\\[": "\\]"}
    latest: dict[str, int] = {}
    following: dict[int, int] = {}
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index][1]
        if (closer := latest.get(closers.get(mark, ""))) is not None:
            following[index] = closer
        if mark in {"$", "\\)", "\\]"}:
            latest[mark] = index
        elif mark in closers:
            latest.pop(closers[mark], None)  # only the innermost of several opening marks is closed
    return following
