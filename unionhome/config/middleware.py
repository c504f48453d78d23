"""Headers that keep a page from asking anything of the outside or running anything inline."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from unionhome.config.api import problem

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)


class SafeHeadersMiddleware:
    """Adds the content policy and its companions to every answer; pages with personal data are never cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.setdefault("Content-Security-Policy", POLICY)
        answer.setdefault("X-Frame-Options", "DENY")
        answer.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
        if not request.path.startswith("/static/"):
            answer.setdefault("Cache-Control", "no-store")
        return answer


class PlainQueryMiddleware:
    """Refuses an address with a NUL sign in its query: no form sends one, and PostgreSQL keeps none in a text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" not in request.META.get("QUERY_STRING", "") and "\0" not in request.META.get("QUERY_STRING", ""):
            return self.get_response(request)
        sentence = "网址里有不能识别的字符，请重新输入要查的内容。"
        if request.path.startswith("/open/311/"):
            return self.get_response(request)  # whose errors have a shape of their own
        if request.path.startswith("/api/"):
            return problem(400, sentence, "bad-input")
        return render(request, "400.html", {"sentence": sentence}, status=400)
