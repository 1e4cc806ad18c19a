from __future__ import annotations

import gzip
import json
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.comments import find_links, related_ids, with_metadata
from kg.extract.publication import publication_of_comment, publication_of_reference
from kg.extract.venues import find_venues
from kg.model import Link, LinkKind, Paper
from kg.read import gather


def venue(comment: str) -> str | None:
    told = publication_of_comment(comment)
    return told.venue if told else None


def presentation(comment: str) -> str | None:
    told = publication_of_comment(comment)
    return told.presentation if told else None


def urls(text: str, kind: LinkKind) -> list[str]:
    return [link.url for link in find_links(text) if link.kind is kind]


# --- venue -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("accepted by ECCV2022", "ECCV 2022"),
        ("Accepted at NeurIPS-2020", "NeurIPS 2020"),
        ("IROS'22", "IROS 2022"),
        ("Accepted for oral presentation at AAAI-26", "AAAI 2026"),
        ("14 pages, 3 figures, BMVC 2020", "BMVC 2020"),
        ("12 pages, 4 tables, to appear in WACV2023", "WACV 2023"),
        ("CVPR 2023, code at https://github.com/a/iccv_2021", "CVPR 2023"),
        ("Accpeted in ACM Multimedia 2020.", "ACM MM 2020"),
        ("Accepted to IEEE-TIP-2020", "IEEE TIP 2020"),
        ("to appear in IEEE Trans. on Image Processing", "IEEE TIP"),
        ("Accepted by IEEE Transactoins on Image Processing", "IEEE TIP"),
        ("accepted by TPAMI", "TPAMI"),
        ("To appear at Neurocomputing 2020", "Neurocomputing 2020"),
        ("to appear in Mathematische Zeitschrift", "Math Z"),
        ("Published as a conference paper at ICLR 2020", "ICLR 2020"),
        ("The 63rd Annual Meeting of the Association for Computational Linguistics (ACL 2025)", "ACL 2025"),
        ("Accepted to ACM Transactions on Graphics (SIGGRAPH 2023)", "SIGGRAPH 2023"),
        ("2024 IEEE/CVF Conference on Computer Vision and Pattern Recognition", "CVPR 2024"),
        ("Proceedings of the International Conference on Computer Vision. 2021 (ICCV 2021)", "ICCV 2021"),
        ("Paper submitted and accepted to ICRA 2024", "ICRA 2024"),
        ("Accepted by IEEE Transactions on Multimedia (TMM) on January 19, 2025", "IEEE TMM"),
        ("Technical report.\nAccepted to ECAI 2023", "ECAI 2023"),
        ("early accepted by MICCAI", "MICCAI"),
        ("Accepted to the journal Pattern Recognition", "Pattern Recognition"),
    ],
)
def test_a_known_venue_has_one_form_with_its_year(comment: str, expected: str) -> None:
    assert venue(comment) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("accepted by the 13th International Wombat Linguistics Conference WOMLIC 2025", "WOMLIC 2025"),
        ("6 pages, to be published in XQIS'26", "XQIS 2026"),
        ("International Conference on Vehicular Wombats (ICVWO), Paris, May 2024", "ICVWO 2024"),
        ("Accepted for publication in Annals of Wombat Studies, 2019", "Annals of Wombat Studies 2019"),
        ("5 pages, IEEE WOMSEC 2025", "WOMSEC 2025"),
        ("WOMSports2026 accepted", "WOMSports 2026"),
    ],
)
def test_a_venue_that_no_list_knows_keeps_its_name(comment: str, expected: str) -> None:
    assert venue(comment) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "Submitted to TPAMI",
        "This work has been submitted to the IEEE for possible publication",
        "Under review at NeurIPS 2025 Datasets Track",
        "This is an extension of our AAAI'22 paper",
        "Extended version of the paper accepted at CVPR 2021",
        "A preliminary version appeared at ECCV 2020",
        "The Wombat Track of the ICCV-21 Challenge is open until October 2021",
        "CVPR 2026 Tracking Challenge, Rank 6",
        "Preprint",
        "Technical report, 12 pages, data until May 2021",
        "12 pages, 3 figures",
        "Accepted for publication in IEEE",
        "Code will be released upon acceptance",
        "Computer Vision and Pattern Recognition (cs.CV)",
        "arXiv admin note: text overlap with arXiv:2004.12345",
        "Term paper for LING 575",
        "Extension of https://openreview.net/forum?id=ICLR2021",
        "18 pages on nature, science and the cell",
        "",
    ],
)
def test_what_is_no_acceptance_names_no_venue(comment: str) -> None:
    assert publication_of_comment(comment) is None


