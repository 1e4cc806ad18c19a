"""JSON Lines: our own records, those of others, and lines that are no record."""

from __future__ import annotations

import io
import json
import random
import time

import pytest

from kg.files import MAX_RECORD, InputFile, InputStream
from kg.model import Link, LinkKind, Paper, Reject, Source
from kg.read import jsonl


def read(*lines: str | bytes) -> list[Paper | Reject]:
    content = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    stream = InputStream(InputFile(None, "a.jsonl", "a.jsonl"), io.BufferedReader(io.BytesIO(content)))
    return list(jsonl.records(stream))


def paper(**fields: object) -> Paper:
    (record,) = read(json.dumps({"id": "x:1", "abstract": "We count."} | fields))
    assert isinstance(record, Paper), record
    return record


def reject(line: str | bytes) -> Reject:
    (record,) = read(line)
    assert isinstance(record, Reject), record
    return record


# --- what others write -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({"id": "arxiv:2503.11731"}, "arXiv:2503.11731"),
        ({"id": "2503.11731v2"}, "arXiv:2503.11731"),
        ({"id": "3dv2025:VsSmQSmM7k"}, "3dv2025:VsSmQSmM7k"),
        ({"id": None, "arxiv_id": "math/0309136"}, "arXiv:math/0309136"),
        ({"id": " ", "doi": "10.1109/TPAMI.2021.1"}, "doi:10.1109/tpami.2021.1"),
        ({"id": 17}, "17"),
    ],
)
def test_the_id_is_brought_to_its_one_form(fields: dict[str, object], identifier: str) -> None:
    assert paper(**fields).id == identifier


@pytest.mark.parametrize(
    ("fields", "created"),
    [
        ({"year": 2021}, "2021"),
        ({"year": "2021"}, "2021"),
        ({"date": "2021-10"}, "2021-10"),
        ({"created": "2021-10-22", "year": 2020}, "2021-10-22"),
        ({"created": None, "date": "", "year": 2020}, "2020"),
        ({"created": "2021-10-22T17:57:22Z"}, "2021-10-22"),
        ({"created": "2021-10-22 17:57"}, "2021-10-22"),
        ({}, None),
    ],
)
def test_the_date_may_go_by_several_names(fields: dict[str, object], created: str | None) -> None:
    assert paper(**fields).created == created


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["B. Zwei", "A. Eins"], ("B. Zwei", "A. Eins")),
        ("B. Zwei, A. Eins and C. Drei", ("B. Zwei", "A. Eins", "C. Drei")),
        ("B. Zwei, A. Eins, and C. Drei", ("B. Zwei", "A. Eins", "C. Drei")),
        ("Zwei, B.; Eins, A.", ("Zwei, B.", "Eins, A.")),
        ("Alexander Sand", ("Alexander Sand",)),
        (None, ()),
    ],
)
def test_authors_stay_in_order(authors: object, names: tuple[str, ...]) -> None:
    assert paper(authors=authors).authors == names


@pytest.mark.parametrize("categories", [["cs.LG", "cs.AI", "cs.LG"], "cs.LG cs.AI", "cs.LG, cs.AI"])
def test_categories_are_sorted(categories: object) -> None:
    assert paper(categories=categories).categories == ("cs.AI", "cs.LG")


def test_other_spellings_and_lists_are_understood() -> None:
    found = paper(
        **{
            "comments": "5 pages",
            "journal-ref": "Toy 1",
            "venue": "Toy 2021",
            "links": {"code": ["https://example.org/c"], "data": []},
            "related": ["2101.00002v1", "arxiv:2101.00001"],
            "entities": [{"any": "thing"}],
        }
    )
    assert (found.comment, found.journal_ref, found.venue) == ("5 pages", "Toy 1", "Toy 2021")
    assert found.links == (Link("https://example.org/c", LinkKind.CODE),)
    assert found.related == ("arXiv:2101.00001", "arXiv:2101.00002")


def test_text_stays_as_published() -> None:
    text = "  We count\n\\emph{sheep} \u2028 e\u0301.\x00 "
    assert paper(abstract=text).abstract == text


