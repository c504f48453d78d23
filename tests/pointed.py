"""A sample hazard that a worker of a union has seen."""

import io

from PIL import Image

from unionhome.core.cases.actions import Upload
from unionhome.core.cases.models import Case
from unionhome.core.organizations.queries import find_division
from unionhome.core.registry import Actor
from unionhome.services.hazards.actions import Report, report_hazard
from unionhome.services.hazards.models import Outgoing


def make_hazard(mine: Actor, division: str, number: int) -> tuple[Case, str]:
    """A hazard in a division, by the worker, that the authority has by interface: the case and its receipt code."""
    report = Report(
        category="hz_fire",
        text=f"第{number}处：安全出口堵住了。",
        uploads=(Upload("隐患.jpg", scene(number)),),
        division=find_division(division),
        submit_key=f"{number:031x}h",
    )
    case, receipt = report_hazard(mine, report)
    Outgoing.objects.get_or_create(
        case=case,
        defaults={
            "entry": case.entries.order_by("pk")[0],
            "service_code": "fire",
            "state": Outgoing.State.SENT,
            "send_key": f"{number:024x}",
            "created_at": case.opened_at,
            "due_at": case.opened_at,
            "number": f"样例R{number}",
        },
    )
    return case, receipt


def scene(number: int) -> bytes:
    """A photograph that looks like none of another number: eight by eight fields, light or dark."""
    bits = pow(3, number + 41, 2**64)
    small = Image.new("L", (8, 8))
    small.putdata([40 + 160 * (bits >> place & 1) for place in range(64)])
    out = io.BytesIO()
    small.resize((160, 160), Image.Resampling.NEAREST).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()