def test_a_submission_in_the_same_sentence_does_not_hide_an_acceptance() -> None:
    assert venue("Accepted to ICLR 2024 and under review for IEEE TVCG") == "ICLR 2024"
    assert venue("Submitted to TPAMI; a short version was accepted to ICML 2020") == "ICML 2020"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Accepted to ICCV 2023 (Oral Presentation)", "Oral"),
        ("NeurIPS 2020 Spotlight. Project page at https://a.github.io/b/", "Spotlight"),
        ("ICCV25 (Highlight)", "Highlight"),
        ("20 pages, ACL'25 Findings", "Findings"),
        ("Accepted as a poster at AMIA 2026", "Poster"),
        ("CVPR 2021. Oral.", "Oral"),
        ("ICRA 2020, Best Student Paper Award", "Best Paper"),
        ("Accepted by AAAI 2026 Demo Track", "Demo"),
        ("MICCAI 2024, on oral cancer", None),
        ("CVPR 2024, demo video on the project page", None),
    ],
)
def test_the_presentation_is_told_with_the_venue(comment: str, expected: str | None) -> None:
    assert presentation(comment) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Accepted at the CVPR 2021 Workshop on Wombats, oral", "CVPR 2021"),
        ("ICCVW 2025 accepted paper", "ICCV 2025"),
        ("WombatML@ICML24", "ICML 2024"),
        ("Workshop on Wombats at EMNLP 2025", "EMNLP 2025"),
        ("Accepted to BlackboxNLP 2023", "BlackboxNLP 2023"),
    ],
)
def test_a_workshop_paper_belongs_to_the_conference_and_says_so(comment: str, expected: str) -> None:
    told = publication_of_comment(comment)
    assert told is not None
    assert (told.venue, told.presentation) == (expected, "Workshop")


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Chinese Physics Letters 38, 077201 (2021)", "Chinese Physics Letters 2021"),
        ("Phys. Rev. B 103, 2021 (2020)", "Physical Review B 2020"),
        ("IEEE Transactions on Image Processing, vol. 30, pp. 1-12, 2021", "IEEE TIP 2021"),
        ("Math. Z. 299 (2021), 1-20", "Math Z 2021"),
        ("Proceedings of the 29th ACM International Conference on Multimedia, 2021", "ACM MM 2021"),
        ("Journal of Wombat Studies 3(2), 2019", "Journal of Wombat Studies 2019"),
        ("International Journal of Computer Vision and Wombats 1, 2020", None),
    ],
)
def test_a_journal_reference_names_the_venue(reference: str, expected: str | None) -> None:
    told = publication_of_reference(reference)
    assert told is not None
    assert told.venue == (expected or "International Journal of Computer Vision and Wombats 2020")


def test_every_venue_of_the_list_finds_itself() -> None:
    lines = (Path(__file__).parents[2] / "kg/extract/venues.txt").read_text("utf-8").splitlines()
    names = [line.split("|")[0].strip() for line in lines if line and not line.startswith("#")]
    assert len(names) > 500
    assert len(set(names)) == len(names)
    assert [name for name in names if [m.venue.name for m in find_venues(name)] != [name]] == []


# --- links -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (r"Code: \url{https://github.com/a/b}.", "https://github.com/a/b"),
        ("The code is at https://github.com/a/b.git.", "https://github.com/a/b"),
        ("(code: https://github.com/a/b/)", "https://github.com/a/b/"),
        (r"\href{https://gitlab.com/a/b\_c}{our code}", "https://gitlab.com/a/b_c"),
        ("Code at github.com/a/b, data later", "https://github.com/a/b"),
        ("by a margin.Code is available on http://github.com/a/b.Our model", "http://github.com/a/b"),
        ("Our implementation is available at https://lab.example.org/x(1)", "https://lab.example.org/x(1)"),
        ("Project repo is https://github.com/a/b", "https://github.com/a/b"),
        ("Weights: https://huggingface.co/a/b", "https://huggingface.co/a/b"),
    ],
)
def test_code_links_come_clean(text: str, url: str) -> None:
    assert find_links(text) == [Link(url, LinkKind.CODE)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Code on our site https://a.github.io/b/", LinkKind.PROJECT),
        ("Project page: https://github.com/a/b", LinkKind.PROJECT),
        ("Project website https://lab.example.org/b", LinkKind.PROJECT),
        ("https://wombats.example.org/", LinkKind.PROJECT),
        ("The dataset is available at https://github.com/a/b", LinkKind.DATA),
        ("Data and code: https://github.com/a/b", LinkKind.CODE),
        ("see https://huggingface.co/datasets/a/b", LinkKind.DATA),
        ("archived at https://doi.org/10.5281/zenodo.1", LinkKind.DATA),
        ("https://zenodo.org/records/1", LinkKind.DATA),
    ],
)
def test_the_kind_of_a_link_follows_from_host_and_words(text: str, kind: LinkKind) -> None:
    assert [link.kind for link in find_links(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The challenge is open at https://www.wombats.example.org/challenge.html",
        "Extension of https://openreview.net/forum?id=1",
        "Published version: https://doi.org/10.1000/1",
        "text overlap with https://arxiv.org/abs/2004.12345",
        "Video: https://youtu.be/1",
        "Presented at https://wombats2026.example.org, a conference",
        "collected from the platform (www.wombats.example.org)",
        "http://[broken and http://a",
    ],
)
def test_other_addresses_are_left_out(text: str) -> None:
    assert find_links(text) == []


