"""A pipeline's file as plain data that knows where each piece stands."""

from aipipe.errors import PipelineFaultsError
from aipipe.language import loading
from aipipe.language.composer import Composer
from aipipe.language.diagnostics import Diagnostic, Severity
from aipipe.language.document import Document
from aipipe.language.source import Source
from aipipe.language.syntax.diagnosis import diagnose


def read(path: str) -> Document:
    """The document in a file.

    Raises:
        UsageError: the file can't be read.
        PipelineFaultsError: its text is no YAML, or of a kind that a pipeline can't be.
    """
    return _document(loading.load(path))


def read_text(text: str, name: str) -> Document:
    """The document in a text; `name` is what messages call it.

    Raises:
        PipelineFaultsError: it is no YAML, or of a kind that a pipeline can't be.
    """
    return _document(loading.checked(name, text.removeprefix(loading.BOM)))


def _document(source: Source) -> Document:
    import yaml  # noqa: PLC0415 (takes 20 ms, and many commands read no pipeline)

    composer = Composer(source)
    try:
        data = composer.compose()
    except yaml.YAMLError as error:
        fault = diagnose(error, composer, source)
        raise PipelineFaultsError([*composer.faults, fault]) from error
    if data is None:
        raise PipelineFaultsError([_empty(source)])
    return Document(name=source.name, data=data, source=source)


def _empty(source: Source) -> Diagnostic:
    what = "holds no pipeline" if source.text.strip() else "is empty"
    return Diagnostic(
        severity=Severity.ERROR,
        code="empty_file",
        message=f"the file {what}",
        file=source.name,
        hints=("a pipeline has 'steps'; a starter to change:  aipipe init",),
    )
