from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import CleanText, clean, normal_form

REPO = Path(__file__).parents[1]
CORPUS = REPO.parent / "shared/data/corpora/arxiv_2025_2026.jsonl.gz"


# --- normal form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("ResNet-50", "ResNet 50", "resnet_50", "ResNet‑50", "ResNet−50", "ResNet–50"),
        ("vision transformer", "Vision Transformers", "vision-transformers", "“Vision Transformer”"),
        ("EuCd2As2", "EuCd$_2$As$_2$", "EuCd₂As₂", r"{EuCd$_{2}$As$_{2}$}"),
        ("τ-bench", r"$\tau$-bench", "Τ-BENCH"),
        ("π0", r"$\pi_0$", "π_0"),
        ("F1", "$F_1$", "F_1"),
        ("T2", "T$^2$", "T^2", "T²"),
        ("Erdős", "Erdős", r"Erd\H{o}s"),
        ("accuracy", "accuracies"),
        ("ViT", "ViTs"),
        ("loss", "losses"),
        ("box", "boxes"),
        ("mesh", "meshes"),
        ("cache", "caches"),
        ("analysis", "analyses"),
        ("matrix", "matrices"),
        ("GPU", "GPUs"),
        ("bias", "biases"),
        ("metric", "metrics"),
        ("Fisher's exact test", "Fishers exact test", "Fisher’s exact test"),
        ("data base", "data\u00a0base", "data\n  base"),
        ("classification", "classiﬁcation", "classi\u00adfication"),
    ],
)
def test_spellings_of_one_name_meet(names: tuple[str, ...]) -> None:
    assert len({normal_form(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ResNet-50", "ResNet-101"),
        ("C", "C++"),
        ("F", "F#"),
        ("A", "A*"),
        ("TransZero", "TransZero++"),
        ("GPS", "GP"),
        ("ODAL_score", "ODALscore"),
        ("YOLO", "YOLOv8"),
        ("ℓ1 norm", "ℓ2 norm"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize(
    "word",
    [
        "loss",
        "analysis",
        "bias",
        "atlas",
        "corpus",
        "canvas",
        "lens",
        "physics",
        "kinetics",
        "means",
        "bayes",
    ],
)
def test_a_word_that_only_ends_like_a_plural_keeps_its_s(word: str) -> None:
    assert normal_form(word) == word


def test_only_the_last_word_loses_its_plural() -> None:
    assert normal_form("Bags of Words") == "bags of word"
    assert normal_form("90s") == "90s"


# Pieces that break parsers, so that random texts are nearly LaTeX.
MARKS = (
    r"\ $ { } ~ ^ _ % # & [ ] ' ` \( \) \[ \] $$ \\ \' \cite{a} \emph \frac \sqrt[ \begin{a} \end{a} \verb"
)
COMMANDS = (
    r"\left \url{http://a_b} \href \unicode{x41} \alpha \title \input{a} \item \footnote{b} \b{eta} \textbf{"
)
ODDITIES = "ies s \u0301 Ã© \ud800 \x00 ﬁ \u200b 가 \u1161 http://x/~y Ima-geNet poten-tial"
PIECES = st.one_of(
    st.text(max_size=4),
    st.sampled_from([*MARKS.split(" "), *COMMANDS.split(" "), *ODDITIES.split(" ")]),
    st.sampled_from(["\n", "ge odesic", "- ", " "]),
)
NEARLY_LATEX = st.lists(PIECES, max_size=14).map("".join)


@given(NEARLY_LATEX)
def test_normal_form_is_idempotent(name: str) -> None:
    assert normal_form(normal_form(name)) == normal_form(name)


# --- clean: what becomes of a text -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"nets (\eg, small), tops, \etc. Then \ie~this", "nets (e.g., small), tops, etc. Then i.e. this"),
        (r"the \emph{GALD} and {\textbf{ViT}}~\cite{d} nets", "the GALD and ViT nets"),
        (r"as DETR \cite{c2020} showed \citep[p.~3]{x}.", "as DETR showed."),
        (r"at \url{https://a.b/c_d~e%20f}. More", "at https://a.b/c_d~e%20f. More"),
        (r"\href{https://a.b}{our page} and {https://c.d/~e}", "our page and https://c.d/~e"),
        (r"EuCd$_2$As$_2$ up to $\sim$10%", "EuCd2As2 up to ~10%"),
        (r"SO($n$)$_1$ and $\mathcal{O}(n\log n)$", "SO(n)1 and O(n log n)"),
        (r"long \(\leftrightarrow\) short, visual$\rightarrow$text", "long ↔ short, visual→text"),
        (r"by 48\%, 82.1$\%$ and $1.1\%$", "by 48%, 82.1% and 1.1%"),
        (r"$R^2$, 10$^{-4}$, $5^{th}$, 3$^\circ$C", "R², 10⁻⁴, 5th, 3°C"),
        (r"$x_{t+1}$, L$_{small}$, $\pi_{0.5}$, A$^*$", "x_(t+1), L_small, π0.5, A*"),
        (r"$5\times 5$ and $a \times b$ and by $+$0.03", "5×5 and a × b and by +0.03"),
        (r"B\'ezier, na\"{\i}ve, na\"ive", "Bézier, naïve, naïve"),
        (r"Fran\c{c}ois, Erd\H{o}s, \AA", "François, Erdős, Å"),
        (r"{\b{eta}}-VAE, \k{appa} and 360{\deg}", "β-VAE, κ and 360°"),  # as cut by a listing
        (r"the model\'s \"open\" set", "the model's \"open\" set"),
        (r"1{,}500 of {BERT}, but {0, 1} stays", "1,500 of BERT, but {0, 1} stays"),
        (r"\ours{} and \textsc{Trisk} for \ac{BCS}", "ours and Trisk for BCS"),
        (r"e.g.~this, Task~6, $60$~FPS", "e.g. this, Task 6, 60 FPS"),
        (r"a note\footnote{See \url{https://g.h/a\_b}.} here", "a note (See https://g.h/a_b.) here"),
        (r"mAP\@0.5 under i.i.d.\@ noise", "mAP@0.5 under i.i.d. noise"),
        (r"$\unicode{x2013}$ and \boldsymbolθ", "– and θ"),
    ],
)  # fmt: skip
def test_latex_becomes_text(raw: str, text: str) -> None:
    assert clean(raw).text == text


@pytest.mark.parametrize(
    "text",
    [
        "50% better than R&D on track #1",
        "(~10), about ~5% or 3%~10%, 5~6",
        "costs $5 million now and $10 later, $5-$10 in all",
        r"C:\Users\x and\or",
        "a lone \\",
        "a lone $ sign, a lone { brace and } another",
        "{" * 30,
        "the set {0, 1}^n and f-strings",
        "https://people.org/~name/a_b",
        "pre-training, fine-level, self-attention, plug-and-play, multi-faceted, non-linearities",
        "we ask for flowformer and pointmixer, see github.com/poten-tial/x",
        "short- and long-term, x-ray, e-mails",
        "de novo, in vivo, a priori, per se",
    ],
)
def test_what_is_no_mark_stays_as_it_is(text: str) -> None:
    assert clean(text).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("naÃ¯ve runs â€“ donâ€™t", "naïve runs – don’t"),
        ("Erdo\u030bs and ﬁne eﬃciency", "Erdős and fine efficiency"),
        ("zero\u200bwidth so\u00adft \u202eturned\u202c", "zerowidth soft turned"),
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("  first line\nsecond \r\n  third\n", "first line second third"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("half a pair \ud83d", "half a pair \ufffd"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    ],
)
def test_encoding_is_mended(raw: str, text: str) -> None:
    assert clean(raw).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("the pre-vailing classifica-tion has poten-tial", "the prevailing classification has potential"),
        ("any ge odesic ball, many ap proaches", "any geodesic ball, many approaches"),
        ("on Ima-geNet", "on ImageNet"),
        ("Experi-ments in high-perfor-mance settings", "Experiments in high-performance settings"),
        ("strong classifica-\ntion by self-\nattention in short-\nand long-term", None),
        ("a classifica- tion task", "a classification task"),
        ("self-\u00a0attention", "self- attention"),
    ],
)
def test_broken_words_become_whole(raw: str, text: str | None) -> None:
    assert clean(raw).text == (text or "strong classification by self-attention in short- and long-term")


