r"""What a reader would write for a stretch of LaTeX. pylatexenc does the parsing and the symbols."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import takewhile

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
from pylatexenc.latex2text import get_default_latex_context_db as text_context
from pylatexenc.latexwalker import (  # type: ignore[import-untyped]
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import LatexContextDb, std_macro  # type: ignore[import-untyped]

from kg.text.offsets import Edit, apply

ACCENTS = frozenset("'`^\"~=.cHkbdruv")

# Commands of conference styles, which pylatexenc does not know, and signs where readers write another one.
_OWN = {
    "eg": "e.g.",
    "ie": "i.e.",
    "cf": "cf.",
    "etc": "etc.",
    "etal": "et al.",
    "vs": "vs.",
    "wrt": "w.r.t.",
    "aka": "a.k.a.",
    "iid": "i.i.d.",
    "Eg": "E.g.",
    "Ie": "I.e.",
    "sim": "~",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "deg": "°",
    "degree": "°",
    "newline": " ",
    "\\": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    "!": "",
    "/": "",
    "-": "-",
    "|": "‖",
}
_DROPPED = re.compile(
    r"(?i:cite)[a-z]*\*?|(?:page|eq|auto|[cC])?ref\*?|label|footnotemark|[hv](?:space|phantom)\*?|includegraphics|thanks"
    r"|begin|end|item|color|ding|hypersetup|selectlanguage|input|include"
)
# Commands that change how the text after them looks.
_STYLES = (
    "bf it em tt sc rm sf sl bfseries itshape ttfamily scshape small footnotesize scriptsize tiny large Large"
    " normalsize noindent centering xspace protect boldmath displaystyle textstyle limits left right middle"
    " big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr mathopen mathclose"
)
# Commands that show their last argument, and those of them that end maths there.
_MATHS_WRAPPERS = (
    "mathrm mathbf mathit mathsf mathtt mathbb mathcal mathscr mathfrak boldsymbol bm ensuremath operatorname"
    " operatorname* url nolinkurl href hyperlink hyperref"
)
_TEXT_WRAPPERS = (
    "emph text textrm textit textbf textmd textsc textsf textsl texttt textup mbox hbox underline uline"
    " textcolor colorbox footnote"
)
_STYLE = frozenset(_STYLES.split())
_WRAPPERS = {**dict.fromkeys(_MATHS_WRAPPERS.split(), True), **dict.fromkeys(_TEXT_WRAPPERS.split(), False)}
# Commands whose arguments pylatexenc does not know.
_ONE_ARGUMENT = (
    "unicode operatorname operatorname* boldsymbol bm hbox uline textsubscript textsuperscript nolinkurl"
)
_SIGNATURES = {"href": "{{", "hyperlink": "{{", "hyperref": "[{", **dict.fromkeys(_ONE_ARGUMENT.split(), "{")}
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_RAISED = re.compile(r"[0-9+−=()-]+")
# Superscripts that need no `^` before them: degrees, primes, stars, daggers, and the ends of ordinals.
_NO_CARET = frozenset(["∘", "°", "′", "'", "*", "∗", "⋆", "†", "‡", "th", "st", "nd", "rd"])
_JOINED_SUBSCRIPT = re.compile(r"\d+[A-Za-z]?|\d+\.\d+|\W|[^\W\d_]\d*")

# pylatexenc takes a bare one of these for a comment, an argument, a column. The stand-ins have the same
# length, so no offset moves; they are noncharacters, which no text holds that comes here.
_STAND_INS = str.maketrans("%#&", "\ufdd0\ufdd1\ufdd2")
_STOOD_FOR = str.maketrans("\ufdd0\ufdd1\ufdd2", "%#&")
_ESCAPED_OR_BARE = re.compile(r"\\.|[%#&]", re.DOTALL)
_ESCAPED_IN_URL = re.compile(r"\\[%#&_~$]")
_SCRIPT = re.compile(r"[_^]")
_POWER = re.compile(r"\^(-?[0-9]+)")
_STYLED = re.compile(r"[\U0001d400-\U0001d7ff]")  # bold, italic and script letters


def is_dropped(name: str) -> bool:
    """Whether a command shows nothing that belongs to the sentence, such as a citation."""
    return bool(_DROPPED.fullmatch(name))


def is_known(name: str) -> bool:
    """Whether a command means something outside the paper that defines it."""
    return name in _OWN or name in _STYLE or name in _WRAPPERS or _symbols().get_macro_spec(name) is not None


def render(source: str) -> Sequence[Edit]:
    r"""The replacements that turn one stretch of LaTeX into text.

    >>> apply(r"$82.1\%$", render(r"$82.1\%$"))
    '82.1%'
    """
    # A text repeats its symbols; long stretches are rarely seen again.
    return _render_cached(source) if len(source) <= 200 else _render(source)


@lru_cache(maxsize=4096)
def _render_cached(source: str) -> Sequence[Edit]:
    return _render(source)


def _render(source: str) -> Sequence[Edit]:
    guarded = _ESCAPED_OR_BARE.sub(lambda m: m[0] if len(m[0]) > 1 else m[0].translate(_STAND_INS), source)
    walker = LatexWalker(guarded, latex_context=_commands(), tolerant_parsing=True)
    renderer = _Renderer(source)
    try:
        nodes, _, _ = walker.get_latex_nodes()
        renderer.walk(nodes, maths=False)
    except (LatexWalkerError, RecursionError):  # a thousand \\begin in a row
        return ()
    return tuple(renderer.edits)


@cache
def _commands() -> LatexContextDb:
    # Its reader of verbatim text runs off the end of a bare `\verb`.
    commands = get_default_latex_context_db().filter_context(exclude_categories=["verbatim"])
    commands.add_context_category(
        "kg", prepend=True, macros=[std_macro(*spec) for spec in _SIGNATURES.items()]
    )
    return commands


@cache
def _symbols() -> LatexContextDb:
    return text_context()


class _ToText(LatexNodes2Text):  # type: ignore[misc]
    """pylatexenc's conversion, but a command without the arguments it wants becomes its name."""

    def apply_simplify_repl(self, node: LatexNode, simplify_repl: object, what: str) -> str:
        if isinstance(node, LatexMacroNode):
            if is_dropped(node.macroname):  # among them \\input, which would read a file
                return ""
            wanted = node.nodeargd.argspec.count("{") if node.nodeargd else 0
            given = node.nodeargd.argnlist if node.nodeargd else []
            formats = isinstance(simplify_repl, str) and "%" in simplify_repl[:-1]
            if sum(argument is not None for argument in given) < max(wanted, formats):
                return str(node.macroname)
        try:
            return str(super().apply_simplify_repl(node, simplify_repl, what))
        except (AttributeError, IndexError, TypeError):
            return str(getattr(node, "macroname", ""))


