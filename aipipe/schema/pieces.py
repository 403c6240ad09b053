"""The schema in pieces, for checking a document step by step."""

import re
from functools import cache, partial

from aipipe.catalog import price_words
from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.fragments import LOCAL, Fragments, ParamsFragment
from aipipe.contracts.registry import Registry
from aipipe.schema import params
from aipipe.schema.keys import STEPS, TOP
from aipipe.schema.models import endpoint_pattern, providers, shelf
from aipipe.schema.service import service
from aipipe.schema.steps import chain, kinds
from aipipe.schema.values import Schema, described, mapping


def fragments(registry: Registry, catalog: Catalog) -> Fragments:
    """The pieces; those of one model are made when they are asked for, once."""
    endpoint = re.compile(endpoint_pattern(registry, catalog))
    return Fragments(
        top=top(),
        steps=kinds(registry, providers(registry, catalog)),
        chain=chain(),
        params=cache(partial(_params_of, registry, catalog, endpoint)),
        choices=partial(_choices_of, registry, catalog),
        note=partial(_note_of, catalog),
        service=service(),
    )


def _params_of(
    registry: Registry,
    catalog: Catalog,
    endpoint: re.Pattern[str],
    type_: str,
    choice: str,
    provider: str | None,
) -> ParamsFragment | None:
    step = registry.steps.get(type_)
    if step is None:
        return _of_plugin(type_, choice, registry)
    if choice == LOCAL:
        return ParamsFragment(owner=f"the local {type_}", schema=params.of_local(step))
    found = catalog.resolve(type_, choice)
    if found is not None and provider in {None, found.model.provider}:
        schema = params.of_model(step, found.model, catalog)
        return ParamsFragment(owner=found.model.name, schema=schema)
    if provider is not None or endpoint.match(choice):
        return ParamsFragment(owner=f"'{choice}'", schema=params.of_endpoint(step))
    return None


def _choices_of(registry: Registry, catalog: Catalog, type_: str) -> tuple[str, ...]:
    if type_ in registry.steps:
        return (*shelf(type_, catalog).current, LOCAL)
    return tuple(registry.splits if type_ == "split_input" else registry.merges)


def _note_of(catalog: Catalog, type_: str, choice: str) -> str:
    found = catalog.resolve(type_, choice)
    return price_words.suggested(found.model.price) if found is not None else ""


def top() -> Schema:
    """The pipeline's own keys."""
    steps = described(STEPS, "What runs, one after the other.")
    twice: Schema = {"not": {"required": ["input", "inputs"]}}
    return {**mapping({**TOP, "steps": steps}, required=["steps"]), **twice}


def _of_plugin(type_: str, choice: str, registry: Registry) -> ParamsFragment | None:
    if type_ == "split_input":
        split = registry.splits.get(choice)
        return None if split is None else _plugin(choice, params.of_split(split))
    merge = registry.merges.get(choice)
    return None if merge is None else _plugin(choice, params.of_merge(merge))


def _plugin(name: str, schema: Schema) -> ParamsFragment:
    return ParamsFragment(owner=name, schema=schema)
