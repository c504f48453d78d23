"""Error pages for what never reaches a view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read. Unlike the framework's page this one never looks at the body again."""
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or came from elsewhere: say so, and how not to lose what was typed."""
    sentence = "这一页打开得太久了，没有提交。请返回上一页，先复制写好的话，登录或刷新后再提交。"
    return render(request, "403.html", {"sentence": sentence}, status=403)
