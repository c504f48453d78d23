"""One verb of the `unionhome` command line, declared by a room in `commands.py` as COMMANDS."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from unionhome.core.registry.actor import Actor


@dataclass(frozen=True, slots=True)
class Command:
    """`configure` adds arguments; `run` returns the exit code; a `Refused` becomes exit 1 with its sentence on stderr."""

    name: str
    summary: str
    example: str
    configure: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Actor], int]


@dataclass(frozen=True, slots=True)
class Check:
    """What `unionhome verify` looks over in a room, declared by the room in `commands.py` as CHECKS.

    `find` gives a sentence for each thing that differs, naming the row; `said` tells what was found whole.
    """

    title: str
    find: Callable[[], Iterator[str]]
    said: Callable[[], str]
