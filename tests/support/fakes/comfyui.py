"""ComfyUI: a queue that runs one graph at a time, a history, uploads, and files to look at."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from support.fakes import files
from support.fakes.fake import Fake, form_in, json_in, media, not_found
from support.till.replies import Reply, of_json
from support.till.service import Request

KINDS: Mapping[str, frozenset[str]] = {
    "CheckpointLoaderSimple": frozenset({"ckpt_name"}),
    "CLIPTextEncode": frozenset({"text", "clip"}),
    "ConditioningZeroOut": frozenset({"conditioning"}),
    "ControlNetApplyAdvanced": frozenset({"positive", "negative", "strength"}),
    "EmptyLatentImage": frozenset({"width", "height", "batch_size"}),
    "KSampler": frozenset({"model", "seed", "steps", "cfg", "sampler_name", "scheduler"})
    | {"denoise", "positive", "negative", "latent_image"},
    "LoadImage": frozenset({"image"}),
    "PreviewImage": frozenset({"images"}),
    "PrimitiveInt": frozenset({"value"}),
    "PrimitiveStringMultiline": frozenset({"value"}),
    "SaveImage": frozenset({"images", "filename_prefix"}),
    "ShowText": frozenset({"text"}),
    "VAEDecode": frozenset({"samples", "vae"}),
    "VAEEncode": frozenset({"pixels", "vae"}),
    "VHS_VideoCombine": frozenset({"images", "frame_rate", "format"}),
}
"""Kinds of nodes that it has, with the inputs that each must have."""
SHOWN = {"SaveImage", "PreviewImage", "ShowText", "VHS_VideoCombine"}


@dataclass
class Job:
    """A graph in the queue, or done with."""

    number: int
    id: str
    graph: Mapping[str, Any]
    extra: Mapping[str, object]
    polls: int
    end: str = ""


@dataclass
class ComfyUI(Fake):
    """`polls`: how often the queue is asked for before a job that runs is done."""

    routes: ClassVar[Mapping[str, str]] = {
        "submit": r"POST /prompt",
        "status": r"GET /queue",
        "result": r"GET /history/[^/]*",
        "file": r"GET /view",
        "upload": r"POST /upload/image",
        "cancel": r"POST /(queue|interrupt)",
    }

    polls: int = 0
    own_ids: bool = False
    """It is of before 2025, and gives ids of its own."""
    now: float = 0.0
    """Seconds since 1970 at which its jobs start; 0: it does not tell."""
    end: str = ""
    """The message with which its jobs end, where they do not succeed."""
    past: object = None
    """What its history says of every job, where it is not the truth."""
    queue: list[Job] = field(default_factory=list)
    history: dict[str, object] = field(default_factory=dict)
    uploaded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        return {"AIPIPE_COMFYUI_BASE_URL": self.base}

    def closed(self, kind: str, request: Request) -> Reply | None:
        """Its door is open."""

    def on_submit(self, request: Request) -> Reply:
        body = json_in(request)
        graph: Any = body["prompt"]
        errors = dict(self._wrong(graph))
        if errors:
            error = {"type": "prompt_outputs_failed_validation", "message": "Prompt has errors"}
            return of_json(400, {"error": {**error, "details": ""}, "node_errors": errors})
        name = str(uuid.uuid4()) if self.own_ids else str(body.get("prompt_id") or uuid.uuid4())
        extra = {"client_id": body.get("client_id")}
        job = Job(len(self.queue) + len(self.charged), name, graph, extra, self.polls, self.end)
        self.queue.append(job)
        self.charged.append(graph)
        return of_json(200, {"prompt_id": name, "number": job.number, "node_errors": {}})

    def _wrong(self, graph: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
        for name, node in graph.items():
            kind, inputs = node["class_type"], node["inputs"]
            lacking = sorted(KINDS.get(kind, frozenset()) - set(inputs))
            broken = [i for i, v in inputs.items() if isinstance(v, list) and v[0] not in graph]
            seed = inputs.get("seed", 0)
            if kind not in KINDS or lacking or broken:
                self.faults.append(f"node '{name}' ({kind}): {lacking} {broken}")
            if kind == "LoadImage" and inputs.get("image") not in self.uploaded:
                yield name, _error(kind, "Invalid image file", str(inputs.get("image")))
            elif not isinstance(seed, list) and not isinstance(seed, int):
                yield name, _error(kind, "Failed to convert an input value", f"seed, {seed}")

    def on_status(self, request: Request) -> Reply:
        del request
        told = self._queue()
        if self.queue:
            self.queue[0].polls -= 1
            if self.queue[0].polls < 0:
                self._over(self.queue.pop(0))
                told = self._queue()
        return of_json(200, told)

    def _queue(self) -> dict[str, object]:
        entries = [[job.number, job.id, job.graph, job.extra, []] for job in self.queue]
        return {"queue_running": entries[:1], "queue_pending": entries[:0:-1]}  # a heap: unsorted

    def _over(self, job: Job) -> None:
        named: dict[str, object] = {"prompt_id": job.id}
        timed = {"timestamp": self.now * 1000} if self.now else {}
        messages: list[object] = [["execution_start", {**named, **timed}]]
        status: dict[str, object] = {"status_str": "success", "completed": True}
        outputs = {} if job.end else dict(self._outputs(job))
        if job.end:
            messages.append([job.end, {"prompt_id": job.id, **FAILURE}])
            status = {"status_str": "error", "completed": False}
        told: dict[str, object] = {
            "prompt": [job.number, job.id, job.graph, job.extra, []],
            "outputs": outputs,
        }
        entry = {**told, "status": {**status, "messages": messages}, "meta": {}}
        self.history[job.id] = entry if self.past is None else self.past

    def _outputs(self, job: Job) -> Iterator[tuple[str, object]]:
        count = max([n["inputs"].get("batch_size", 1) for n in job.graph.values()])
        for name, node in job.graph.items():
            kind = node["class_type"]
            if kind in {"SaveImage", "PreviewImage"}:
                where = "output" if kind == "SaveImage" else "temp"
                yield name, {"images": [_file(job, name, n, "png", where) for n in range(count)]}
            elif kind == "VHS_VideoCombine":
                yield name, {"gifs": [{**_file(job, name, 0, "mp4", "output"), "frame_rate": 8.0}]}
            elif kind == "ShowText":
                yield name, {"text": [f"told by {name}"]}

    def on_result(self, request: Request) -> Reply:
        name = request.path.rpartition("/")[2]
        found = self.history.get(name)
        return of_json(200, {} if found is None else {name: found})

    def on_cancel(self, request: Request) -> Reply:
        body: Any = json_in(request)
        if request.path == "/interrupt":
            if self.queue and body.get("prompt_id", self.queue[0].id) == self.queue[0].id:
                self.queue[0].end, self.queue[0].polls = "execution_interrupted", 0
        else:
            gone = set(body.get("delete", []))
            self.queue = self.queue[:1] + [job for job in self.queue[1:] if job.id not in gone]
        return Reply(status=200)

    def on_upload(self, request: Request) -> Reply:
        fields = {part.name: part for part in form_in(request)}
        image = fields["image"]
        assert image.filename is not None
        if fields["type"].content != b"input":
            self.faults.append(f"an upload to {fields['type'].content!r}")
        self.uploaded[image.filename] = image.content
        return of_json(200, {"name": image.filename, "subfolder": "", "type": "input"})

    def on_file(self, request: Request) -> Reply:
        asked = {name: each[0] for name, each in parse_qs(urlsplit(request.target).query).items()}
        stem, _, extension = asked.get("filename", "").partition(".")
        if asked.get("type") not in {"output", "temp"} or not stem:
            return not_found(request)
        if extension == "mp4":
            return media(files.film(stem), "video/mp4")
        return media(files.picture(stem), "image/png")


FAILURE = {
    "node_id": "3",
    "node_type": "KSampler",
    "exception_message": "Allocation on device 0 would exceed allowed memory",
    "exception_type": "torch.OutOfMemoryError",
    "traceback": [],
}


def _error(kind: str, message: str, details: str) -> object:
    one = {"type": "value", "message": message, "details": details, "extra_info": {}}
    return {"errors": [one], "dependent_outputs": ["9"], "class_type": kind}


def _file(job: Job, node: str, number: int, extension: str, where: str) -> dict[str, str]:
    return {"filename": f"{node}_{job.number}_{number}.{extension}", "subfolder": "", "type": where}
