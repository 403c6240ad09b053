"""One text spoken by libespeak-ng: settings in the arguments, text on stdin, samples on stdout.

The engine keeps global state, crashes with threads, and gives other bytes for the second text
in one process; so each call runs this file in a process of its own. It imports nothing of
ours, and ends by itself when nobody reads any more.

Arguments: library, data folder, language, variant, words a minute, pitch, range of the pitch.
Exit codes: 3, the language is unknown; 4, the engine did not start.
"""

import ctypes
import os
import sys

UNKNOWN_LANGUAGE, NO_ENGINE = 3, 4
SYNCHRONOUS, DO_NOT_EXIT, SAMPLES_A_SECOND = 2, 0x8000, 22_050
RATE, PITCH, RANGE = 1, 3, 4
UTF8, PAUSE_AT_THE_END = 1, 0x1000
GO_ON = 0
SEED = 1


class Voice(ctypes.Structure):
    """The engine's `espeak_VOICE`."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def started(library: str, data: str) -> ctypes.CDLL:
    """The engine. It can't take data paths of 160 characters, so it gets a relative one."""
    os.chdir(os.path.dirname(data))  # noqa: PTH120 - pathlib takes longer to import than to speak
    engine = ctypes.CDLL(library)
    engine.espeak_GetCurrentVoice.restype = ctypes.POINTER(Voice)
    name = os.path.basename(data).encode()  # noqa: PTH119 - the same
    if engine.espeak_Initialize(SYNCHRONOUS, 0, name, DO_NOT_EXIT) != SAMPLES_A_SECOND:
        sys.exit(NO_ENGINE)
    engine.espeak_ng_SetRandSeed(ctypes.c_long(SEED))  # breath is noise, else seeded by the clock
    return engine


def choose(engine: ctypes.CDLL, language: str, variant: str) -> None:
    """Set the voice. Many codes (`fr-fr`, `zh`) fail by name, so the language is searched."""
    wanted = Voice(languages=language.encode())
    if engine.espeak_SetVoiceByProperties(ctypes.byref(wanted)) != 0:
        sys.exit(UNKNOWN_LANGUAGE)
    found = engine.espeak_GetCurrentVoice().contents.identifier
    name = found + b"+" + variant.encode() if variant else found
    if engine.espeak_SetVoiceByName(name) != 0:
        sys.exit(UNKNOWN_LANGUAGE)


def speak(engine: ctypes.CDLL, text: bytes) -> None:
    """Write all samples (16 bits, one channel) as they come."""

    def write(samples: object, count: int, _events: object) -> int:
        try:
            if count:
                sys.stdout.buffer.write(ctypes.string_at(samples, 2 * count))  # type: ignore[arg-type]
        except OSError:
            os._exit(1)  # nobody listens any more
        return GO_ON

    kept = Callback(write)
    engine.espeak_SetSynthCallback(kept)
    engine.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8 | PAUSE_AT_THE_END, None, None)
    sys.stdout.buffer.flush()


def main(library: str, data: str, language: str, variant: str, *settings: str) -> None:
    """Speak what is on stdin."""
    engine = started(library, data)
    choose(engine, language, variant)
    for parameter, value in zip((RATE, PITCH, RANGE), settings, strict=True):
        engine.espeak_SetParameter(parameter, int(value), 0)
    speak(engine, sys.stdin.buffer.read())


if __name__ == "__main__":
    main(*sys.argv[1:])
