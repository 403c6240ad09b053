"""The schema in pieces, for checking a document step by step."""

import re
from functools import cache

from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.fragments import LOCAL, Fragments, ParamsFragment
from aipipe.contracts.registry import Registry
from aipipe.contracts.step import StepType
from aipipe.schema import params, prices
from aipipe.schema.keys import STEPS, TOP
from aipipe.schema.models import endpoint_pattern, providers, shelf
from aipipe.schema.steps import chain, kinds
from aipipe.schema.values import Schema, described, mapping


def fragments(registry: Registry, catalog: Catalog) -> Fragments:
    """The pieces; those of one model are made when they are asked for, once."""
    steps = kinds(registry, providers(registry, catalog))
    endpoint = re.compile(endpoint_pattern(registry, catalog))

    @cache
    def of(type_: str, choice: str, provider: str | None) -> ParamsFragment | None:
        step = registry.steps.get(type_)
        if step is None:
            return _of_plugin(type_, choice, registry)
        if choice == LOCAL:
            return ParamsFragment(owner=f"the local {type_}", schema=params.of_local(step))
        if catalog_knows(type_, choice, provider):
            return _of_model(step, choice, catalog)
        if provider is not None or endpoint.match(choice):
            return ParamsFragment(owner=f"'{choice}'", schema=params.of_endpoint(step))
        return None

    def catalog_knows(type_: str, choice: str, provider: str | None) -> bool:
        found = catalog.resolve(type_, choice)
        return found is not None and provider in {None, found.model.provider}

    def choices(type_: str) -> tuple[str, ...]:
        if type_ in registry.steps:
            return (*shelf(type_, catalog).current, LOCAL)
        return tuple(registry.splits if type_ == "split_input" else registry.merges)

    def note(type_: str, choice: str) -> str:
        found = catalog.resolve(type_, choice) if type_ in registry.steps else None
        return prices.words(found.model.price) if found is not None else ""

    return Fragments(
        top=top(), steps=steps, chain=chain(), params=of, choices=choices, note=note
    )


def top() -> Schema:
    """The pipeline's own keys."""
    steps = described(STEPS, "What runs, one after the other.")
    twice: Schema = {"not": {"required": ["input", "inputs"]}}
    return {**mapping({**TOP, "steps": steps}, required=["steps"]), **twice}


def _of_model(step: StepType, name: str, catalog: Catalog) -> ParamsFragment | None:
    found = catalog.resolve(step.name, name)
    if found is None:
        return None
    return ParamsFragment(
        owner=found.model.name, schema=params.of_model(step, found.model, catalog)
    )


def _of_plugin(type_: str, choice: str, registry: Registry) -> ParamsFragment | None:
    if type_ == "split_input":
        split = registry.splits.get(choice)
        return None if split is None else _plugin(choice, params.of_split(split))
    merge = registry.merges.get(choice)
    return None if merge is None else _plugin(choice, params.of_merge(merge))


def _plugin(name: str, schema: Schema) -> ParamsFragment:
    return ParamsFragment(owner=name, schema=schema)
