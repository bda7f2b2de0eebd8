"""Endpoints that answer with a file."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class AnyRenderer(BaseRenderer):
    """Stands in where the answer is a file: nothing is rendered."""

    media_type = "*/*"
    format = "file"


class FileNegotiation(BaseContentNegotiation):
    """Accept whatever type the client asks for: a document has the one it has."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
