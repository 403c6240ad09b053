"""Which model a step calls, who runs it, and what is known of its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aipipe.catalog.model import Model
from aipipe.catalog.price import OWN, UNKNOWN, Facts, PriceEstimate, estimate
from aipipe.contracts.artefact import Json
from aipipe.contracts.service import Service
from aipipe.contracts.step import StepType
from aipipe.contracts.workflow import Workflow
from aipipe.language.spec import ModelStep
from aipipe.planning.context import Context
from aipipe.planning.services import service_at
from aipipe.planning.workflows import workflow_at

LOCAL = "local"
_SOON = 60
"""Days before a model's end from which on its users are warned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A step's model, decided. `model` is None for `local` and for raw endpoints."""

    name: str
    provider: str
    endpoint: str = ""
    model: Model | None = None
    price: Decimal | None = None
    """USD a call, as the step itself says."""
    service: Service | None = None
    """What a file describes that the model names."""
    workflow: Workflow | None = None
    """The graph in a file that the model names."""
    free: bool = False
    """It runs on a server of the user's own."""
    mock: bool = False

    @property
    def plugin_is_step(self) -> bool:
        """Whether the step type's own embedded engine makes it."""
        return self.provider == LOCAL or self.mock


def choose(step: ModelStep, step_type: StepType, context: Context) -> Choice | None:
    """The choice for a step; None: it is at fault (the schema's check tells unknown models)."""
    choice = _choice(step, context)
    if choice is not None and choice.plugin_is_step and step_type.local is None:
        context.fault(
            "no_local_engine",
            f"the embedded engine has no {step.type}",
            (*step.at, "model"),
            f"all models: aipipe models --type {step.type}",
        )
    return choice


def _choice(step: ModelStep, context: Context) -> Choice | None:
    if step.model == LOCAL:
        return Choice(name=LOCAL, provider=LOCAL)
    if step.provider is not None and ":" not in step.model:
        known = context.catalog.resolve(step.type, step.model)
        if known is None or known.model.provider != step.provider:
            return _raw(step, step.provider, step.model, context)
    if ":" in step.model:
        provider, endpoint = step.model.split(":", 1)
        return _raw(step, provider, endpoint, context)
    return _from_catalogue(step, context)


def _raw(step: ModelStep, provider: str, endpoint: str, context: Context) -> Choice | None:
    if provider not in context.registry.providers:
        known = ", ".join(context.registry.providers)
        context.fault(
            "unknown_provider",
            f"unknown provider '{provider}'",
            (*step.at, "model"),
            f"there are: {known}",
        )
        return None
    called, at = context.registry.providers[provider], (*step.at, "model")
    _tell_dead(step, provider, endpoint, context)
    return Choice(
        name=f"{provider}:{endpoint}",
        provider=provider,
        endpoint=endpoint,
        price=step.price,
        service=service_at(endpoint, at, context) if called.described else None,
        workflow=workflow_at(endpoint, at, context) if called.workflows else None,
        free=called.free,
        mock=context.mock,
    )


def _from_catalogue(step: ModelStep, context: Context) -> Choice | None:
    resolved = context.catalog.resolve(step.type, step.model)
    if resolved is None:
        return None
    model = resolved.model
    if resolved.asked is not None:
        _tell_retired(step, resolved.asked, model, context)
    elif model.ends is not None:
        _tell_end(step, model.ends, context)
    return Choice(
        name=model.name,
        provider=model.provider,
        endpoint=model.endpoint,
        model=model,
        price=step.price,
        mock=context.mock,
    )


def _tell_end(step: ModelStep, ends: date, context: Context) -> None:
    """Warn of a model whose end, announced by its provider, is near or past."""
    left = (ends - context.today).days
    if left > _SOON:
        return
    message = (
        f"model '{step.model}' ends on {ends}"
        if left >= 0
        else f"model '{step.model}' was to end on {ends}, and may be gone"
    )
    others = f"others: aipipe models --type {step.type}"
    context.notice("model_ends_soon", message, (*step.at, "model"), others)


def _tell_retired(step: ModelStep, asked: Model, model: Model, context: Context) -> None:
    when = f" on {asked.retired.on}" if asked.retired is not None and asked.retired.on else ""
    context.notice(
        "retired_model",
        f"model '{step.model}' was shut down{when}; '{model.name}' takes its place",
        (*step.at, "model"),
    )


def _tell_dead(step: ModelStep, provider: str, endpoint: str, context: Context) -> None:
    """Warn of an endpoint that is known to be shut down. Named so plainly, it is called."""
    for model in context.catalog.models.values():
        gone = model.retired
        if gone is not None and (model.provider, model.endpoint) == (provider, endpoint):
            when = f" on {gone.on}" if gone.on else ""
            message = f"endpoint '{endpoint}' was shut down{when}"
            instead = f"model: {gone.replacement}  takes its place"
            context.notice("retired_model", message, (*step.at, "model"), instead)


def price(
    choice: Choice, params: Mapping[str, Json], unknown: frozenset[str], facts: Facts
) -> PriceEstimate:
    """The price of one call of a chosen model, which is not the embedded engine."""
    if choice.price is not None:
        return PriceEstimate(
            low=choice.price,
            likely=choice.price,
            at_most=choice.price,
            counted="1 call",
            unit_price=f"${choice.price}",
            priced="this file",
        )
    if choice.model is None:
        return OWN if choice.free else UNKNOWN
    return estimate(choice.model, params, unknown, facts)
