"""Needs and hazards for other systems: Open311 GeoReport v2, JSON and XML. Errors are its lists, never pages."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from unionhome.core.access.actions import limit
from unionhome.core.access.api import TokenAuth
from unionhome.core.access.doors import address_of, door
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.actions.outside import key_of
from unionhome.core.cases.forms import OutsideForm
from unionhome.core.organizations.queries import find_division, find_employer_by_name
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused

Body = tuple[str, Any]
MOST_ROWS = 500
MOST_OF_A_KEY = 600
MOST_OF_AN_ADDRESS = 120
"""Requests a minute; those of a key are counted together with the other API's."""
BEARER = "Bearer "
CHANGED_ON = "2026-11-29T00:00:00+08:00"
"""When what other systems may ask for was changed last: the standard's changeset."""
BROKEN = (BadRequest, RequestDataTooBig, SuspiciousOperation, UnreadablePostError, MultiPartParserError)


@csrf_exempt
@door("open")
def discovery(request: HttpRequest, visitor: Actor, form: str) -> HttpResponse:
    """Service Discovery: where the services are and how to get a key, addressed as the request was."""

    def get(actor: Actor) -> Body:
        services = request.build_absolute_uri(reverse("cases:open311_services", args=["xml"]))
        return "discovery", screens.discovery(services.rpartition("/")[0], settings.SITE_NAME, CHANGED_ON)

    return _answer(request, visitor, form, get=get)


@csrf_exempt  # a key lets in, never a cookie
@door("open")
def service_list(request: HttpRequest, visitor: Actor, form: str) -> HttpResponse:
    """GET Service List."""
    return _answer(request, visitor, form, get=lambda actor: ("services", screens.service_rows()))


@csrf_exempt
@door("open")
def service_definition(request: HttpRequest, visitor: Actor, code: str, form: str) -> HttpResponse:
    """GET Service Definition."""

    def get(actor: Actor) -> Body:
        if queries.find_kind_of(code) is None:
            raise NotFound("没有这个 service_code，能用的见 services。")
        return "service_definition", screens.service_definition(code)

    return _answer(request, visitor, form, get=get)


@csrf_exempt
@door("open")
def request_list(request: HttpRequest, visitor: Actor, form: str) -> HttpResponse:
    """GET Service Requests, a page at a time; POST Service Request."""
    more: dict[str, str] = {}

    def get(actor: Actor) -> Body:
        words = {name: str(word) for name, word in request.GET.items() if name != "api_key"}
        asked = queries.get_asked(actor, words)
        page, size = _whole(request, "page", 1, 100_000), _whole(request, "page_size", MOST_ROWS, MOST_ROWS)
        rows = list(queries.list_outside(actor, asked)[(page - 1) * size : page * size + 1])
        if len(rows) > size:
            url = f"{request.build_absolute_uri(request.path)}?{urlencode(words | {'page': str(page + 1)})}"
            more["Link"] = f'<{url}>; rel="next"'
        return "service_requests", screens.request_rows(rows[:size])

    def post(actor: Actor) -> Body:
        case, receipt = actions.receive_case(actor, _outside(request, actor))
        url = request.build_absolute_uri(reverse("cases:receipt", args=[receipt]))
        notice = f"已交给{case.node.name}，编号{case.number}。办到哪一步看 {url}"
        row = {"service_request_id": case.number, "service_notice": notice, "account_id": None}
        return "service_requests", [row]

    answer = _answer(request, visitor, form, get=get, post=post)
    for name, value in more.items():
        answer[name] = value
    return answer


@csrf_exempt
@door("open")
def one_request(request: HttpRequest, visitor: Actor, number: str, form: str) -> HttpResponse:
    """GET Service Request."""

    def get(actor: Actor) -> Body:
        return "service_requests", screens.request_rows([queries.get_outside(actor, number)])

    return _answer(request, visitor, form, get=get)


@csrf_exempt
@door("open")
def number_of_token(request: HttpRequest, visitor: Actor, receipt: str, form: str) -> HttpResponse:
    """GET service_request_id from a token: the receipt code of a matter is its token."""

    def get(actor: Actor) -> Body:
        number = queries.get_case_by_receipt(receipt).number
        return "service_requests", [{"service_request_id": number, "token": receipt}]

    return _answer(request, visitor, form, get=get)


