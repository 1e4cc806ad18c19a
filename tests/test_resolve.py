"""Which names are one thing, in one paper and across many."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kg.model import EntityType, Extraction, Mention, Paper, Role, Section, TextSpan
from kg.resolve import group_mentions, resolve


def mention(
    name: str,
    *,
    kind: EntityType = EntityType.METHOD,
    role: Role = Role.MENTIONED,
    long_form: str | None = None,
    start: int = 0,
    score: float = 0.5,
) -> Mention:
    span = TextSpan(Section.ABSTRACT, start, start + len(name), name)
    return Mention(
        span=span, type=kind, name=name, role=role, long_form=long_form, score=score, extractor="test"
    )


def paper(paper_id: str, *mentions: Mention) -> Extraction:
    return Extraction(paper=Paper(id=paper_id), mentions=mentions)


def entity_names(*extractions: Extraction) -> dict[str, str]:
    return {entity.id: entity.name for entity in resolve(extractions).entities}


def test_spellings_of_one_normal_form_are_one_thing_of_a_paper() -> None:
    one = paper("arXiv:2101.00001", mention("vision transformers"), mention("Vision Transformer", start=50))
    (thing,) = group_mentions(one)
    assert thing.name == "Vision Transformer"
    assert thing.aliases == ()
    assert len(thing.mentions) == 2


def test_the_short_form_is_the_name_and_the_long_form_an_alias() -> None:
    one = paper(
        "arXiv:2101.00001",
        mention("graph convolutional network"),
        mention("GCN", start=30, long_form="graph convolutional network"),
        mention("GCNs", start=60),
    )
    (thing,) = group_mentions(one)
    assert (thing.name, thing.aliases) == ("GCN", ("graph convolutional network",))


def test_the_strongest_role_of_a_thing_is_its_role_in_the_paper() -> None:
    one = paper(
        "arXiv:2101.00001",
        mention("X-Net", role=Role.COMPARED),
        mention("X-Net", start=9, role=Role.PROPOSED),
    )
    assert [thing.role for thing in group_mentions(one)] == [Role.PROPOSED]


def test_one_name_of_two_types_is_two_things() -> None:
    one = paper("arXiv:2101.00001", mention("Replica"), mention("Replica", kind=EntityType.DATASET))
    assert entity_names(one) == {"method/replica": "Replica", "dataset/replica": "Replica"}


def test_versions_and_sizes_stay_apart() -> None:
    names = ["ResNet-50", "ResNet-101", "ImageNet-1K", "ImageNet-21K", "Kinetics-400", "Kinetics-600"]
    extractions = [paper(f"arXiv:2101.0000{n}", mention(name)) for n, name in enumerate(names)]
    assert len(entity_names(*extractions)) == len(names)


def test_papers_meet_in_the_long_form_one_of_them_gives() -> None:
    resolution = resolve(
        [
            paper("arXiv:2101.00001", mention("GCN", long_form="graph convolutional network")),
            paper("arXiv:2101.00002", mention("graph convolutional networks")),
            paper("arXiv:2101.00003", mention("GCNs")),
        ]
    )
    (entity,) = resolution.entities
    assert entity.id == "method/gcn"
    assert entity.name == "GCN"
    assert entity.aliases == ("GCNs", "graph convolutional network", "graph convolutional networks")
    assert entity.support == 3
    reasons = {merge.names: merge.reason for merge in entity.merges}
    assert reasons["GCN", "graph convolutional network"] == "long form in arXiv:2101.00001"
    assert reasons["GCN", "GCNs"] == "same normal form 'gcn'"


def test_a_short_form_with_two_long_forms_holds_nothing_together() -> None:
    names = entity_names(
        paper("arXiv:2101.00001", mention("CAT", long_form="cross attention transformer")),
        paper("arXiv:2101.00002", mention("CAT", long_form="class attention transfer")),
        paper("arXiv:2101.00003", mention("CAT")),
    )
    assert names == {
        "method/cat": "CAT",
        "method/class-attention-transfer": "CAT",
        "method/cross-attention-transformer": "CAT",
    }


def test_the_id_outlives_papers_that_add_longer_names() -> None:
    first = paper("arXiv:2101.00001", mention("SOFT"))
    later = paper("arXiv:2101.00002", mention("SOFT", long_form="softmax-free transformer"))
    assert set(entity_names(first)) == set(entity_names(first, later)) == {"method/soft"}


def test_every_merge_has_two_names_or_more_and_a_reason() -> None:
    entity = resolve([paper("arXiv:2101.00001", mention("A-b"), mention("a b", start=9))]).entities[0]
    assert [(merge.names, merge.score) for merge in entity.merges] == [(("A-b", "a b"), 1.0)]


_NAMES = st.sampled_from(
    ["GAN", "GANs", "generative adversarial network", "BERT", "bert", "ViT", "vit-B", "***"]
)


@given(
    st.lists(
        st.lists(
            st.builds(
                mention,
                _NAMES,
                kind=st.sampled_from([EntityType.METHOD, EntityType.TASK]),
                long_form=st.none() | _NAMES,
                start=st.integers(0, 500),
            ),
            max_size=5,
            unique=True,
        ),
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_resolution_does_not_depend_on_the_order_of_papers(
    corpus: list[list[Mention]], random: Random
) -> None:
    extractions = [paper(f"arXiv:2101.{n:05}", *mentions) for n, mentions in enumerate(corpus)]
    shuffled = extractions.copy()
    random.shuffle(shuffled)
    assert resolve(shuffled) == resolve(extractions)
    for extraction in extractions:
        grouped = [m for thing in group_mentions(extraction) for m in thing.mentions]
        assert sorted(grouped, key=repr) == sorted(extraction.mentions, key=repr)
