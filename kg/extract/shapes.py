"""What the spelling of a word says: whether it is a name, and of what kind of thing."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.vocab import EntityType

_SIZES = frozenset(("base", "bench", "instruct", "large", "mini", "small", "tiny", "turbo"))
_DASH = re.compile(r"[-‐‑–_]")
_SHAPES = re.compile(
    r"[A-Z][a-z]*[-‐‑–_]?\d[\w.]*"  # "Top1", "Rank-1"
    r"|[A-Z]\w*[-‐‑–]\d[\w.]*(?:[-‐‑–]\w+)*"  # "Claude-3.5-sonnet"
    r"|[A-Z][a-z]+[-‐‑–][A-Z]"  # "Llama-X"
    r"|[a-z]+\d+[a-z]+|[a-z]+\d+(?:\.\d+)?|[a-z]\d-[a-z]+"  # "word2vec", "yolo11", "o1-mini"
)

_BENCHMARK = re.compile(
    r"(?i:bench(?:mark)?(?:[-_ ].*)?$|[-_ ](?:eval|arena|gym)$)|[a-z](?:Eval|Arena|Gym)(?:[-_ ].*)?$"
    r"|(?:Arena|Gym|Eval)\+*$"
)
_DATASET = re.compile(r"[A-Za-z]-?(?:QA|VQA)$|(?:Corpus|Bank|Set)$|[a-z]\d*-\d+[kKM]$|^(?:19|20)\d\d$")
_ENDINGS = (
    "AE Adam Adapter Agent Attention BERT BERTa CLIP CNN Coder DETR Decoder DiT Diff Diffusion Encoder "
    "Flow Former "
    "Fusion GAN GANs GAT GCN GNN GPT GS KD LLM LM LSTM LoRA Loss Mamba Mixer MoE NAS NeRF Net Nets PO "
    "Prompt RAG RL "
    "RNN SAM SGD SLAM Splatting Transformer Tuning VAE VAEs VLA VLM ViT YOLO former"
)
_METHOD = re.compile(
    rf"(?:{'|'.join(_ENDINGS.split())})s?(?:[-_ ]?(?:v?\d[\w.]*|[A-Z]{{1,2}}|[a-z]+))?\+*$"
    r"|[-_ ]\d+(?:\.\d+)?[bB](?:[-_ ].*)?$"
    r"|[-_ ](?:Instruct|Chat|Base|Large|Small|Tiny|[Mm]ini|Turbo|Pro|Flash|Sonnet|Opus|Zero)$"
)
_METRIC = re.compile(r"@|^(?:m?AP|AR|F|R|Rank|Top|top|Hits|Acc|HD|FPR)[-_ ]?\d{1,3}$")
_BY_ENDING = (
    (EntityType.METRIC, _METRIC),
    (EntityType.BENCHMARK, _BENCHMARK),
    (EntityType.METHOD, _METHOD),
    (EntityType.DATASET, _DATASET),
)
# Elements of which a compound of several may be made; one letter alone proves nothing.
_FORMULA = re.compile(
    r"(?:(?:A[cglrstu]|B[aehikr]?|C[adeflorsu]?|D[by]|E[ru]|F[er]?|G[ade]|H[efgo]?|I[nr]?|K|L[aiu]|M[gno]|"
    r"N[abdi]?|O|"
    r"P[bdrt]?|R[behu]|S[bcegimnr]?|T[aeilmhb]|U|V|W|Y[b]?|Z[nr])(?:[\d₀-₉]{1,2}(?:\.\d+)?|[₋+x-])?){2,}"
)
_LONGEST_NAME = 80


@lru_cache(maxsize=1 << 15)
def has_name_shape(word: str) -> bool:
    """Whether a word is written like a name: capitals inside, or letters with digits, `+` or `@`.

    >>> words = ("SOFT", "iFormer", "DeiT-B", "PSGAN++", "ResNet-18", "pass@1", "o1-mini", "GPT-4o-mini")
    >>> all(map(has_name_shape, words))
    True
    >>> words = ("Network", "text-based", "Transformer-based", "LLM-driven", "2-stage", "Non-Local", "1st")
    >>> any(map(has_name_shape, words))
    False
    """
    if word.islower() and word.isalpha():
        return False
    parts = _DASH.split(word)
    # A tail in lower case makes an adjective of it, but for sizes.
    if len(parts) > 1 and len(parts[-1]) > 2 and parts[-1].islower() and parts[-1].isalpha():
        return parts[-1] in _SIZES and any(character.isdigit() for character in word)
    if not any(part[:1].isalpha() or part[1:2].isalpha() for part in parts):
        return False
    if any(character.isupper() for part in parts for character in part[1:]):
        return True
    return "@" in word or word.endswith(("+", "*")) or _SHAPES.fullmatch(word) is not None


def type_of_name(name: str) -> EntityType | None:
    """The type a name's ending tells, if it does.

    >>> names = ("ToolBench", "FastDepthNet", "AP50", "Tulu-7B", "MedicalQA", "EuCd2As2", "Foo")
    >>> [str(type_of_name(name)) for name in names]
    ['Benchmark', 'Method', 'Metric', 'Method', 'Dataset', 'Material', 'None']
    """
    if len(name) > _LONGEST_NAME:
        return None
    for entity_type, pattern in _BY_ENDING:
        if pattern.search(name):
            return entity_type
    return EntityType.MATERIAL if is_formula(name) else None


def is_formula(name: str) -> bool:
    """Whether a name is a chemical formula beyond doubt.

    >>> [name for name in ("SrTiO3", "MoS₂", "VOC12", "C3D", "CNN", "InSb") if is_formula(name)]
    ['SrTiO3', 'MoS₂']
    """
    has_number = any(character.isdigit() for character in name)
    return has_number and name != name.upper() and _FORMULA.fullmatch(name) is not None