def test_one_address_in_comment_and_abstract_is_one_link() -> None:
    assert find_links("Code: https://github.com/a/b", "See https://www.github.com/A/b/.") == [
        Link("https://github.com/a/b", LinkKind.CODE)
    ]


def test_several_links_of_one_sentence_keep_their_kinds() -> None:
    text = "Project: https://a.github.io/b, code: https://github.com/a/b, data: https://zenodo.org/records/1"
    assert [link.kind.value for link in find_links(text)] == ["project", "code", "data"]


# --- the paper ---------------------------------------------------------------------------------------


def test_related_papers_are_those_the_comment_names() -> None:
    comment = "text overlap with arXiv:1909.07229v2, arXiv:math/0309136; see https://arxiv.org/abs/2004.12345"
    assert related_ids(comment) == ["arXiv:1909.07229", "arXiv:math/0309136", "arXiv:2004.12345"]
    paper = Paper(id="arXiv:1909.07229", comment=comment)
    assert "arXiv:1909.07229" not in with_metadata(paper).related


def test_what_the_reader_gave_stays() -> None:
    paper = Paper(
        id="x:1",
        comment="Accepted to ICML 2020 (Oral). Code: https://github.com/a/b. Extends arXiv:2004.12345",
        abstract="Project page: https://a.github.io/b",
        venue="ICML 2019",
        presentation="Poster",
        links=(Link("https://github.com/a/b", LinkKind.DATA),),
        related=("x:2",),
    )
    filled = with_metadata(paper)
    assert (filled.venue, filled.presentation) == ("ICML 2019", "Poster")
    assert filled.links == (
        Link("https://a.github.io/b", LinkKind.PROJECT),
        Link("https://github.com/a/b", LinkKind.DATA),
    )
    assert filled.related == ("arXiv:2004.12345", "x:2")
    assert with_metadata(filled) == filled


def test_the_journal_reference_counts_before_the_comment() -> None:
    paper = Paper(id="x:1", comment="CVPR 2019 Oral", journal_ref="Neurocomputing 452 (2021) 1-9")
    filled = with_metadata(paper)
    assert (filled.venue, filled.presentation) == ("Neurocomputing 2021", "Oral")


def test_a_paper_that_tells_nothing_stays_as_it_is() -> None:
    paper = Paper(id="x:1", abstract="We study 3% of R&D.")
    assert with_metadata(paper) == paper


