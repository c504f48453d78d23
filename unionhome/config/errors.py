"""Error pages for what never reaches a view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from unionhome.core.access.doors import answer_refused


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read. Unlike the framework's page this one never looks at the body again."""
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or came from elsewhere: say so, and how not to lose what was typed."""
    sentence = "这一页打开得太久了，没有提交。请返回上一页，先复制写好的话，登录或刷新后再提交。"
    return answer_refused(request, 403, sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page has this address."""
    return answer_refused(request, 404, "网址可能写错了，也可能内容不归您看。")