@cache
def _to_text() -> LatexNodes2Text:
    return _ToText(latex_context=_symbols(), math_mode="text")


class _Renderer:
    """Collects the edits of one stretch, from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.edits: list[Edit] = []
        self.position = 0  # nodes before it are done

    def walk(self, nodes: Sequence[LatexNode], *, maths: bool) -> None:
        for node, following in zip(nodes, [*nodes[1:], None], strict=True):
            if node is None or node.pos < self.position:
                continue
            if isinstance(node, LatexCharsNode):
                if maths:
                    self._scripts(node, following)
            elif isinstance(node, LatexMacroNode):
                self._command(node, following, maths=maths)
            elif isinstance(node, LatexSpecialsNode):
                if node.specials_chars == "~":
                    self._replace(node.pos, _end(node), " ")
            elif isinstance(node, LatexGroupNode):
                self._unwrap(node, maths=maths)
            elif isinstance(node, LatexMathNode | LatexEnvironmentNode):
                self._unwrap(node, maths=True)

    def _replace(self, start: int, end: int, replacement: str) -> None:
        if self.source[start:end] != replacement:
            self.edits.append(Edit(start, end, replacement))
        self.position = end

    def _unwrap(self, node: LatexNode, *, maths: bool, opening: str = "", closing: str = "") -> None:
        """Take the marks off that surround a node's content, in maths with the spaces inside them."""
        children = [child for child in node.nodelist if child is not None]
        if not children:
            self._replace(node.pos, _end(node), "")
            return
        first, last = children[0].pos, _end(children[-1])
        if maths:
            inside = self.source[first:last]
            first += len(inside) - len(inside.lstrip())
            last = max(first, last - len(inside) + len(inside.rstrip()))
        self._replace(node.pos, first, opening)
        self.position = children[0].pos
        self.walk(children, maths=maths)
        self._replace(max(last, self.position), _end(node), closing)

    def _scripts(self, node: LatexCharsNode, following: LatexNode | None) -> None:
        """Subscripts and superscripts as far as plain text has them."""
        end = _end(node)
        for match in _SCRIPT.finditer(self.source, node.pos, end):
            start = match.start()
            if start < self.position:
                continue
            raised = self.source[start] == "^"
            if start + 1 < end and not self.source[start + 1].isspace():
                self._script(start, start + 1, None, raised=raised)
            elif start + 1 == end and following is not None:
                self._script(start, start + 1, following, raised=raised)

    def _script(self, start: int, argument: int, node: LatexNode | None, *, raised: bool) -> None:
        """Replace a script and its mark, where the argument is a node or else one character."""
        inner = _Renderer(self.source)
        end = argument + 1
        if node is not None:
            inner.walk([node], maths=True)
            end = _end(node)
        content = apply(self.source, inner.edits, argument, end).strip()
        mark = "^" if raised else "_"
        if raised and content in {"∘", "°"}:
            self._replace(start, end, "°")
        elif raised and _RAISED.fullmatch(content):
            self._replace(start, end, content.translate(_SUPERSCRIPTS))
        elif content in _NO_CARET if raised else _JOINED_SUBSCRIPT.fullmatch(content):
            self._replace(start, end, content)
        elif content.isalnum():
            self._replace(start, end, mark + content)
        else:
            self._replace(start, end, f"{mark}({content})")

    def _command(self, node: LatexMacroNode, following: LatexNode | None, *, maths: bool) -> None:
        name = node.macroname
        if name.isalpha() and not name.isascii():
            # pylatexenc takes `\boldsymbolθ` for one name.
            stem = "".join(takewhile(str.isascii, name))
            shown = "" if stem in _WRAPPERS or stem in _STYLE else _symbol(stem) or stem
            self._replace(node.pos, node.pos + 1 + len(stem), shown)
            return
        parsed = node.nodeargd.argnlist if node.nodeargd else ()
        arguments = [argument for argument in parsed if argument is not None]
        if is_dropped(name) or name in _STYLE:
            self._replace(node.pos, _end(node), "")
        elif name in _OWN:
            self._replace(node.pos, _end(node) - len(node.macro_post_space), _OWN[name])
        elif name == "unicode" and arguments:
            self._replace(node.pos, _end(node), _code_point(self._inside(arguments[-1])))
        elif name in {"textsubscript", "textsuperscript"} and arguments:
            self._script(node.pos, arguments[-1].pos, arguments[-1], raised=name == "textsuperscript")
        elif name in _WRAPPERS:
            self._wrapper(node, arguments, maths=maths and _WRAPPERS[name])
        elif name in ACCENTS and arguments and (symbol := self._mangled(name, arguments[-1])):
            self._replace(node.pos, _end(node), symbol)
        else:
            self._symbol(node, arguments, following, maths=maths)

    def _wrapper(self, node: LatexMacroNode, arguments: list[LatexNode], *, maths: bool) -> None:
        if not arguments:
            self._replace(node.pos, _end(node), "")
            return
        shown = arguments[-1]
        if node.macroname == "url" and isinstance(shown, LatexGroupNode):
            self._replace(node.pos, shown.pos + 1, "")
            for match in _ESCAPED_IN_URL.finditer(self.source, shown.pos + 1, _end(shown) - 1):
                self._replace(match.start(), match.start() + 1, "")
            self._replace(_end(shown) - 1, _end(shown), "")
        elif node.macroname == "footnote" and isinstance(shown, LatexGroupNode):
            self._replace(node.pos, shown.pos, "")
            self._unwrap(shown, maths=False, opening=" (", closing=")")
        else:
            self._replace(node.pos, shown.pos, "")
            self.walk([shown], maths=maths)

    def _mangled(self, name: str, argument: LatexNode) -> str:
        r"""The symbol of a command whose name was cut after an accent's letter: `\b{eta}` was `\beta`."""
        rest = self._inside(argument)
        return _symbol(name + rest) if len(rest) > 1 and rest.isalpha() else ""

    def _symbol(
        self, node: LatexMacroNode, arguments: list[LatexNode], following: LatexNode | None, *, maths: bool
    ) -> None:
        end = _end(node) - (0 if arguments else len(node.macro_post_space))
        if not is_known(node.macroname) and node.macroname.isalpha():
            # A command of the paper's own: what it is given, or else its name.
            shows_argument = isinstance(following, LatexGroupNode) and following.nodelist
            self._replace(node.pos, end, "" if shows_argument else node.macroname)
            return
        text = _printable(_to_text().nodelist_to_text([node]))
        if not text.strip() and arguments:
            self._replace(node.pos, arguments[-1].pos, "")
            self.walk([arguments[-1]], maths=maths)
            return
        before = self.source[node.pos - 1 : node.pos]
        if maths and len(text) > 1 and text.isalpha() and before.isalnum():
            text = f" {text}"  # a function's name: `n\log n`
        if maths and len(text) == 1 and not text.isalnum() and not before.isspace():
            end = _end(node)  # no space before a sign, none after it
        self._replace(node.pos, end, text)

    def _inside(self, argument: LatexNode) -> str:
        """The source of an argument in braces."""
        return (
            self.source[argument.pos + 1 : _end(argument) - 1] if isinstance(argument, LatexGroupNode) else ""
        )


def _end(node: LatexNode) -> int:
    end: int = node.pos + node.len
    return end


@cache
def _symbol(name: str) -> str:
    if not is_known(name):
        return ""
    return _OWN.get(name) or _printable(_to_text().latex_to_text(f"\\{name}"))


def _code_point(text: str) -> str:
    r"""The character of MathJax's `\unicode{x2013}`."""
    digits = text.strip()
    base = 16 if digits[:1] in {"x", "X"} else 10
    try:
        return _printable(chr(int(digits.lstrip("xX"), base)))
    except (ValueError, OverflowError):
        return ""


def _printable(text: str) -> str:
    raised = _POWER.sub(lambda m: m[1].translate(_SUPERSCRIPTS), text.translate(_STOOD_FOR))
    plain = _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m[0]), raised)
    composed = unicodedata.normalize("NFC", plain)
    return "".join(character for character in composed if character.isprintable())
