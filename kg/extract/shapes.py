"""What the spelling of a name says about the thing it names."""

from __future__ import annotations

import re

from kg.vocab import EntityType

_BENCHMARK = re.compile(
    r"bench(?:mark)?(?:[-_ ].*)?$|[a-z](?:Eval|Arena|Gym)(?:[-_ ].*)?$|[-_ ](?:eval|arena|gym)$", re.I
)
_BENCHMARK_EXACT = re.compile(r"(?:Arena|Gym|Eval)\+*$")
_DATASET = re.compile(r"[A-Za-z]-?(?:QA|VQA)$|(?:Corpus|Bank|Set)$|[a-z]\d*-\d+[kKM]$|^(?:19|20)\d\d$")
_METHOD = re.compile(
    r"(?:Net|Nets|Former|former|GAN|GANs|VAE|VAEs|BERT|BERTa|LLM|VLM|VLA|CNN|RNN|GNN|GCN|GAT|LSTM|GPT|CLIP|SAM|NeRF|Mamba|ViT|DiT|"
    r"MoE|LoRA|RAG|RL|PO|SGD|Adam|Diff|Diffusion|Flow|Agent|Coder|LM|AE|KD|NAS|SLAM|YOLO|DETR|Mixer|Adapter|Prompt|Tuning|"
    r"Transformer|Fusion|Attention|Splatting|GS|Encoder|Decoder|Loss|Net\+\+)s?(?:[-_ ]?(?:v?\d[\w.]*|[A-Z]{1,2}|[a-z]+))?\+*$"
    r"|[-_ ]\d+(?:\.\d+)?[bB](?:[-_ ].*)?$|[-_ ](?:Instruct|Chat|Base|Large|Small|Tiny|[Mm]ini|Turbo|Pro|Flash|Sonnet|Opus|Zero)$"
)
_METRIC = re.compile(r".*@.*|(?:m?AP|AR|F|R|Rank|Top|top|Hits|Acc|HD|FPR)[-_ ]?\d{1,3}", re.S)


def type_of_name(name: str) -> EntityType | None:
    """The type a name's ending tells, if it does.

    >>> [str(type_of_name(name)) for name in ("ToolBench", "FastDepthNet", "AP50", "Tulu-7B", "MedicalQA", "Foo")]
    ['Benchmark', 'Method', 'Metric', 'Method', 'Dataset', 'None']
    """
    if _METRIC.fullmatch(name):
        return EntityType.METRIC
    if _BENCHMARK.search(name) or _BENCHMARK_EXACT.search(name):
        return EntityType.BENCHMARK
    if _METHOD.search(name):
        return EntityType.METHOD
    if _DATASET.search(name):
        return EntityType.DATASET
    return None