# Ids and what the comments of the listings mean, read by hand: id | venue | presentation | links | related.
LISTED = """
2105.12324 | TPAMI 2021
2106.12368 | | | code github.com/Andrew-Qibin/VisionPermutator
2106.13112 | | | code github.com/sail-sg/volo
2106.13678 | Chinese Physics Letters 2021
2107.02053 | | | code github.com/KaiyangZhou/mixstyle-release
2107.02596
2107.13154 | IEEE TIP 2021 | | code github.com/lxtGH/GALD-DGCNet | 1909.07229
2108.02720 | ICCV 2021 | | code github.com/ZiweiWangTHU/GMPQ
2108.02874 | ICCV 2021 | | project senhe.github.io/projects/iccv_2021_lifespan_face
2108.03032 | ICCV 2021 | | code github.com/zhiheLu/CWTfor-FSS
2108.05340 | IEEE TIP | | code github.com/CHENGY12/APNet
2108.05818
2108.05889 | ICCV 2021 | | code github.com/wl-zhao/DIML
2108.06951 | Math Z
2108.07189
2108.07794 | ICCV 2021
2108.07797 | ICCV 2021
2108.08728 | ICCV 2021 | | code github.com/raoyongming/CAL
2108.08839 | ICCV 2021 | Oral | code github.com/yuxumin/PoinTr
2109.07036 | ICCV 2021 | | code github.com/twangnh/pnp-detr
2109.14449 | NeurIPS 2021 | | code github.com/kamwoh/orthohash
2110.04596
2110.10552 | BMVC 2021 | | code github.com/sauradip/fewshotQAT
2110.10807 | BMVC 2021 | | code github.com/BrandonHanx/TextReID
2110.11945 | NeurIPS 2021 | Spotlight | project fudan-zvg.github.io/SOFT/
2111.04076 | NeurIPS 2021 | | code github.com/sail-sg/mvp
2111.08380 | ACM MM 2021 | | code github.com/wzk1015/video-bgm-generation project wzk1015.github.io/cmt/
2111.11418 | | | code github.com/sail-sg/poolformer
2111.12346
2112.03109
2112.03857 | | | code github.com/microsoft/GLIP
2112.04674
2112.05142 | | | code github.com/wty-ustc/HairCLIP
2112.08643 | | | code github.com/shiming-chen/TransZero_pp | 2112.01683
2112.09106 | | | code github.com/microsoft/RegionCLIP
2112.11668 | NeurIPS 2021
2201.01297 | Neurocomputing 2022
2201.05729
2202.09450
2202.10103
2203.07057 | | | code github.com/DongSky/few-shot-vit
2203.14415 | | | code github.com/sail-sg/mugs
2203.16533 | CVPR 2022 | | code github.com/DengpanFu/LUPerson-NL
2204.00993
2204.03610 | CVPR 2022 | | code github.com/microsoft/UniCL
2204.03645 | | | code github.com/dingmyu/davit
2204.07154 | CVPR 2022
2205.00179
2205.12956 | | | code github.com/sail-sg/iFormer
"""


def test_the_papers_of_the_listings_have_the_metadata_read_by_hand(shared: Path) -> None:
    found = {}
    for paper in map(with_metadata, gather(sorted((shared / "seeds").glob("*.txt"))).papers):
        links = " ".join(f"{link.kind} {link.url.removeprefix('https://')}" for link in paper.links)
        fields = (paper.venue, paper.presentation, links, " ".join(paper.related).replace("arXiv:", ""))
        found[paper.id.removeprefix("arXiv:")] = tuple(field or "" for field in fields)
    expected = {}
    for line in LISTED.strip().splitlines():
        identifier, *fields = (field.strip() for field in line.split("|"))
        expected[identifier] = (*fields, *[""] * (4 - len(fields)))
    assert len(expected) == 49
    assert {key: sorted(value[2].split()) for key, value in found.items()} == {
        key: sorted(value[2].split()) for key, value in expected.items()
    }
    assert {key: (*value[:2], value[3]) for key, value in found.items()} == {
        key: (*value[:2], value[3]) for key, value in expected.items()
    }


def test_most_comments_that_name_a_conference_alone_are_understood(shared: Path) -> None:
    with gzip.open(shared / "corpora/arxiv_2025_2026.jsonl.gz", "rt", encoding="utf-8") as lines:
        comments = [json.loads(line)["comment"] or "" for line in islice(lines, 10_000)]
    plain = [comment for comment in comments if comment.startswith("Accepted to ") and len(comment) < 25]
    assert len(plain) > 100
    assert sum(venue(comment) is not None for comment in plain) > 0.98 * len(plain)


# --- hostile comments --------------------------------------------------------------------------------


@given(
    st.text(max_size=80), st.sampled_from(["Accepted to ", "CVPR'22 ", "https://github.com/", "arXiv:", "("])
)
def test_no_comment_is_too_strange(text: str, cue: str) -> None:
    paper = Paper(id="x:1", comment=cue + text, abstract=text + cue, journal_ref=text)
    assert with_metadata(paper).comment == cue + text


@pytest.mark.parametrize(
    "comment",
    [
        "accepted " * 12_000,
        "Accepted at " + "International Conference on " * 4_000,
        "CVPR 2021 " * 10_000,
        "https://github.com/a/b" + ")" * 100_000,
        "https://github.com/" * 5_000,
        "(" * 100_000,
        "2021 " * 20_000,
        "A " * 50_000,
        " " * 100_000,
        "arXiv:" * 16_000,
        "Conference (" * 8_000,
    ],
    ids=lambda comment: comment[:20],
)
def test_time_grows_with_the_length_only(comment: str) -> None:
    with_metadata(Paper(id="x:1", comment="Accepted to ICML 2020"))
    started = time.process_time()
    with_metadata(Paper(id="x:1", comment=comment, abstract=comment, journal_ref=comment))
    assert time.process_time() - started < 20


def test_the_sentence_before_an_address_that_stands_alone_does_not_tell_its_kind() -> None:
    (link,) = find_links("The overlap of the data is discussed. https://github.com/fox/net")
    assert link.kind is LinkKind.CODE
