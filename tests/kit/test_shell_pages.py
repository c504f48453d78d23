"""Shells and error pages drawn with nothing, with everything, and with hostile text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import get_template, render_to_string

from tests.kit import shell_samples
from unionhome.kit import apps

KIT = Path(apps.__file__).parent
SHELLS = ("worker", "worker_top", "public", "desk")
ERRORS = ("400", "403", "404", "409", "429", "500", "csrf_403", "refused")
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(?:src=|application/json))", re.IGNORECASE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def page(face: str, blocks: str = "", **facts: object) -> str:
    source = f'{{% extends "kit/{face}.html" %}}{{% load kit %}}{{% block title %}}题目{{% endblock %}}{blocks}'
    return Template(source).render(Context(facts))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_stands_without_any_facts(shell: str) -> None:
    drawn = page(shell)
    assert drawn.count("<h1") == 1 and 'id="main"' in drawn and "题目" in drawn
    assert "uh-action-bar" not in drawn and "uh-demo" not in drawn and "None" not in drawn


@pytest.mark.parametrize("shell", SHELLS)
def test_the_title_is_written_once_and_shown_twice(shell: str) -> None:
    drawn = page(shell, shell={"site_name": "示例市总工会"})
    assert "<title>题目 · 示例市总工会</title>" in drawn
    assert re.search(r"<h1[^>]*>题目</h1>", drawn)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_bar_is_framed_only_when_filled(shell: str) -> None:
    block = "phone_bar" if shell == "desk" else "bar"
    filled = page(shell, f"{{% block {block} %}}<b>键</b>{{% endblock %}}")
    assert re.search(r'<section class="uh-action-bar[^>]*><div class="uh-column"><b>键</b></div></section>', filled)
    assert "uh-action-bar" not in page(shell, f"{{% block {block} %}} {{% endblock %}}")


def test_tabs_stand_only_on_top_pages() -> None:
    facts = {"shell": shell_samples.context("my")["shell"]}
    assert 'class="uh-tabs"' in page("worker_top", **facts) and 'class="uh-tabs"' not in page("worker", **facts)


def test_the_phone_bar_takes_the_place_of_the_desk_tabs() -> None:
    facts = {"shell": shell_samples.context("desk")["shell"]}
    assert "uh-more-panel" in page("desk", **facts)
    assert "uh-more-panel" not in page("desk", "{% block phone_bar %}<b>键</b>{% endblock %}", **facts)


@pytest.mark.parametrize("door", ["my", "desk"])
def test_text_of_the_shell_is_escaped(door: str) -> None:
    evil = "<script>x</script>"
    facts = dict.fromkeys(
        ("site_name", "actor_name", "post", "union_name", "now_text", "duty_text", "search_text"), evil
    )
    drawn = page("desk" if door == "desk" else "worker_top", shell={**facts, "search_url": "/s"})
    assert evil not in drawn and "&lt;script&gt;" in drawn


def test_signing_out_is_a_post_with_a_token() -> None:
    drawn = page("desk", shell={"actor_name": "李静", "sign_out_url": "/out/"}, csrf_token="k1")
    assert re.search(
        r'<form method="post" action="/out/"[^>]*><input type="hidden" name="csrfmiddlewaretoken" value="k1">', drawn
    )


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_nothing(name: str) -> None:
    drawn = render_to_string(f"kit/{name}.html")
    assert drawn.count("<h1") == 1 and CHINESE.search(drawn) and "<title>" in drawn
    assert "sorry" not in drawn.lower() and "error" not in re.sub(r"<[^>]+>", "", drawn).lower()


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "429", "500"])
def test_the_framework_finds_its_error_pages(name: str) -> None:
    assert CHINESE.search(get_template(f"{name}.html").render({}))


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "429", "refused"])
def test_a_refusal_says_its_own_sentence(name: str) -> None:
    assert "先登记一项措施。" in render_to_string(f"kit/{name}.html", {"sentence": "先登记一项措施。"})
    assert "<b>" not in render_to_string(f"kit/{name}.html", {"sentence": "<b>"}).split("<main")[1].split("</main")[0]


def test_the_last_error_page_asks_for_no_list_of_names() -> None:
    source = (KIT / "templates" / "500.html").read_text(encoding="utf-8")
    assert "{%" not in source and "{{" not in source
    assert all(finders.find(name) for name in re.findall(r'/static/([^"]+)', source))


@pytest.mark.parametrize("name", shell_samples.PAGES)
def test_pages_hold_no_inline_code_and_only_known_icons(name: str) -> None:
    drawn = shell_samples.render(name, wrong=True, demo=True)
    assert INLINE.findall(drawn) == []
    listed = (KIT / "icons.txt").read_text(encoding="utf-8").split()
    assert set(re.findall(r"icons\.svg#([\w-]+)", drawn)) <= set(listed)
    assert "演示数据" in drawn and "None" not in re.sub(r"<[^>]+>", "", drawn)


@pytest.mark.parametrize("name", shell_samples.PAGES)
def test_ids_are_unique_and_labels_find_their_control(name: str) -> None:
    drawn = shell_samples.render(name, wrong=True)
    ids = re.findall(r'\sid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', drawn)) <= set(ids)
    for described in re.findall(r'aria-describedby="([^"]+)"', drawn):
        assert set(described.split()) <= set(ids)


def test_every_colour_has_a_dark_value_and_both_dark_sets_agree() -> None:
    sheet = (KIT / "static" / "unionhome.css").read_text(encoding="utf-8")
    chosen = re.search(r':root\[data-uh-theme="dark"\] \{(.*?)\}', sheet, re.DOTALL)
    device = re.search(r":root:not\(\[data-uh-theme\]\) \{(.*?)\}", sheet, re.DOTALL)
    light = re.search(r":root \{(.*?)\n\}", sheet, re.DOTALL)
    assert chosen and device and light

    def values(block: re.Match[str]) -> dict[str, str]:
        return dict(re.findall(r"(--uh-[\w-]+):\s*([^;]+);", block[1]))

    assert values(chosen) == values(device)
    colours = {name for name, value in values(light).items() if value.startswith("#")}
    assert colours - set(values(chosen)) == {"--uh-on-red", "--uh-on-dark"}


def test_colours_stand_only_among_the_tokens() -> None:
    sheet = (KIT / "static" / "unionhome.css").read_text(encoding="utf-8")
    body = sheet.split("/* ---------- 2.")[1].split("/* ---------- 10.")[0]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", body)) <= {"#fff"}
