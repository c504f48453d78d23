"""What other systems read by Open311 GeoReport v2: the standard's fields, written as JSON or XML.

JSON follows the standard's Spark convention: the root of the XML falls away, and a list of like elements is an array.
"""

import io
import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator

from unionhome.core.cases import queries
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import CaseKind, Category

FORMS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""The element of one row in a list, by the element of the list."""
CONTROL = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]")
"""Signs that XML 1.0 does not know."""
KEEP = "keep_from_employer"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
"""The standard's own name for what an endpoint speaks; nobody asks it for anything."""


def write_outside(form: str, root: str, body: Any) -> bytes:
    """The answer in one of the FORMS; `root` is the root element of the XML."""
    if form == "json":
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    out = io.BytesIO()
    writer = SimplerXMLGenerator(out, "utf-8")
    writer.startDocument()
    _write(writer, root, body)
    writer.endDocument()
    return out.getvalue()


def _write(writer: SimplerXMLGenerator, name: str, value: Any) -> None:
    if isinstance(value, (list, dict)):
        writer.startElement(name, AttributesImpl({}))
        rows = value.items() if isinstance(value, dict) else [(ITEMS[name], each) for each in value]
        for inner, each in rows:
            _write(writer, inner, each)
        writer.endElement(name)
        return
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    writer.addQuickElement(name, CONTROL.sub("", text))


def discovery(url: str, site: str, changed_on: str) -> dict[str, Any]:
    """Where other systems find the services, in which forms, and whom to ask for a key."""
    formats = [kind.partition(";")[0] for kind in (FORMS["xml"], FORMS["json"])]
    return {
        "changeset": changed_on,
        "contact": f"{site}，请联系工会的系统管理员。",
        "key_service": "请工会在“账号与安全”的“接口密钥”里建一把密钥，勾上“从别的系统转来诉求和隐患”。",
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changed_on,
                "type": "production",
                "formats": formats,
            }
        ],
    }


def service_rows() -> list[dict[str, Any]]:
    """Every category that other systems may hand over, by kind."""
    kinds = [kind for kind in queries.list_kinds() if kind.receiver]
    return [_service(kind, category) for kind in kinds for category in kind.categories]


def _service(kind: CaseKind, category: Category) -> dict[str, Any]:
    return {
        "service_code": category.code,
        "service_name": category.label,
        "description": f"{kind.title}：{category.label}",
        "metadata": True,
        "type": "realtime",
        "keywords": f"{kind.title}, {category.label}",
        "group": kind.title,
    }


def service_definition(code: str) -> dict[str, Any]:
    """What a client may say beyond the standard's own fields."""
    return {
        "service_code": code,
        "attributes": [
            _attribute(1, "contact", "string", "工会靠 phone 里的手机号联系本人；诉求不填电话收不下。", is_asked=False),
            _attribute(2, "employer", "string", "是哪个单位，写全称。可不填。"),
            _attribute(
                3,
                KEEP,
                "singlevaluelist",
                "要不要瞒着单位和单位工会。不填就是要；要瞒着的不公开。",
                values=[{"key": "yes", "name": "不让单位知道"}, {"key": "no", "name": "单位可以知道"}],
            ),
        ],
    }


def _attribute(
    order: int,
    code: str,
    datatype: str,
    description: str,
    *,
    is_asked: bool = True,
    values: Iterable[dict[str, str]] = (),
) -> dict[str, Any]:
    return {
        "variable": is_asked,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": description,
        "values": list(values),
    }


def request_rows(cases: list[Case]) -> list[dict[str, Any]]:
    """Title, division, point and public state of cases: no words, not even those of the place, no names, and no
    photographs, which may show people."""
    points = queries.list_points_of(cases)
    return [_request(case, points.get(case.pk)) for case in cases]


def _request(case: Case, point: tuple[float, float] | None) -> dict[str, Any]:
    kind = queries.get_kind(case.kind)
    state = kind.table.state(case.state)
    ended_at = case.closed_at or case.withdrawn_at
    told_at: datetime | None = getattr(case, "told_at", None)
    return {
        "service_request_id": case.number,
        "status": "closed" if state.phase == "closed" else "open",
        "status_notes": state.label,
        "service_name": kind.category(case.category).label,
        "service_code": case.category,
        "description": case.title,
        "agency_responsible": case.node.name,
        "service_notice": None,
        "requested_datetime": _w3(case.opened_at),
        "updated_datetime": _w3(ended_at or told_at or case.opened_at),
        "expected_datetime": None,
        "address": case.division.name if case.division else "",
        "address_id": case.division.code if case.division else None,
        "zipcode": None,
        "lat": point[0] if point else None,
        "long": point[1] if point else None,
        "media_url": None,
    }


def _w3(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def error_rows(status: int, sentences: Iterable[str]) -> list[dict[str, Any]]:
    """Why not: the standard's list, each with the status of the answer."""
    return [{"code": status, "description": sentence} for sentence in dict.fromkeys(sentences)]
