"""Make `kg/text/words.txt.gz`, the word list by which broken words are mended.

    python benchmarks/count_words.py CORPUS.jsonl.gz kg/text/words.txt.gz

Takes abstracts as JSON lines with a field `abstract`; gives three blocks with an empty line between,
each sorted: common words, rarer words, and hyphenated spellings of common words (`multi-faceted`).
Counts are numbers of abstracts. The same corpus gives the same bytes.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

_WORD = re.compile(r"(?<![\w\\-])[a-z]+(?:-[a-z]+)*(?![\w-])")

COMMON = 20
RARE = 3
PARTNERS = 3  # a part of this many different compounds is a word or a prefix, as `bi` of `bi-level`
BROKEN_SHARE = 0.5  # of the compounds of `tion`, as many and more are common words with a hyphen in them
VARIANT_SHARE = 1 / 200  # of the abstracts with `multifaceted`, as many and more write `multi-faceted`


def main(corpus: Path, output: Path) -> None:
    """Count the words of `corpus` and write the list."""
    words, compounds = count(abstracts(corpus))
    blocks = ["\n".join(sorted(block)) for block in select(words, compounds)]
    with output.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("\n\n".join(blocks).encode("ascii"))


def abstracts(corpus: Path) -> Iterator[str]:
    """The abstracts of a file of JSON lines."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["abstract"]


def count(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """The number of texts with each plain word, and with each compound of two."""
    words: Counter[str] = Counter()
    compounds: Counter[str] = Counter()
    for text in texts:
        found = set(_WORD.findall(text))
        words.update(word for word in found if "-" not in word)
        compounds.update(word for word in found if word.count("-") == 1)
    return words, compounds


def select(words: Counter[str], compounds: Counter[str]) -> tuple[set[str], set[str], set[str]]:
    """Common words, rarer words, and hyphenated spellings of common ones."""
    partners: defaultdict[str, set[str]] = defaultdict(set)
    common = {word for word, number in words.items() if number >= COMMON and len(word) > 1} | {"a", "i"}
    for compound in compounds:
        for part in compound.split("-"):
            partners[part].add(compound)
    fragments = {
        part
        for part, whole in partners.items()
        if words[part] < 3 * COMMON
        and sum(compound.replace("-", "") in common for compound in whole) >= BROKEN_SHARE * len(whole)
    }
    rare = {word for word, number in words.items() if number >= RARE}
    rare |= {part for part, whole in partners.items() if len(whole) >= PARTNERS}
    common -= fragments
    variants = {
        compound
        for compound, number in compounds.items()
        if (joined := compound.replace("-", "")) in common
        and number > 1
        and number >= VARIANT_SHARE * words[joined]
    }
    return common, {word for word in rare if len(word) > 1} - common - fragments, variants


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
