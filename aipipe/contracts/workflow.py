"""A graph of nodes from a user's file, and what can be set in it by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from aipipe.contracts.artefact import Json

Place: TypeAlias = tuple[str, str]
"""The id of a node, and the name of one of its inputs."""
SEED: Final = "seed"
OUTPUT_NODE: Final = "output_node"
"""The word for the node whose results are wanted."""
SIDES: Final = ("width", "height")
SIZES: Final = frozenset({"size", "aspect_ratio", "resolution"})
"""Our words that set both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A graph as its server takes it. Plain data: it travels with a call."""

    graph: Mapping[str, Json]
    """Nodes by id, each with its `class_type` and `inputs`."""
    places: Mapping[str, tuple[Place, ...]]
    """What a value of a name sets: our words, titles, `6.text`, `KSampler.seed`."""
    nodes: Mapping[str, str]
    """Ids of nodes by all that they can be called."""

    @property
    def takes_sizes(self) -> bool:
        """Whether both sides of its pictures can be set."""
        return all(side in self.places for side in SIDES)