def _answer(
    request: HttpRequest,
    visitor: Actor,
    form: str,
    *,
    get: Callable[[Actor], Body],
    post: Callable[[Actor], Body] | None = None,
) -> HttpResponse:
    try:
        if form not in screens.FORMS:
            raise NotFound("只有 .json 和 .xml。")
        acts = {"GET": get, "HEAD": get} | ({"POST": post} if post else {})
        act = acts.get(request.method or "")
        if act is None:
            answer = _say_no(form, 405, ["这个地址不支持这种请求方法。"])
            answer["Allow"] = ", ".join(acts)
            return answer
        _refuse_nul(request)
        actor = _sender(request, visitor)
        if not queries.has_outside_id(request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id", "")):
            raise NotFound("没有找到这个 jurisdiction_id。")
        root, body = act(actor)
    except Refused as refusal:
        return _refused(form, refusal)
    except BROKEN:
        return _say_no(form, 400, ["发来的内容读不了，或者太大了。"])
    return HttpResponse(screens.write_outside(form, root, body), content_type=screens.FORMS[form])


def _refuse_nul(request: HttpRequest) -> None:
    """Before anything is looked for: PostgreSQL takes no NUL sign in a text. Raises BadInput."""
    for name, words in (*request.GET.lists(), *request.POST.lists()):
        if any("\0" in word for word in (name, *words)):
            raise BadInput("发来的内容里有不能识别的字符（NUL）。", "nul")


def _sender(request: HttpRequest, visitor: Actor) -> Actor:
    """Whose key came along; nobody without one, whoever is signed in in this browser. Raises Forbidden, TooMany."""
    header = request.headers.get("Authorization", "")
    bearer = header.removeprefix(BEARER) if header.startswith(BEARER) else ""
    key = request.POST.get("api_key") or request.GET.get("api_key") or bearer
    actor = TokenAuth().authenticate(request, key) if key else None
    if actor is not None:
        limit(actor, "api", str(actor.user_id), MOST_OF_A_KEY, minutes=1)
        return actor
    limit(visitor, "cases.open311", address_of(request), MOST_OF_AN_ADDRESS, minutes=1)
    if key or request.method == "POST":
        raise Forbidden("没有 api_key，或者 api_key 不对、过期了。请用本系统发的接口密钥。", "no-key")
    return Actor.public(visitor.at, visitor.request_id)


def _refused(form: str, refusal: Refused) -> HttpResponse:
    """The standard knows 404, 403 and 400; too many is said as everywhere."""
    status = refusal.status if refusal.status in (403, 404, 429) else 400
    answer = _say_no(form, status, refusal.fields.values() or [refusal.sentence])
    if status == 429:
        answer["Retry-After"] = "60"
    return answer


def _say_no(form: str, status: int, sentences: Any) -> HttpResponse:
    written = form if form in screens.FORMS else "xml"
    body = screens.write_outside(written, "errors", screens.error_rows(status, sentences))
    return HttpResponse(body, status=status, content_type=screens.FORMS[written])


def _whole(request: HttpRequest, name: str, usual: int, most: int) -> int:
    text = request.GET.get(name, "") or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= most):
        raise BadInput(f"{name} 要填 1 到 {most} 的整数。", "bad-page")
    return int(text)


def _outside(request: HttpRequest, actor: Actor) -> actions.Outside:
    """What a client hands over. Raises BadInput for each field of the standard that is missing or wrong."""
    files = MultiValueDict({"photos": request.FILES.getlist("media")})
    form = OutsideForm(request.POST, files)
    if not form.is_valid():
        fields = {name: f"{name}：{errors[0]}。" for name, errors in form.errors.items()}
        raise BadInput("有几项填得不对。", fields=fields)
    clean = form.cleaned_data
    address, employer = clean["address_string"], clean["employer"]
    uploads = [actions.Upload(photo.name, photo.read()) for photo in clean["photos"]]
    return actions.Outside(
        category=clean["service_code"],
        text=clean["description"],
        phone=clean["phone"],
        name=f"{clean['last_name']}{clean['first_name']}",
        hide_from_employer=clean["hide"],
        employer=find_employer_by_name(employer) if employer else None,
        employer_text=employer,
        division=find_division(clean["address_id"]) or queries.find_town_named(address),
        place_text=address,
        point=clean["point"],
        uploads=uploads,
        submit_key=_key(request, actor, uploads),
    )


def _key(request: HttpRequest, actor: Actor, uploads: Iterable[actions.Upload]) -> str:
    """The client's Idempotency-Key; without one, the same words and photographs of the same account on the same day are
    one matter."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if given:
        return key_of(actor, ["key", given[:200]])
    words = sorted(f"{name}={word}" for name, word in request.POST.items() if name != "api_key")
    photos = [hashlib.sha256(each.data).hexdigest() for each in uploads]
    return key_of(actor, [timezone.localdate(actor.at).isoformat(), *words, *photos])
