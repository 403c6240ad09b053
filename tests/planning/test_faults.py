"""Every fault that planning can tell, word for word."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from planning.matrix_faults import MATRIX
from support.golden import golden
from support.planning import planning_of, shown

import aipipe.planning

GOLDEN = Path(__file__).parent / "golden"
PARTS = {
    "parts/voice.yaml": """\
vars:
  who: {type: string}
  mood: {choices: [calm, wild], default: calm}
  seed: {type: integer, default: 7}
  on: true
  look: {default: {size: 640}}
  many: {type: list, default: []}
outputs: {voice: "${{ steps.voice }}"}
steps:
  - {id: voice, type: text_to_speech, model: local, enabled: "${{ vars.on }}",
     params: {text: "${{ vars.who }} ${{ vars.look.size }}"}}
""",
    "parts/bad.yaml": """\
outputs: {one: fixed, two: "${{ steps.nobody }}", three: "${{ steps.voice.outputs.x }}"}
steps:
  - {id: voice, type: text_to_speech, model: local, params: {text: "${{ steps.hero }}"}}
  - {type: text_to_speech, model: local, params: {text: "${{ prompt }} ${{ inputs }}"}}
  - {type: text_to_speech, model: local, params: {text: "${{ item.value }}"}, typo: 1}
""",
    "parts/list.yaml": "- {type: text_to_text, model: local}",
    "parts/empty.yaml": "# nothing yet",
    "parts/open.yaml": "steps: [{type: text_to_text",
    "parts/locked.yaml": "(locked)",
    "parts/a.yaml": "steps: [{type: pipeline, uses: b.yaml}]",
    "parts/b.yaml": "steps: [{type: pipeline, uses: ../parts/a.yaml}]",
    **{f"deep/{n}.yaml": f"steps: [{{type: pipeline, uses: {n + 1}.yaml}}]" for n in range(17)},
}
WORLD: dict[str, dict[str, Any]] = {
    "parts": {"files": PARTS},
    "parts_given": {"files": PARTS},
    "is_a_folder": {"files": {"takes/one.wav": "", "a.txt": "a"}},
    "mixed_items": {"files": {"dog.png": ""}},
    "duplicate_keys": {"files": {"a/cat.txt": "", "b/cat.txt": "", "rows.csv": "id,n\n7,1\n7,2\n"}},
    "columns": {"files": {"some.jsonl": '{"id": "a", "mood": "sad"}\n{"id": "b"}\n'}},
    "no_items": {"files": {"empty.csv": "name\n"}},
    "not_utf8": {"files": {"latin.txt": b"caf\xe9"}},
    "unreadable": {"files": {"secret.txt": "(locked)", "short.csv": "a,b\n1\n"}},
    "unknown_file": {"files": {"data.xyz": ""}},
    "slot_type": {"files": {"cry.wav": ""}},
    "services": {
        "files": {
            "studio.yaml": "base: https://a.example\n"
            "submit: {path: '/{style}', body: {text: '${{ prompt }}'}}\n",
            "broken.yaml": "- base",
            "deaf.yaml": "base: https://a.example\nsubmit: {path: /, body: {}}\n",
        }
    },
    "workflows": {
        "files": {
            "flow.json": '{"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a"}},'
            ' "3": {"class_type": "KSampler", "inputs": {"positive": ["6", 0], "seed": 1}}}',
            "deaf.json": '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}',
            "saved.json": '{"nodes": [], "links": []}',
            "broken.json": '{"3": {"class_type": "KSampler",',
            "hollow.json": '{"3": {"class_type": "KSampler"}}',
            "nan.json": '{"3": NaN}',
            "list.json": "[]",
        }
    },
}
"""What a case needs beside its text."""

CASES = {
    # --- slots
    "missing_input": """
        steps:
          - {id: still, type: text_to_image, model: local}
          - {type: image_to_video, model: local, params: {prompt: it moves}}
          - {type: image_to_video, model: local}
        """,
    "list_arrives": """
        prompt: a lighthouse
        steps:
          - id: pictures
            type: parallel_group
            steps:
              - {type: text_to_image, model: painter}
              - {type: text_to_image, model: sketcher}
          - {type: image_to_video, model: mover}
        """,
    "slot_type": """
        prompt: a lighthouse
        steps:
          - {id: voice, type: text_to_speech, model: local}
          - {type: image_to_video, model: local, params: {image: "${{ steps.voice }}"}}
          - {type: image_to_video, model: local, params: {image: cry.wav}}
          - {type: image_to_video, model: local, params: {image: 7}}
          - {type: text_to_speech, model: local, input: {text: [one, two]}}
        """,
    "input_does_not_fit": """
        steps:
          - {type: text_to_speech, model: local, input: [one, two]}
          - {type: upscale_image, model: local, input: "only words"}
        """,
    "unknown_slot": """
        steps:
          - {type: image_to_video, model: local, input: {picture: a.png, prompt: it moves}}
        """,
    "one_slot_twice": """
        steps:
          - {type: text_to_image, model: local, params: {prompt: a cat, text: a dog}}
        """,
    "param_type": """
        steps:
          - {id: cat, type: text_to_image, model: local, params: {prompt: a cat}}
          - {type: text_to_image, model: local, params: {prompt: x, seed: "${{ steps.cat }}"}}
        """,
    "unknown_count": """
        steps:
          - type: batch_parallel
            inputs: [{id: a, n: 2}]
            step_template:
              type: text_to_image
              model: painter
              params: {prompt: x, count: "${{ item.n }}"}
        """,
    # --- models
    "models": """
        prompt: a lighthouse
        steps:
          - {type: text_to_image, model: old_painter}
          - {type: text_to_image, model: leaving}
          - {type: text_to_image, model: "nowhere:flux"}
          - {type: dream, model: local}
          - {type: unspoken, model: local}
        """,
    # --- merges and splits
    "merges": """
        steps:
          - {type: merge_outputs, merge_strategy: collect}
          - {id: voice, type: text_to_speech, model: local, params: {text: hello}}
          - {type: merge_outputs, merge_strategy: combine_images}
          - type: parallel_group
            steps:
              - {type: text_to_speech, model: local, params: {text: hello}}
              - {type: text_to_image, model: local, params: {prompt: hello}}
          - {type: merge_outputs, merge_strategy: combine_images}
        """,
    "one_of_each": """
        steps:
          - {id: clip, type: text_to_video, model: local, params: {prompt: a cat}}
          - {type: merge_outputs, merge_strategy: add_audio_track}
          - id: all
            type: parallel_group
            steps:
              - {type: text_to_video, model: local, params: {prompt: a cat}}
              - {type: text_to_speech, model: local, params: {text: hello}}
          - {type: merge_outputs, merge_strategy: add_audio_track}
          - {type: merge_outputs, input: "${{ steps.all }}", merge_strategy: concat_audio}
        """,
    "splits": """
        steps:
          - {id: cat, type: text_to_image, model: local, params: {prompt: a cat}}
          - {type: split_input, split_strategy: lines}
          - type: split_input
            split_strategy: rows
            input: {text: "a,b\\n1"}
          - {type: split_input, split_strategy: segments, input: "${{ steps.cat }}"}
        """,
    # --- items
    "nothing_to_batch": """
        steps:
          - {type: batch_parallel, step_template: {type: text_to_image, model: painter}}
          - {id: cat, type: text_to_image, model: painter, params: {prompt: a cat}}
          - {type: batch_parallel, step_template: {type: upscale_image, model: local}}
          - type: batch_parallel
            inputs: "${{ steps.cat }}"
            step_template: {type: upscale_image, model: local}
        """,
    "no_items": """
        steps:
          - type: batch_parallel
            inputs: []
            step_template: {type: text_to_image, model: painter}
          - type: batch_parallel
            inputs: empty.csv
            step_template: {type: text_to_image, model: painter, params: {prompt: x}}
          - {type: split_input, split_strategy: lines, input: {text: ""}}
          - {type: batch_parallel, step_template: {type: text_to_image, model: painter}}
        """,
    "missing_item_file": """
        steps:
          - type: batch_parallel
            inputs: [one.txt, "photos/*.png", rows.csv, "and/or", "https://example.com/a.png"]
            step_template: {type: text_to_speech, model: local}
        """,
    "mixed_items": """
        steps:
          - type: batch_parallel
            inputs: [a dog, dog.png]
            step_template: {type: text_to_speech, model: local}
        """,
    "duplicate_keys": """
        steps:
          - type: batch_parallel
            inputs: [a/cat.txt, b/cat.txt]
            step_template: {type: text_to_speech, model: local}
          - type: batch_parallel
            inputs: rows.csv
            step_template: {type: text_to_speech, model: local, params: {text: "${{ item.n }}"}}
          - type: batch_parallel
            inputs: [{id: 2}, plain: data]
            step_template: {type: text_to_speech, model: local, params: {text: "${{ item.id }}"}}
        """,
    "is_a_folder": """
        steps:
          - type: batch_parallel
            inputs: [a.txt, takes/]
            step_template: {type: text_to_speech, model: local}
        """,
    "empty_input": """
        steps:
          - type: batch_parallel
            inputs: "-"
            step_template: {type: text_to_speech, model: local, params: {text: "${{ item.value }}"}}
        """,
    "not_utf8": """
        input: latin.txt
        steps:
          - {type: text_to_speech, model: local}
        """,
    "unreadable": """
        steps:
          - {type: text_to_speech, model: local, input: {file: secret.txt}}
          - type: batch_parallel
            inputs: short.csv
            step_template: {type: text_to_speech, model: local}
        """,
    "unknown_file": """
        steps:
          - {type: text_to_speech, model: local, input: {file: data.xyz}}
        """,
    # --- references
    "columns": """
        steps:
          - type: batch_parallel
            inputs: [{id: a, name: Ann}, {id: b, name: Bob}]
            steps:
              - {type: text_to_speech, model: local, params: {text: "${{ item.nam }}"}}
              - {type: text_to_speech, model: local, params: {text: "${{ item.zzz }}"}}
              - {type: text_to_speech, model: local, params: {text: "${{ item.name.first }}"}}
          - type: batch_parallel
            inputs: [red, green]
            step_template: {type: text_to_speech, model: local, params: {text: "${{ item.name }}"}}
          - type: batch_parallel
            inputs: some.jsonl
            step_template: {type: text_to_speech, model: local, params: {text: "${{ item.mood }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ item.mood }}"}}
        """,
    "unknown_reference": """
        vars: {style: noir, empty: {type: string}, colour: {default: {main: red}}}
        steps:
          - id: hero
            type: text_to_image
            model: local
            params:
              prompt: "${{ vars.stile }} ${{ vars.empty }} ${{ vars.colour.mein }}"
          - {type: text_to_speech, model: local, params: {text: "${{ prompt }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ prompt.loud }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ inputs }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ inputs.0 }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ run.it }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ hero.path }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ step.hero.path }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ steps.hero.paths }}"}}
          - {type: text_to_speech, model: local, params: {text: "${{ matrix.seed }}"}}
          - {type: text_to_speech, model: local, params: {text: "see ${{ steps.hero }}"}}
        """,
    "unknown_step": """
        prompt: a lighthouse
        steps:
          - {id: hero, type: text_to_image, model: local}
          - {name: My Voice, type: text_to_speech, model: local}
          - {name: my voice, type: text_to_speech, model: local}
          - {id: gone, enabled: false, type: text_to_image, model: local}
          - id: voices
            type: batch_parallel
            inputs: [a, b]
            steps: [{id: clip, type: text_to_speech, model: local}]
          - id: group
            type: parallel_group
            steps:
              - {id: left, type: text_to_image, model: local, needs: [group]}
              - {id: left2, type: text_to_image, model: local, needs: [left2]}
          - {type: upscale_image, model: local, needs: [heros]}
          - {type: upscale_image, model: local, needs: [zzz]}
          - {type: upscale_image, model: local, needs: [my_voice]}
          - {type: upscale_image, model: local, needs: [text_to_speech_1]}
          - {type: upscale_image, model: local, needs: [clip]}
          - {type: upscale_image, model: local, needs: [left]}
          - {type: upscale_image, model: local, needs: [gone]}
          - {type: upscale_image, model: local, needs: [after]}
          - {id: itself, type: upscale_image, model: local, input: "${{ steps.itself }}"}
          - {id: after, type: text_to_image, model: local}
        """,
    "no_path": """\
