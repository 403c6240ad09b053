"""Files that ship with the package: beside it in a checkout, inside it in an installation."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def schema_path() -> Path:
    """The JSON Schema of pipeline files."""
    return _folder("schemas") / "pipeline.schema.json"


def service_schema_path() -> Path:
    """The JSON Schema of files that describe a service."""
    return _folder("schemas") / "service.schema.json"


def pipelines_folder() -> Path:
    """The example pipelines."""
    return _folder("pipelines")


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