def test_words_that_run_together_are_parted_only_in_a_text_that_is_broken() -> None:
    together = "convolutionalneural networks that closethe gap, and flowformer"
    broken = "The pre-vailing classifica-tion has poten-tial: "
    assert clean(together).text == together
    assert clean(broken + together).text.endswith(
        "convolutional neural networks that close the gap, and flowformer"
    )


# --- clean: the way back -----------------------------------------------------------------------------


def raw_of(text: CleanText, part: str) -> str:
    start = text.text.index(part)
    raw_start, raw_end = text.to_raw(start, start + len(part))
    return text.raw[raw_start:raw_end]


def test_a_range_leads_back_to_the_smallest_published_range() -> None:
    text = clean(
        r"We grow EuCd$_2$As$_2$, use {\textbf{ViT}}~\cite{x} on Ima-geNet with 48\% of naÃ¯ve labels."
    )
    assert raw_of(text, "EuCd2As2") == "EuCd$_2$As$_2"
    assert raw_of(text, "ViT") == "ViT"
    assert raw_of(text, "ImageNet") == "Ima-geNet"
    assert raw_of(text, "48%") == r"48\%"
    assert raw_of(text, "naïve") == "naÃ¯ve"
    assert raw_of(text, "labels.") == "labels."
    assert text.to_raw(0, len(text.text)) == (0, len(text.raw))


