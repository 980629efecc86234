"""Commands that are loaded when they are called: a search must not wait for the others' imports."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command


class LazyGroup(TyperGroup):
    """A group whose commands stand in modules that are imported only for the command that is called
    (and all of them for `--help`). A subclass names them in `modules`.
    """

    modules: ClassVar[Mapping[str, str]] = {}  # command: "module:attribute", a function or a Typer

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.modules:
            return None
        module, _, attribute = self.modules[cmd_name].partition(":")
        found = getattr(importlib.import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            # rich help would cost every command a fifth of a second
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(cmd_name, context_settings=ctx.command.context_settings)(found)
            found = alone
        command = get_command(found)
        command.name = cmd_name
        return command