def test_sources_of_an_earlier_reading_are_kept() -> None:
    assert paper(sources=[{"file": "b.txt", "record": 2}]).sources == (Source("b.txt", 2),)
    assert paper().sources == (Source("a.jsonl", 1),)


def test_unusual_line_separators_in_a_string_do_not_split_a_record() -> None:
    (found,) = read('{"id": "x", "abstract": "a\u2028b\u2029c\u0085d\u000be"}'.replace("\u000b", ""))
    assert isinstance(found, Paper)
    assert found.abstract == "a\u2028b\u2029c\u0085de"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    (found,) = read(r'{"id": "x\udfff", "abstract": "a\ud800b \ud83d\ude00", "authors": ["\udc00"]}')
    assert isinstance(found, Paper)
    assert (found.id, found.abstract, found.authors) == ("x\ufffd", "a\ufffdb \U0001f600", ("\ufffd",))


def test_blank_lines_and_a_byte_order_mark_are_no_records() -> None:
    first, second = read(
        b'\xef\xbb\xbf{"id": "a", "title": "A"}\r', "", "  ", '{"id": "b", "title": "B"}', ""
    )
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert (second.id, second.sources) == ("b", (Source("a.jsonl", 2),))


# --- lines that are no record ------------------------------------------------------------------------

ONE_OBJECT = "expected one object a line"
AN_OBJECT = 'expected an object such as {"id": "2101.00001", "abstract": "…"}'
NO_NUMBER = "is not a number that can be kept"
NO_DATE = "is no date; expected 2021-10-22, 2021-10 or 2021"
LINKS = "expected an object with keys of code, data, project"
SOURCES = 'expected a list of {"file": "a.txt", "record": 1}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "x", "title": "T', "not JSON, column 22: Unterminated string starting at; " + ONE_OBJECT),
        ("id,title", "not JSON, column 1: Expecting value; " + ONE_OBJECT),
        ('[{"id": "x"}]', f"line: {AN_OBJECT}, found a list"),
        ("null", f"line: {AN_OBJECT}, found null"),
        ('{"id": "x", "id": "y"}', "the key 'id' stands twice in one object"),
        ('{"id": "x", "a": {"b": 1, "b": 2}}', "the key 'b' stands twice in one object"),
        ('{"id": "x", "score": NaN}', f"NaN {NO_NUMBER}"),
        ('{"id": "x", "score": -Infinity}', f"-Infinity {NO_NUMBER}"),
        ('{"id": "x", "score": 1e999}', f"1e999 {NO_NUMBER}"),
        ('{"id": "x", "n": ' + "1" * 5000 + "}", f"11111111111111111111…, 5000 digits long, {NO_NUMBER}"),
        ("[" * 100_000, "not read: nested too deep"),
        ('{"a":' * 100_000, "not read: nested too deep"),
        ('{"title": "T"}', "no id; expected one of the keys id, arxiv_id, doi"),
        ('{"id": "", "title": "T"}', "no id; expected one of the keys id, arxiv_id, doi"),
        ('{"id": "x"}', "neither title nor abstract"),
        ('{"id": "x", "title": " ", "abstract": ""}', "neither title nor abstract"),
        ('{"id": 2503.1, "title": "T"}', "id: expected a string or null, found a number"),
        ('{"id": true, "title": "T"}', "id: expected a string or null, found true or false"),
        ('{"id": "x", "title": ["T"]}', "title: expected a string or null, found a list"),
        ('{"id": "x", "title": "T", "authors": {}}', "authors: expected a list of strings, found an object"),
        (
            '{"id": "x", "title": "T", "authors": [1]}',
            "authors, in the list: expected a string, found a number",
        ),
        ('{"id": "x", "title": "T", "year": 21.5}', "created: expected a string or null, found a number"),
        ('{"id": "x", "title": "T", "year": 99999}', f"created: '99999' {NO_DATE}"),
        ('{"id": "x", "title": "T", "date": "2021-02-30"}', f"created: '2021-02-30' {NO_DATE}"),
        ('{"id": "x", "title": "T", "links": ["u"]}', f"links: {LINKS}, found a list"),
        ('{"id": "x", "title": "T", "links": {"film": []}}', f"links: {LINKS}, found 'film'"),
        ('{"id": "x", "title": "T", "sources": {}}', f"sources: {SOURCES}, found an object"),
        ('{"id": "x", "title": "T", "sources": ["a"]}', f"sources: {SOURCES}"),
    ],
)
def test_a_line_that_is_no_record_is_rejected_with_its_reason(line: str, reason: str) -> None:
    assert reject(line).reason == reason


