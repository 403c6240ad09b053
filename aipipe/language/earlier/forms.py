"""Every form of the earlier tool, and what stands in its place today."""

from collections.abc import Mapping
from typing import Final

MARKS: Final = frozenset(
    {"temp_dir", "cleanup_temp", "input_type", "input_video", "input_image", "input_audio"}
    | {"settings"}
)
"""Keys at the top that only the earlier tool has: a file with one of them is its own."""

TOP_GONE: Final[Mapping[str, str]] = {
    "temp_dir": "files in work are in the store",
    "cleanup_temp": "nothing is left to clean up",
    "input_type": "what an input is shows by itself",
}
"""Keys at the top that mean nothing today, and why."""
TOP_RENAMED: Final = {"input_video": "input", "input_image": "input", "input_audio": "input"}

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "output_dir": ("output_dir",),
    "save_intermediates": ("save_intermediates",),
    "max_cost": ("budget",),
    "max_workers": ("limits", "max_workers"),
}
"""Keys of `settings:`, and where their values stand today."""
SETTINGS_GONE: Final[Mapping[str, str]] = {
    **TOP_GONE,
    "parallel": "branches of a parallel_group run side by side",
    "fail_fast": "'on_error' of a step says what its failure does",
}

STEP_RENAMED: Final = {"input_from": "needs"}
"""Keys of steps."""
TYPES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "analyze_image": ("image_understanding", {}),
    "concat_videos": ("merge_outputs", {"merge_strategy": "concat_video"}),
    "split_image": ("split_input", {"split_strategy": "tiles"}),
    "video_analysis": ("video_understanding", {}),
}
"""Step types, with the keys that the type of today needs besides."""
NO_MODEL: Final = frozenset({"parallel_group", "merge_outputs", "split_input", "batch_parallel"})
"""Step types of today without a model, which the earlier tool gave one for the form's sake."""
DUMMY: Final = "parallel"
"""That model."""
GROUP_PARAMS: Final = ("max_workers", "merge_strategy", "parallel_steps")
"""What stood under `params` of a parallel_group, and stands beside it today."""
STRATEGIES: Final = {"collect_all": "collect"}

_SEEN: Final = "gemini_flash"
_WRITTEN: Final = "gpt_5_4_mini"
_ASKED: Final = ("describe", "detailed", "classify", "objects", "ocr", "composition", "qa")
MODELS: Final[Mapping[str, Mapping[str, str]]] = {
    "image_understanding": {f"gemini_{each}": _SEEN for each in _ASKED},
    "video_understanding": {f"gemini_{each}": _SEEN for each in _ASKED},
    "prompt_generation": {
        f"openrouter_video_{each}": _WRITTEN
        for each in ("prompt", "cinematic", "realistic", "artistic", "dramatic")
    },
    "generate_subtitles": {"video_tools": "local", "generate_subtitles": "local"},
    "speech_to_text": {"scribe_v2": "elevenlabs_scribe_fal"},
    "text_to_image": {"gen4": "runway_gen4_image", "gpt_image_1_5": "gpt_image_2"},
    "image_to_image": {
        "flux_kontext_multi": "flux_kontext_max",
        "gpt_image_1_5_edit": "gpt_image_2_edit",
        "clarity_upscaler": "nano_banana_2_edit",
    },
    "upscale_image": {"upscale_image": "local"},
    "text_to_video": {
        "hailuo_pro": "hailuo_2_3_t2v",
        "kling_2_6_pro": "kling_3_pro_t2v",
        "kling_3_standard": "kling_3_pro_t2v",
        "kling_o3_pro_t2v": "kling_3_pro_t2v",
        "sora_2_pro": "veo_3_1",
        "grok_imagine": "veo_3_1_fast",
    },
    "image_to_video": {
        "kling_2_6_pro_i2v": "kling_2_6_pro",
        "kling_3_standard_i2v": "kling_3",
        "kling_3_pro_i2v": "kling_3_pro",
        "kling_o3_standard_i2v": "kling_o3_pro",
        "kling_o3_pro_i2v": "kling_o3_pro",
        "kling_o3_standard_ref": "kling_o3_pro",
        "kling_o3_pro_ref": "kling_o3_pro",
        "sora_2_i2v": "veo_3_1_i2v",
        "sora_2_pro_i2v": "veo_3_1_i2v",
    },
}
"""Names of models by the step type of today; the very endpoint, else its nearest successor."""
QUESTIONS: Final[Mapping[str, str]] = {
    "gemini_describe": "Describe this picture",
    "gemini_detailed": "Describe this picture in detail",
    "gemini_classify": "What kind of picture is this?",
    "gemini_objects": "List the objects in this picture",
    "gemini_ocr": "Write down all text in this picture",
    "gemini_composition": "Describe the composition of this picture",
}
"""What the name of a model asked by itself, where no prompt is given."""
STYLES: Final[Mapping[str, str]] = {
    f"openrouter_video_{each}": each for each in ("cinematic", "realistic", "artistic", "dramatic")
}
"""The style in the name of a model, where no other is given."""

PARAMS: Final[Mapping[str, str]] = {
    "analysis_prompt": "prompt",
    "audio_style": "style",
    "cfg_scale": "guidance_scale",
    "generate_audio": "audio",
    "image_path": "image",
    "image_size": "size",
    "num_images": "count",
    "num_inference_steps": "steps",
    "prompt_optimizer": "enhance_prompt",
    "strength": "image_prompt_strength",
    "subtitle_text": "text",
    "target_fps": "fps",
    "text_override": "text",
    "upscale_factor": "factor",
    "video_path": "video",
    "video_style": "style",
}
"""Parameters by their earlier names, where the model has them under today's."""
PARAMS_GONE: Final = frozenset(
    {
        "motion_level",
        "natural_motion",
        "optimize_for_cost",
        "quality",
        "style",
        "video_style",
        "audio_style",
        "strength",
        "output_format",
        "words_per_second",
        "output_dir",
        "cfg_scale",
        "prompt_optimizer",
        "num_inference_steps",
        "target_fps",
        "aspect_ratio",
        "negative_prompt",
        "seed",
        "format",
        "detail_level",
        "max_tokens",
        "temperature",
        "background_context",
        "duration_preference",
        "analysis_type",
        "generate_audio",
        "camera_motion",
    }
)
"""Parameters that the earlier tool took and never sent: dropped where the model has none."""
VOICES: Final = {"bella": "sarah"}
"""Voices of ElevenLabs by the names that they had then."""


def question(model: str, type_: str) -> str:
    """What the name of a model asked by itself, of a picture or a video."""
    asked = QUESTIONS[model]
    return asked.replace("picture", "video") if type_ == "video_understanding" else asked
