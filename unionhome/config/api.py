"""The API for programs at /api/v1/: every room's `api.router`, one way to say no, one limit on how often."""

import json
from collections.abc import Callable
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.throttling import BaseThrottle

from unionhome.core.access.actions import limits
from unionhome.core.access.api import TokenAuth
from unionhome.core.registry import Refused, TooMany, rooms
from unionhome.kit.errors import InputRefused

PROBLEM = "application/problem+json"
MOST_A_MINUTE = 600
ERRORS = (400, 401, 403, 404, 405, 409, 422, 429, 500)
TITLES = {
    400: "输入有误",
    401: "没有有效的接口密钥",
    403: "没有权限",
    404: "没有找到",
    405: "这个地址不能这样用",
    409: "现在办不了",
    413: "太大了",
    422: "输入有误",
    429: "太频繁",
    500: "系统出错",
}
SCHEMA = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A Chinese sentence, fit to be shown."},
        "code": {"type": "string", "description": "Stable, for programs."},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
WRONG = {
    "missing": "没有填。",
    "int_parsing": "要填整数。",
    "date_from_datetime_parsing": "日期写成 2021-03-05 这样。",
    "date_parsing": "日期写成 2021-03-05 这样。",
    "less_than_equal": "太大了。",
    "greater_than_equal": "太小了。",
    "string_too_long": "太长了。",
}


class TokenThrottle(BaseThrottle):
    """So many requests a minute for one token; counted in the database, so that all workers count together."""

    def allow_request(self, request: HttpRequest) -> bool:
        actor = request.actor  # type: ignore[attr-defined]
        try:
            limits.limit(actor, "api", str(actor.user_id), MOST_A_MINUTE, minutes=1)
        except TooMany:
            return False
        return True

    def wait(self) -> float:
        return 60


class HouseAPI(NinjaAPI):
    """Answers every refusal, also of unknown addresses and methods, as a problem (RFC 9457)."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _say_no_in_json(pattern.callback)
        return [*patterns, re_path(r"^.*$", unknown_address)], app, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"].setdefault("schemas", {})["Problem"] = SCHEMA
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"] = {str(code): answer for code, answer in operation["responses"].items()}
                for code in ERRORS:
                    operation["responses"].setdefault(str(code), {"description": TITLES[code], "content": content})
        return schema


def problem(status: int, detail: str, code: str, fields: dict[str, str] | None = None) -> HttpResponse:
    """A refusal for programs: a Chinese sentence, a stable code, and what is wrong with which field."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(status, HTTPStatus(status).phrase)}
    body |= {"status": status, "detail": detail, "code": code}
    if fields:
        body["fields"] = fields
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """What no router knows."""
    return problem(404, "没有这个接口地址，可用的接口见 /api/v1/openapi.json。", "unknown-address")


def _say_no_in_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except (Http404, OverflowError):
            return unknown_address(request)
        except RequestDataTooBig:
            return problem(413, "发来的内容太大了，请分几次发。", "too-large")
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return answer
        told = problem(405, "这个地址不支持这种请求方法。", "method-not-allowed")
        told["Allow"] = answer.get("Allow", "")
        return told

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # a token lets in, never a cookie
    return wrapped


api = HouseAPI(
    title="职工之家接口",
    version="1",
    description="给程序用的接口。金额以分计，日期为 ISO 8601；每个数都能取到组成它的行。",
    docs_url=None,
    auth=TokenAuth(),
    throttle=[TokenThrottle()],
    urls_namespace="api",
)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return problem(refusal.status, refusal.sentence, refusal.code, refusal.fields)


@api.exception_handler(InputRefused)
def _input_refused(request: HttpRequest, refusal: InputRefused) -> HttpResponse:
    return problem(400, refusal.sentence, refusal.code)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {str(each["loc"][-1]): _wrong(each) for each in error.errors}
    return problem(422, "有几项填得不对，请看 fields。", "bad-input", fields)


def _wrong(error: dict[str, Any]) -> str:
    """The sentence for one field; a room's own check brings its own (ValueError in Chinese)."""
    if error["type"] == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    return WRONG.get(error["type"], "填得不对。")


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(401, "请在 Authorization 里带上有效的接口密钥。", "no-token")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(AuthorizationError)
def _may_not(request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    return problem(403, "这个接口密钥没有做这件事的权限。", "forbidden")


@api.exception_handler(Throttled)
def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    answer = problem(429, "请求太频繁了，请等一分钟再试。", "too-many")
    answer["Retry-After"] = "60"
    return answer


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "没有找到。", "not-found")


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, TITLES.get(error.status_code, "请求不能处理。"), "http-error")


for room in rooms():
    if find_spec(f"{room.name}.api"):
        router = getattr(import_module(f"{room.name}.api"), "router", None)
        if router is not None:
            api.add_router("", router)
