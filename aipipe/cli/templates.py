"""The shipped pipelines, as starters."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A shipped pipeline. `summary` is the first sentence of its first comment."""

    name: str
    summary: str
    path: Path

    @property
    def companions(self) -> tuple[Path, ...]:
        """The files that it reads, in a folder of its name beside it, relative to that."""
        around = self.path.parent
        found = sorted(each for each in (around / self.name).rglob("*") if each.is_file())
        return tuple(each.relative_to(around) for each in found)


def all_templates() -> tuple[Template, ...]:
    """Every starter there is, by name."""
    from aipipe.shipped import pipelines_folder  # noqa: PLC0415 (only `init` needs it)

    return tuple(_template(path) for path in sorted(Path(pipelines_folder()).glob("*.yaml")))


def _template(path: Path) -> Template:
    with path.open(encoding="utf-8") as file:
        comments = (line[1:].strip() for line in file if line.startswith("#"))
        found = (text for text in comments if text and not is_editor_line(text))
        sentence = " ".join(found).partition(". ")[0].removesuffix(".")
        return Template(name=path.stem, summary=f"{sentence}.", path=path)


def is_editor_line(comment: str) -> bool:
    """Whether a comment (without its `#`) is for the editor's language server."""
    return comment.strip().startswith("yaml-language-server:")


def starter(template: Template, schema: str) -> str:
    """The template's text, with the line by which editors find the schema."""
    lines = template.path.read_text(encoding="utf-8").splitlines(keepends=True)
    own = [line for line in lines if not (line.startswith("#") and is_editor_line(line[1:]))]
    return f"# yaml-language-server: $schema={schema}\n{''.join(own)}"
