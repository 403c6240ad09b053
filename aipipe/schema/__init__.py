"""The JSON Schema (draft-07) of pipeline files, generated from plug-ins and catalogue.

`fragments` gives its pieces for checking a file quickly, `whole` the one document for editors.
Both are made of the same parts, and a test proves that they agree.
"""

from aipipe.schema.pieces import fragments
from aipipe.schema.service import service
from aipipe.schema.whole import whole

__all__ = ["fragments", "service", "whole"]