def test_a_range_within_a_replaced_stretch_covers_the_whole_stretch() -> None:
    text = clean(r"such as \eg here")
    assert text.text == "such as e.g. here"
    assert text.to_raw(9, 10) == (8, 11)


def test_an_empty_range_stays_empty() -> None:
    text = clean(r"a \emph{b} c")
    assert all(start == end for start, end in (text.to_raw(i, i) for i in range(len(text.text) + 1)))


@pytest.mark.parametrize("bounds", [(-1, 2), (2, 1), (0, 99)])
def test_a_range_outside_the_text_is_an_error(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"not within 0..3"):
        clean("abc").to_raw(*bounds)


@given(NEARLY_LATEX)
def test_every_character_leads_back_into_the_published_text_in_order(raw: str) -> None:
    text = clean(raw)
    assert text.raw == raw
    changed = [range(segment.start, segment.end) for segment in text.segments]
    before = (0, 0)
    for index, character in enumerate(text.text):
        start, end = text.to_raw(index, index + 1)
        assert 0 <= start < end <= len(raw) or any(index in positions for positions in changed)
        assert before[0] <= start
        assert before[1] <= end
        before = (start, end)
        if not any(index in positions for positions in changed):
            assert raw[start:end] == character
    if text.text:
        assert text.to_raw(0, len(text.text)) == (text.to_raw(0, 1)[0], before[1])


@given(st.text(alphabet=st.characters(whitelist_categories=["Lu", "Nd"], max_codepoint=0x24F), max_size=60))
def test_text_without_marks_is_the_same(raw: str) -> None:
    assert clean(raw) == CleanText(raw, raw)


@given(NEARLY_LATEX)
def test_clean_text_can_be_written_as_utf_8(raw: str) -> None:
    assert clean(raw).text.encode("utf-8")[:1] != b"\x00"


# --- clean: real texts and hostile ones --------------------------------------------------------------


def abstracts(number: int) -> Iterator[str]:
    if not CORPUS.exists():
        pytest.skip(f"needs {CORPUS.relative_to(REPO.parent)}")
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in islice(lines, number):
            yield json.loads(line)["abstract"]


def test_words_of_real_abstracts_lead_back_to_themselves() -> None:
    checked = 0
    for raw in abstracts(500):
        text = clean(raw)
        for word in re.finditer(r"\b[A-Za-z]+\b", text.text):
            start, end = text.to_raw(*word.span())
            repaired = any(s.start <= word.end() and word.start() <= s.end for s in text.segments)
            assert raw[start:end] == word[0] or repaired
            checked += 1
    assert checked > 50_000


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("words", "word and other " * 66_000),
        ("one word", "a" * 1_000_000),
        ("open brackets", "(" * 16_000),
        ("open braces", "{" * 100_000),
        ("braces in braces", "{" * 50_000 + "}" * 50_000),
        ("dollars", "$" * 100_000),
        ("backslashes", "\\" * 100_000),
        ("open commands", "\\emph{" * 16_000),
        ("open maths", "\\(" * 50_000),
        ("open maths and braces", "\\({" * 30_000 + "\\)" * 30_000),
        ("formulas", "$a_1$ " * 16_000),
        ("nested environments", ("{\\bf " + "\\begin{a}" * 900 + "}") * 5),
        ("commands without arguments", "$" + "\\frac" * 190 + "$"),
        ("citations", "~\\cite{a}" * 11_000),
        ("spaces", " " * 100_000 + "x"),
        ("line breaks", " \n" * 50_000 + "x"),
        ("hyphens", "poten-tial-" * 9_000),
        ("letters with marks", "e\u0301" * 50_000),
        ("mojibake", "Ã©" * 50_000),
    ],
)
def test_time_grows_with_the_length_only(name: str, raw: str) -> None:
    clean(r"$\alpha$ \emph{x} Ã©")  # so that no library is loaded below
    started = time.process_time()
    clean(raw)
    assert time.process_time() - started < 3, name


def test_importing_text_loads_neither_the_latex_nor_the_encoding_library() -> None:
    code = "import sys, kg.text; sys.exit(any(name in sys.modules for name in ('pylatexenc', 'ftfy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