prompt: a fox
save_intermediates: false
steps:
  - {id: first, type: text_to_text, model: local}
  - {type: text_to_text, model: local, params: {prompt: "${{ steps.first.path }}"}}
""",
    "cycle": """
        prompt: a lighthouse
        steps:
          - type: parallel_group
            steps:
              - {id: alone, type: text_to_image, model: local}
              - {id: a, type: text_to_text, model: local, needs: [c]}
              - {id: b, type: text_to_text, model: local, input: "${{ steps.a }}"}
              - id: c
                steps:
                  - {type: text_to_text, model: local, params: {text: "so ${{ steps.b }}"}}
        """,
    "enabled": """
        vars: {draft: maybe}
        steps:
          - {type: text_to_image, model: local, params: {prompt: x}, enabled: "${{ vars.draft }}"}
          - {type: text_to_image, model: local, params: {prompt: x}, enabled: "${{ vars.draught }}"}
          - {type: text_to_image, model: local, params: {prompt: x}, enabled: "${{ prompt }}"}
          - type: parallel_group
            steps:
              - {type: text_to_image, model: local, params: {prompt: x}, enabled: false}
        """,
    "min_success": """
        prompt: a lighthouse
        steps:
          - type: parallel_group
            min_success: 3
            steps:
              - {type: text_to_image, model: local}
              - {type: text_to_image, model: sketcher}
          - type: batch_parallel
            min_success: 3
            inputs: [a, b]
            step_template: {type: text_to_speech, model: local}
        """,
    "as_taken": """
        steps:
          - type: batch_parallel
            as: steps
            inputs: [a, b]
            step_template: {type: text_to_speech, model: local}
        """,
    # --- services
    "services": """
        prompt: a fox
        steps:
          - {type: text_to_image, model: "http:studio.yaml", params: {style: noir, size: 64x64}}
          - {type: text_to_image, model: "http:studio.yaml"}
          - {type: text_to_image, model: "http:broken.yaml"}
          - {type: text_to_image, model: "http:nowhere.yaml"}
          - {type: text_to_image, model: "http:deaf.yaml"}
        """,
    # --- workflows
    "workflows": """
        prompt: a fox
        steps:
          - {type: text_to_image, model: "comfyui:flow.json", params: {size: 64x64, seed: 7}}
          - {type: text_to_image, model: "comfyui:flow.json", raw: {"6.txt": a, output_node: save}}
          - {type: text_to_image, model: "comfyui:deaf.json"}
          - {type: text_to_image, model: "comfyui:saved.json"}
          - {type: text_to_image, model: "comfyui:broken.json"}
          - {type: text_to_image, model: "comfyui:hollow.json"}
          - {type: text_to_image, model: "comfyui:nan.json"}
          - {type: text_to_image, model: "comfyui:list.json"}
          - {type: text_to_image, model: "comfyui:nowhere.json"}
        """,
    "choices": """
        prompt: x
        steps:
          - id: texts
            type: parallel_group
            steps:
              - {type: text_to_text, model: local, params: {prompt: one}}
              - {type: text_to_text, model: local, params: {prompt: two}}
          - {input: "${{ steps.texts.output }}", type: merge_outputs, merge_strategy: best_of}
          - input: "${{ steps.texts.output }}"
            type: merge_outputs
            merge_strategy: best_of
            params: {by: sharpness}
          - input: "${{ steps.texts.output }}"
            type: merge_outputs
            merge_strategy: best_of
            params: {by: length}
            judge: {type: text_to_text, model: local, params: {instructions: judge}}
          - input: "${{ steps.texts.output }}"
            type: merge_outputs
            merge_strategy: best_of
            judge: {type: text_to_text, model: local, params: {prompt: "How good is it?"}}
          - input: "${{ steps.texts.output }}"
            type: merge_outputs
            merge_strategy: best_of
            judge: {type: text_to_speech, model: local}
          - input: "${{ steps.texts.output }}"
            type: merge_outputs
            merge_strategy: concat_text
            judge: {type: text_to_text, model: local}
        """,
    "races": """
        prompt: x
        steps:
          - type: parallel_group
            race: true
            min_success: 1
            max_failures: 50%
            steps: [{type: text_to_image, model: local}]
        """,
    # --- output names
    "output_names": """
        steps:
          - {type: text_to_image, model: local, params: {prompt: x, output_file: ../x.png}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: /x.png}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: "C:/x.png"}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: "~/x.png"}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: "a//x.png"}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: "a\\0b.png"}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: mock/x.png}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: x.mp3}}
          - {type: text_to_image, model: local, params: {prompt: x, output_file: x}}
          - type: batch_parallel
            inputs: [a, b]
            step_template: {type: text_to_speech, model: local, params: {output_file: voice.wav}}
        """,
    "conditions": """
        vars: {quality: high, takes: 3}
        steps:
          - {id: check, type: text_to_text, model: local, params: {prompt: x}}
          - {id: hero, type: text_to_image, model: local, params: {prompt: x}}
          - {type: text_to_image, model: local, params: {prompt: x}, when: vars.qualty == 'high'}
          - {type: text_to_image, model: local, params: {prompt: x}, when: "vars.takes < 'a'"}
          - {type: text_to_image, model: local, params: {prompt: x}, when: vars.quality}
          - {type: text_to_image, model: local, params: {prompt: x}, when: steps.hero.output == 'x'}
          - {type: text_to_image, model: local, params: {prompt: x}, when: steps.check.path == 'x'}
          - {type: text_to_image, model: local, params: {prompt: x}, when: steps.check.output > 3}
          - {type: text_to_image, model: local, params: {prompt: x}, when: 'chek in [1]'}
          - id: last
            type: text_to_image
            model: local
            params: {prompt: x}
            when: "true and steps.check.status in ['done', 'faled']"
          - type: text_to_image
            model: local
            params: {prompt: x}
            when: steps.check.status == 'reused'
          - {type: text_to_image, model: local, params: {prompt: x}, when: item.lang == 'de'}
        """,
    "approve_in_batch": """
        steps:
          - type: batch_parallel
            inputs: [a, b]
            steps:
              - {type: text_to_speech, model: local, params: {text: x}, approve: true}
        """,
    "same_output": """
        steps:
          - {id: one, type: text_to_image, model: local, params: {prompt: x, output_file: Hero.png}}
          - {id: two, type: text_to_image, model: local, params: {prompt: x, output_file: hero.PNG}}
          - id: in
            type: text_to_image
            model: local
            params: {prompt: x, output_file: hero.png/a.png}
          - type: batch_parallel
            id: batch
            inputs: [{id: a, n: 1}, {id: b, n: 1}]
            step_template:
              type: text_to_speech
              model: local
              params: {text: hello, output_file: "${{ item.n }}.wav"}
        """,
    **MATRIX,
    "addresses": """
        steps:
          - type: batch_parallel
            inputs:
              - ftp://a.example/a.png
              - https:///a.png
              - https://ann:secret@a.example/a.png
              - https://a.example/a?key=secret
              - {url: "https://a.example/a", type: picture}
              - https://a.example/rows.csv?key=secret
            step_template: {type: upscale_image, model: local}
        """,
    "parts": """
        steps:
          - {id: hero, type: pipeline, uses: parts/vioce.yaml}
          - {type: pipeline, uses: parts}
          - {type: pipeline, uses: ./parts/open.yaml}
          - {type: pipeline, uses: parts/list.yaml}
          - {type: pipeline, uses: parts/empty.yaml}
          - {type: pipeline, uses: parts/locked.yaml}
          - {type: pipeline, uses: parts/a.yaml}
          - {type: pipeline, uses: story.yaml/../story.yaml}
          - {type: pipeline, uses: deep/0.yaml}
          - type: parallel_group
            parallel_steps:
              - {type: pipeline, uses: parts/bad.yaml}
              - {type: pipeline, uses: parts/bad.yaml}
        """,
    "parts_given": """
        steps:
          - {id: hero, type: text_to_image, model: local, params: {prompt: x}}
          - {id: words, type: text_to_text, model: local, params: {text: x}}
          - {type: pipeline, uses: parts/voice.yaml}
          - {type: pipeline, uses: parts/voice.yaml, with: {whom: Ann}}
          - type: pipeline
            uses: parts/voice.yaml
            with:
              who: 7
              mood: clam
              seed: "${{ steps.hero }}"
              many: "${{ steps.words }}"
              on: "${{ steps.words }}"
              look: "${{ steps.words }}"
              prompt: "${{ steps.hero }}"
          - {id: part, type: pipeline, uses: parts/voice.yaml, with: {who: Ann}}
          - {type: text_to_text, model: local, params: {text: "${{ steps.part.outputs.vioce }}"}}
        """,
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_in_these_words(case: str) -> None:
    found = planning_of(CASES[case], **WORLD.get(case, {}))

    assert found.plan is None
    golden(GOLDEN / f"{case}.txt", shown(found.told))


def test_every_fault_has_its_words_in_a_golden_file() -> None:
    told = {
        diagnostic.code
        for case, text in CASES.items()
        for diagnostic in planning_of(text, **WORLD.get(case, {})).told
    }

    assert set(codes_in_planning()) - told == set()


def test_a_crowd_of_faults_is_told_without_guesses() -> None:
    steps = "".join(
        f"  - {{id: s{n}, type: text_to_image, model: local, needs: [t{n}]}}\n" for n in range(300)
    )
    found = planning_of(f"prompt: x\nsteps:\n{steps}")

    assert len(found.told) == 300
    assert bool(found.told[1].hints)
    assert not found.told[-1].hints


def codes_in_planning() -> Iterator[str]:
    """The codes that planning notes anywhere, read from its own text."""
    folder = Path(aipipe.planning.__file__).parent
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in folder.glob("*.py")]
    for node in chain.from_iterable(ast.walk(tree) for tree in trees):
        match node:
            case ast.Call(func=ast.Attribute(attr="fault" | "notice"), args=[first, *_]):
                assert isinstance(first, ast.Constant)
                yield str(first.value)
