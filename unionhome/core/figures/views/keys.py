"""The signing keys at the desk of the security administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.figures import actions, queries
from unionhome.core.figures.forms import ReasonForm
from unionhome.core.registry import Actor, Refused
from unionhome.kit.signing import fingerprint_text


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.keys")
def signing_keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The keys of the administrator's own union, and a new one in place of the present."""
    node = queries.get_key_node(actor)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.renew_key(actor, node, reason=form.cleaned_data["reason"])
            except Refused as refused:
                if refused.status in (403, 404):
                    raise
                status = put_refusal(form, refused)
            else:
                messages.success(request, "已经换成新的签名密钥，请把新的指纹公布出去。")
                return redirect("figures:signing_keys")
    lines = [{"key": key, "fingerprint": fingerprint_text(key.fingerprint)} for key in queries.list_keys(node)]
    return render(request, "figures/signing_keys.html", {"form": form, "node": node, "lines": lines}, status=status)