def test_a_reject_says_where_it_stands_and_what_is_known_of_it() -> None:
    _, found = read('{"id": "a", "title": "A"}', "", '{"id": "2101.00001", "title": 1}')
    assert found == Reject(
        file="a.jsonl",
        line=3,
        record=2,
        id="arXiv:2101.00001",
        reason="title: expected a string or null, found a number",
        raw='{"id": "2101.00001", "title": 1}',
    )


def test_broken_lines_anywhere_cost_only_themselves() -> None:
    lines = [f'{{"id": "x:{number}", "title": "T"}}' for number in range(1000)]
    broken = sorted(random.Random(3).sample(range(1000), 7))  # noqa: S311
    for number in broken:
        lines[number] = lines[number][:-2]
    found = read(*lines)
    assert len(found) == 1000
    assert [record.line for record in found if isinstance(record, Reject)] == [n + 1 for n in broken]


@pytest.mark.parametrize("encoding", ["latin-1", "gbk", "utf-16-le"])
def test_a_line_in_another_encoding_is_rejected_with_its_byte(encoding: str) -> None:
    good = '{"id": "a", "title": "A"}'
    text = "网络" if encoding == "gbk" else "öß"
    first, found, *rest = read(
        good, f'{{"id": "b", "title": "{text}"}}'.encode(encoding), '{"id": "c", "title": "ö"}'
    )
    assert isinstance(first, Paper)
    assert isinstance(found, Reject)
    assert found.line == 2
    if encoding != "utf-16-le":
        assert found.reason.startswith(f"not UTF-8 at byte {len(good) + 1 + 22} ")
        assert isinstance(rest[0], Paper)


def test_a_surrogate_written_as_bytes_is_not_utf_8() -> None:
    assert reject(b'{"id": "x", "title": "\xed\xa0\x80"}').reason.startswith("not UTF-8 at byte 22 ")


def test_a_line_over_the_limit_is_rejected_with_its_byte_and_the_next_is_read() -> None:
    first = '{"id": "a", "title": "A"}'
    long = '{"id": "b", "abstract": "' + "x" * MAX_RECORD + '"}'
    whole, found, last = read(first, long, '{"id": "c", "title": "C"}')
    assert isinstance(whole, Paper)
    assert isinstance(found, Reject)
    assert (found.line, found.reason) == (2, f"longer than {MAX_RECORD} bytes, from byte {len(first) + 1}")
    assert len(found.raw) <= 1000
    assert isinstance(last, Paper)


@pytest.mark.parametrize(
    "attack",
    [
        json.dumps({"id": "x", "title": "T", "authors": " " * 100_000}),
        json.dumps({"id": "x", "title": "T", "authors": " and" * 25_000}),
        json.dumps({"id": "x", "title": "T", "categories": " ," * 50_000}),
        json.dumps({"id": " " * 100_000 + "x", "title": "T"}),
        json.dumps({"id": "a-" * 50_000, "title": "T"}),
        json.dumps({"id": "x", "title": "T", "created": "2021-10-22T" + "1" * 100_000}),
        "{" + ", ".join(f'"k{number}": 1' for number in range(50_000)) + ', "k49999": 2}',
    ],
)
def test_hostile_fields_are_read_in_linear_time(attack: str) -> None:
    start = time.perf_counter()
    assert len(read(attack)) == 1
    assert time.perf_counter() - start < 1


def test_any_damage_gives_papers_and_rejects_only() -> None:
    chance = random.Random(11)  # noqa: S311
    whole = json.dumps(
        {"id": "2101.00001", "title": "\ud800", "authors": ["A"], "year": 2021, "n": [1.5, None]}
    ).encode()
    kinds = set()
    for _ in range(3000):
        line = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            line[chance.randrange(len(line))] = chance.choice(b'"{}[],:\\0x\n\xff\x00')
        for record in read(bytes(line)):
            kinds.add(type(record))
    assert kinds == {Paper, Reject}
