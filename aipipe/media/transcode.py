"""Tracks of a file that is being written: copied packet by packet, or encoded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aipipe.media.audio import form_of

if TYPE_CHECKING:
    from av import AudioResampler
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

OPUS_RATE = 48_000
SOUND_CODECS = {
    "wav": "pcm_s16le",
    "mp3": "libmp3lame",
    "m4a": "aac",
    "flac": "flac",
    "ogg": "libopus",
    "opus": "libopus",
    "mp4": "aac",
    "mov": "aac",
    "mkv": "aac",
    "webm": "libopus",
}
MP3_RATES = (44_100, 48_000, 32_000, 24_000, 22_050, 16_000)
COPIED = frozenset({"h264", "hevc", "aac", "mp3"})
"""Codecs that mp4, mov and mkv all take as they are."""
PICTURE_OPTIONS = {
    "libx264": {"crf": "20", "preset": "veryfast"},
    "libvpx-vp9": {"crf": "32", "b": "0", "deadline": "realtime", "cpu-used": "8", "row-mt": "1"},
}


def picture_codec(extension: str) -> str:
    """The encoder of pictures for a video format: VP9 for webm, else H.264."""
    return "libvpx-vp9" if extension == "webm" else "libx264"


def sound_rate(extension: str, rate: int) -> int:
    """The samples a second to encode with, as near to `rate` as the format allows."""
    codec = SOUND_CODECS[extension]
    if codec == "libopus":
        return OPUS_RATE
    if codec == "libmp3lame" and rate not in MP3_RATES:
        return MP3_RATES[0]
    return rate


def copy_packets(
    given: "InputContainer",
    written: "OutputContainer",
    tracks: Sequence[Any],
    on_each: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Carry tracks over as they are, packet by packet, with these tags on each of them."""
    targets = {track.index: copied_track(written, track) for track in tracks}
    for track in tracks:
        targets[track.index].metadata.update({**track.metadata, **on_each})
    for packet in dated(given.demux(tracks)):
        packet.stream = targets[packet.stream.index]
        written.mux(packet)


def copied_track(written: "OutputContainer", track: Any) -> Any:
    """A track for the packets of another file's track, at the same rate."""
    # Else the encoder named like the decoder is looked for; that of AV1 (libdav1d) has none.
    target = written.add_stream_from_template(track, opaque=True)
    if track.type == "video" and track.average_rate:
        target.codec_context.framerate = track.average_rate
    return target


def dated(packets: "Iterator[Packet[Any]]") -> "Iterator[Packet[Any]]":
    """The packets with content, each with a decoding time; Matroska leaves out the first ones."""
    undated: dict[int, list[Packet[Any]]] = {}
    for packet in packets:
        if not packet.size:
            continue
        waiting = undated.setdefault(packet.stream.index, [])
        if packet.dts is None:
            waiting.append(packet)
            continue
        yield from _counted_down(waiting, packet.dts)
        waiting.clear()
        yield packet
    for waiting in undated.values():
        yield from _counted_down(waiting, waiting[0].pts or 0 if waiting else 0)


def _counted_down(waiting: "list[Packet[Any]]", until: int) -> "Iterator[Packet[Any]]":
    step = max((packet.duration or 1 for packet in waiting), default=1)
    for place, packet in enumerate(waiting):
        packet.dts = until - step * (len(waiting) - place)
        yield packet


def add_sound(
    written: "OutputContainer", extension: str, rate: int, channels: int = 2
) -> "AudioStream":
    """A sound track to encode to, mono or stereo."""
    stream: Any = written.add_stream(
        SOUND_CODECS[extension],
        rate=sound_rate(extension, rate),
        layout="mono" if channels == 1 else "stereo",
    )
    found: AudioStream = stream
    return found


def add_pictures(
    written: "OutputContainer", extension: str, width: int, height: int, rate: Fraction
) -> "VideoStream":
    """A picture track to encode to, 4:2:0, which every browser plays."""
    codec = picture_codec(extension)
    stream: Any = written.add_stream(codec, rate=rate, options=PICTURE_OPTIONS[codec])
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.codec_context.thread_type = "AUTO"
    found: VideoStream = stream
    return found


@dataclass(slots=True)
class SoundWriter:
    """A sound track that takes frames of any rate, layout and size, and encodes them in order."""

    written: "OutputContainer"
    stream: "AudioStream"
    _form: tuple[str, str, int] | None = field(default=None, init=False)
    _resampler: Any = field(init=False)
    _fifo: Any = field(init=False)
    _done: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Make ready what turns frames into those that the encoder wants."""
        import av  # noqa: PLC0415 - 60 ms

        self._resampler, self._fifo = self._new_resampler(), av.AudioFifo()

    def push(self, frame: "AudioFrame | None") -> None:
        """Encode what is whole; None: no more comes, encode the rest."""
        if frame is not None:
            self._expect(form_of(frame))
            frame.pts = None  # a gap in the source's own times would stop the resampler
        self._keep(frame)
        self._drain(last=frame is None)

    def _expect(self, form: tuple[str, str, int]) -> None:
        """Frames of this form: a sound may change from mono to stereo on the way."""
        if self._form not in (None, form):
            self._keep(None)
            self._resampler = self._new_resampler()
        self._form = form

    def _new_resampler(self) -> "AudioResampler":
        import av  # noqa: PLC0415 - 60 ms

        context = self.stream.codec_context
        return av.AudioResampler(context.format, context.layout, context.rate)

    def _keep(self, frame: "AudioFrame | None") -> None:
        for ready in self._resampler.resample(frame):
            ready.pts, ready.time_base = None, Fraction(1, ready.sample_rate)
            self._fifo.write(ready)

    def _drain(self, *, last: bool) -> None:
        context = self.stream.codec_context
        if not context.is_open:
            self.written.start_encoding()
        while frame := self._fifo.read(context.frame_size or 1024, partial=last):
            frame.pts, frame.time_base = self._done, Fraction(1, frame.sample_rate)
            self._done += frame.samples
            self.written.mux(self.stream.encode(frame))
        if last:
            self.written.mux(self.stream.encode(None))
