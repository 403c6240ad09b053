"""AUTOMATIC1111's web interface: pictures at once, as base64, and its own ways to say no."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from support.fakes import files
from support.fakes.fake import Fake, json_in
from support.till.replies import Reply, of_json
from support.till.service import Request

SECRET = "fox:canary-automatic1111-5f0c"  # noqa: S105 (of a server that is not there)
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "prompt": str,
    "negative_prompt": str,
    "steps": int,
    "width": int,
    "height": int,
    "cfg_scale": (int, float),
    "seed": int,
    "batch_size": int,
    "n_iter": int,
    "sampler_name": str,
    "scheduler": str,
    "denoising_strength": (int, float),
    "init_images": list,
    "override_settings": dict,
}
"""Fields of a request that are known here, and what each takes."""


@dataclass
class Automatic1111(Fake):
    """Its two requests for pictures. Pictures have the size that was asked for, or 512."""

    routes: ClassVar[Mapping[str, str]] = {"submit": r"POST /sdapi/v1/(txt2img|img2img)"}

    secret: str = SECRET

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it, and whom it lets in."""
        return {
            "AIPIPE_AUTOMATIC1111_BASE_URL": self.base,
            "AIPIPE_AUTOMATIC1111_AUTH": self.secret,
        }

    def closed(self, kind: str, request: Request) -> Reply | None:
        del kind
        wanted = f"Basic {base64.b64encode(self.secret.encode()).decode()}"
        if not self.secret or request.headers.get("authorization") == wanted:
            return None
        return of_json(401, {"detail": "Incorrect username or password"})

    def check(self, kind: str, request: Request) -> None:
        body = json_in(request) if kind == "submit" else {}
        for name, value in body.items():
            if name not in KINDS:
                self.faults.append(f"'{name}' is no field")
            elif not isinstance(value, KINDS[name]):
                self.faults.append(f"'{name}' is {value!r}")
        if request.path.endswith("img2img") and not body.get("init_images"):
            self.faults.append("img2img without a picture")

    def on_submit(self, request: Request) -> Reply:
        body: Any = json_in(request)
        if body.get("sampler_name", "Euler") != "Euler":
            return of_json(404, {"detail": "Sampler not found"})
        self.charged.append(body)
        for each in body.get("init_images", []):
            assert base64.b64decode(each, validate=True)
        sides = body.get("width", 512), body.get("height", 512)
        made = [
            base64.b64encode(files.picture(f"{body['prompt']} {n}", "png", *sides)).decode()
            for n in range(body.get("batch_size", 1))
        ]
        info = {"prompt": body["prompt"], "seed": body.get("seed", -1)}
        return of_json(200, {"images": made, "parameters": body, "info": json.dumps(info)})
