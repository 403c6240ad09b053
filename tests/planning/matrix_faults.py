"""Texts whose faults lie in a matrix."""

from typing import Final

MATRIX: Final = {
    "matrix_values": """
        prompt: x
        vars: {none: {type: list}, empty: {type: list, default: []}, deep: [[1]]}
        steps:
          - {id: hero, type: text_to_image, model: local, params: {prompt: x}}
          - id: a
            type: text_to_image
            model: local
            params: {prompt: "${{ matrix.style }}"}
            matrix:
              style: [noir, oil, noir]
              seed: [7, 7.0]
              none: ${{ vars.none }}
              empty: ${{ vars.empty }}
              deep: ${{ vars.deep }}
              late: ["${{ steps.hero.path }}"]
              file: ["pictures/*.png"]
              repeat: [1, 2]
              include: [1]
              b c: [1]
          - {id: b, type: text_to_image, model: local, params: {prompt: x}, matrix: {}}
          - {id: c, type: text_to_image, model: local, repeat: "${{ vars.deep }}"}
        """,
    "matrix_exclude": """
        steps:
          - id: a
            type: text_to_image
            model: local
            params: {prompt: "${{ matrix.style }}", seed: "${{ matrix.seed }}"}
            matrix:
              style: [noir, oil]
              seed: [1, 2]
              exclude: [{stile: noir}, {style: nior, seed: 1}, {seed: 3}]
          - id: b
            type: text_to_image
            model: local
            params: {prompt: "${{ matrix.style }}"}
            matrix: {style: [noir, oil], exclude: [{style: noir}, {style: oil}]}
        """,
    "matrix_references": """
        prompt: x
        steps:
          - id: a
            type: text_to_image
            model: ${{ matrix.modell }}
            matrix: {model: [painter]}
          - id: b
            type: text_to_image
            model: local
            matrix: {seed: [1, 2]}
            params: {seed: "${{ matrix.sead }}", prompt: "${{ matrix.seed.x }} ${{ matrix.seed }}"}
          - id: c
            type: text_to_image
            model: acme:${{ vars.x }}
          - id: d
            type: text_to_image
            model: local
            matrix: {seed: [1, 2], style: [noir, oil]}
            params: {seed: "${{ matrix.seed }}"}
          - id: e
            type: parallel_group
            matrix: {seed: [1, 2]}
            steps:
              - id: f
                type: text_to_image
                model: local
                matrix: {seed: [3, 4]}
                params: {seed: "${{ matrix.seed }}"}
        """,
    "matrix_names": """
        prompt: x
        steps:
          - id: a
            type: text_to_image
            model: local
            matrix: {seed: [1, 2], style: [noir, oil], size: [square]}
            repeat: 2
            params:
              seed: "${{ matrix.seed }}"
              prompt: "${{ matrix.style }}"
              output_file: "${{ matrix.seed }}.png"
          - id: b
            type: parallel_group
            matrix: {seed: [1, 2]}
            steps:
              - type: text_to_image
                model: local
                params: {seed: "${{ matrix.seed }}", output_file: x.png}
        """,
    "matrix_too_large": """
        prompt: x
        steps:
          - {id: a, type: text_to_image, model: local, repeat: 10001}
          - id: b
            type: parallel_group
            repeat: 60
            steps:
              - {id: c, type: text_to_image, model: local, matrix: {seed: [1, 2]},
                 params: {seed: "${{ matrix.seed }}"}, repeat: 100}
        """,
}
