"""How ComfyUI says no, and the workflows that it is asked for."""

import json
from collections.abc import Mapping
from typing import Any

from providers.cases import Case
from support.fakes.comfyui import ComfyUI
from support.till.replies import Reply, of_json

Graph = dict[str, dict[str, Any]]


def node(kind: str, title: str = "", **inputs: object) -> dict[str, Any]:
    """One node, as ComfyUI exports it."""
    return {"inputs": inputs, "class_type": kind, "_meta": {"title": title or kind}}


def graph() -> Graph:
    """The workflow that ComfyUI starts with."""
    sampler: dict[str, Any] = {
        "seed": 156680208700286,
        "steps": 20,
        "cfg": 8,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 1,
        "model": ["4", 0],
        "positive": ["6", 0],
        "negative": ["7", 0],
        "latent_image": ["5", 0],
    }
    encode = "CLIP Text Encode (Prompt)"
    return {
        "3": node("KSampler", **sampler),
        "4": node("CheckpointLoaderSimple", "Load Checkpoint", ckpt_name="sd15.safetensors"),
        "5": node("EmptyLatentImage", "Empty Latent Image", width=512, height=512, batch_size=1),
        "6": node("CLIPTextEncode", encode, text="a bottle", clip=["4", 1]),
        "7": node("CLIPTextEncode", encode, text="text, watermark", clip=["4", 1]),
        "8": node("VAEDecode", "VAE Decode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", "Save Image", filename_prefix="ComfyUI", images=["8", 0]),
    }


def from_picture() -> Graph:
    """The same from a picture."""
    found = graph()
    del found["5"]
    found["3"]["inputs"]["latent_image"] = ["11", 0]
    found["10"] = node("LoadImage", "Load Image", image="example.png")
    found["11"] = node("VAEEncode", pixels=["10", 0], vae=["4", 2])
    return found


def file(found: Graph) -> Mapping[str, str]:
    """The workflow's file."""
    return {"flow.json": json.dumps(found)}


COMFYUI = Case(
    name="comfyui",
    make=ComfyUI,
    step="  - {type: text_to_image, model: 'comfyui:flow.json', params: {prompt: a red fox}}\n",
    beside=lambda _fake: file(graph()),
    lookup="status",
    refusals={
        "not_found": Reply(status=404, body=b"404: Not Found"),
        "bad_parameter": of_json(
            400,
            {
                "error": {"type": "invalid_prompt", "message": "Cannot execute", "details": "x"},
                "node_errors": {},
            },
        ),
    },
)
