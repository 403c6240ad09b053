"""The compiled catalogue's plain data as models and voices."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from aipipe.catalog.model import Model, ModelParam, Price, Retirement, Voice

Plain: TypeAlias = Mapping[str, Any]
Words: TypeAlias = Mapping[str, "str | Mapping[str, str]"]
"""What each word means; by medium where that differs."""


def model(plain: Plain, words: Words) -> Model:
    """A model; each of its words comes with its description."""
    medium, form = plain["medium"], plain.get("format_param")
    return Model(
        name=plain["name"],
        aliases=tuple(plain.get("aliases", ())),
        types=tuple(plain["types"]),
        provider=plain["provider"],
        endpoint=plain["endpoint"],
        medium=medium,
        formats=tuple(plain["formats"]),
        slots=plain["slots"],
        params={
            word: _param(word, each, {"description": _meaning(words[word], medium)})
            for word, each in plain.get("params", {}).items()
        },
        format_param=None if form is None else _param("format", form, {}),
        fixed=plain.get("fixed", {}),
        results=tuple(plain.get("results", ())),
        price=_price(plain["price"]),
        max_characters=plain.get("max_characters"),
        ends=_date(plain.get("ends")),
        retired=_retirement(plain.get("retired")),
        note=plain.get("note", ""),
        source=plain.get("source", ""),
    )


def voices(plain: Plain) -> dict[str, dict[str, Voice]]:
    """The voices by provider and name."""
    return {
        provider: {
            name: Voice(
                name=name,
                provider=provider,
                id=each["id"],
                note=each.get("note", ""),
                notice=each.get("notice", ""),
            )
            for name, each in known.items()
        }
        for provider, known in plain.items()
    }


def _param(word: str, plain: Plain, about: Plain) -> ModelParam:
    return ModelParam(
        word=word,
        schema={**plain["schema"], **about},
        wire=plain["wire"],
        values=plain.get("values", {}),
        required=plain.get("required", False),
        always=plain.get("always", False),
        factor=plain.get("factor", 1),
        file=plain.get("file"),
    )


def _meaning(meaning: str | Mapping[str, str], medium: str) -> str:
    return meaning if isinstance(meaning, str) else meaning[medium]


def _price(plain: Plain) -> Price:
    usd = plain.get("usd")
    return Price(
        unit=plain["unit"],
        usd=None if usd is None else Decimal(usd),
        by=tuple(plain.get("by", ())),
        rules={key: Decimal(amount) for key, amount in plain.get("rules", {}).items()},
        extra=plain.get("extra", {}),
        as_of=plain.get("as_of"),
        source=plain.get("source", ""),
    )


def _retirement(plain: Plain | None) -> Retirement | None:
    if plain is None:
        return None
    return Retirement(replacement=plain["replacement"], on=_date(plain.get("on")))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
