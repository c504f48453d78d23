"""The declared figures."""

from collections.abc import Mapping
from functools import cache

from unionhome.core.registry import Figure, NotFound, discover, rooms


@cache
def _by_code() -> Mapping[str, Figure]:
    figures: tuple[Figure, ...] = discover("figures", "FIGURES")
    by_code = {figure.code: figure for figure in figures}
    if len(by_code) != len(figures):
        codes = [figure.code for figure in figures]
        raise ValueError(f"declared twice: {sorted({code for code in codes if codes.count(code) > 1})}")
    return by_code


def list_figures() -> list[Figure]:
    """Every declared figure, in the order of the rooms that declare them."""
    return list(_by_code().values())


def find_figure(code: str) -> Figure | None:
    """The figure of that code, if a room declares it."""
    return _by_code().get(code)


def get_figure(code: str) -> Figure:
    """The figure of that code. Raises NotFound."""
    figure = find_figure(code)
    if figure is None:
        raise NotFound("没有这个指标，可能已经改名或停用。")
    return figure


def list_groups() -> list[tuple[str, list[Figure]]]:
    """The figures under the title of the room that owns them."""
    titles = {room.label: room.card.title for room in rooms()}
    groups: dict[str, list[Figure]] = {}
    for figure in list_figures():
        label = figure.code.partition(".")[0]
        groups.setdefault(titles.get(label, figure.owner), []).append(figure)
    return list(groups.items())
