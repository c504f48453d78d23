"""What the choice of a place shows: the map at its level, and the place that was chosen with its grid cell."""

from typing import Any

from unionhome.core.organizations.models import Division
from unionhome.core.organizations.queries import find_division, find_looked_after, list_division_chain, list_tapped
from unionhome.core.registry import Actor

BACK = "all"
"""What is tapped to begin anew at the counties."""


def place_card(actor: Actor, form: Any, tapped: str) -> dict[str, Any]:
    """`tapped`: the code of the last tap, BACK for the counties, empty where nobody has tapped. The map is open while
    somebody is on the way."""
    chosen = find_division(_value(form, "village") or _value(form, "town"))
    at = find_division(tapped) if tapped else None
    is_open = bool(tapped) and (at is None or at.level != "village")
    if not is_open:
        at = None
    return {
        "is_open": is_open,
        "trail": [{"code": each.code, "name": each.people_name} for each in _trail(at)],
        "tiles": [
            {
                "code": each.division.code,
                "name": each.division.people_name,
                "place": each.place,
                "note": "有网格" if each.cells else "",
            }
            for each in list_tapped(actor, at)
        ],
        "asks": {"county": "点您在的镇街", "town": "点您在的村（社区）"}.get(at.level if at else "", "点您在的县区"),
        "back": BACK,
        "chosen": _chosen_text(actor, chosen) if chosen else "",
    }


def _value(form: Any, name: str) -> str:
    if form.is_bound:
        return str(getattr(form, "cleaned_data", {}).get(name, "") or "")
    return str(form.initial.get(name, ""))


def _trail(division: Division | None) -> list[Division]:
    return [each for each in list_division_chain(division.code) if each.level != "city"] if division else []


def _chosen_text(actor: Actor, division: Division) -> str:
    """临渭区人民街道园里堡社区，园里堡社区第1网格，有网格员."""
    where = "".join(each.people_name for each in _trail(division))
    looked = find_looked_after(actor, division)
    if looked is None:
        return where
    return f"{where}，{looked.cell}，{'有网格员' if looked.has_worker else '还没有网格员'}"
