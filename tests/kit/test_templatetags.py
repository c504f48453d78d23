"""Tags and filters of the kit: what each one draws, and that text from people stays text."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms as plain
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from unionhome.kit import forms

CHINA = ZoneInfo("Asia/Shanghai")
EVIL = '<b onclick="x">'


def draw(source: str, **facts: Any) -> str:
    return Template("{% load kit %}" + source).render(Context(facts)).strip()


def test_icon_is_hidden_from_screen_readers() -> None:
    drawn = draw('{% icon "home" 24 %}')
    assert 'icons.svg#home"' in drawn and "uh-icon-24" in drawn and 'aria-hidden="true"' in drawn


def test_badge() -> None:
    assert draw('{% badge text "amber" "bell" %}', text=EVIL).count("<b ") == 0
    assert "uh-badge-amber" in draw('{% badge "等您办" "amber" %}')
    with pytest.raises(TemplateSyntaxError, match="tone"):
        draw('{% badge "x" "pink" %}')


@pytest.mark.parametrize("state", ["not_started", "running", "near", "overdue", "paused", "done"])
def test_every_clock_state_has_its_own_shape_and_a_word(state: str) -> None:
    others = {draw("{% clock_light light %}", light={"state": one, "text": "字"}) for one in ("running", "done", state)}
    assert len(others) == len({"running", "done", state})
    silent = draw("{% clock_light light %}", light={"state": state})
    assert any("一" <= sign <= "鿿" for sign in silent)


def test_clock_light_takes_objects_and_keeps_shares_within_bounds() -> None:
    drawn = draw("{% clock_light light %}", light=SimpleNamespace(state="running", share=0.25, text="剩2小时"))
    assert 'stroke-dasharray="25.0 100"' in drawn and "剩2小时" in drawn
    assert 'stroke-dasharray="100.0 100"' in draw("{% clock_light l %}", l={"state": "near", "share": 7, "text": "x"})
    assert 'stroke-dasharray="0.0 100"' in draw("{% clock_light l %}", l={"state": "near", "share": None, "text": "x"})


def test_clock_card_shows_the_working() -> None:
    clock = {
        "name": "首次帮扶",
        "light": {"state": "near", "share": 0.76, "text": "剩1小时50分"},
        "working": [{"label": "昨天14:10–18:00", "value": "3小时50分"}],
        "sum_label": "合计",
        "sum_value": "7小时30分",
    }
    desk = draw("{% clock_card clock %}", clock=clock)
    assert "3小时50分" in desk and "7小时30分" in desk and 'width="76.0%"' in desk and "style=" not in desk
    worker = draw('{% clock_card clock "worker" %}', clock={**clock, "value": "17:12", "suffix": "前"})
    assert "17:12" in worker and "<small>前</small>" in worker and "快到时限" in worker
    assert "剩1小时50分" in draw('{% clock_card clock "row" %}', clock=clock)


def test_facts_draw_masks_small_and_escape() -> None:
    drawn = draw("{% facts rows %}", rows=[{"label": "证件", "value": "6105****1234"}, {"label": "名", "value": EVIL}])
    assert '6105<span class="uh-stars">＊＊＊＊</span>1234' in drawn and EVIL not in drawn


def test_timeline() -> None:
    entries = [
        {"title": "下一步", "tone": "next"},
        {"title": EVIL, "visible_to": "worker", "files": [{"name": "工资条.jpg", "url": "/f"}], "text": "一\n二"},
        {"title": "记录", "visible_to": "inner"},
    ]
    drawn = draw("{% timeline entries %}", entries=entries)
    assert drawn.count("uh-event-next") == 1 and "职工可见" in drawn and "内部" in drawn and 'href="/f"' in drawn
    assert EVIL not in drawn


def test_stage_bar_marks_the_current_step() -> None:
    drawn = draw("{% stage_bar s %}", s=[{"name": "上传", "state": "done"}, {"name": "预览", "state": "current"}])
    assert drawn.count('aria-current="step"') == 1 and "已完成" in drawn


def test_counts_are_links() -> None:
    drawn = draw("{% counts items %}", items=[{"label": "已超时", "value": 3, "url": "?a=1&b=2", "active": True}])
    assert 'href="?a=1&amp;b=2"' in drawn and 'aria-current="true"' in drawn


def test_figure_number_opens_its_rows() -> None:
    assert draw('{% figure_number 412 "/rows" "件" %}').startswith('<a class="uh-figure ')
    assert "href" not in draw('{% figure_number 412 "" "件" %}')


def test_next_steps_keep_the_refused_one_in_place() -> None:
    steps = [
        {"label": "受理", "url": "/a", "main": True, "allowed": True, "post": True, "confirm": "受理？"},
        {"label": "看看", "url": "/b", "allowed": True},
        {"label": "办结", "url": "/c", "allowed": False, "reason": "先登记一项措施"},
    ]
    drawn = draw("{% next_steps steps %}", steps=steps, csrf_token="k1")
    assert drawn.index("受理") < drawn.index("看看") < drawn.index("办结")
    assert 'value="k1"' in drawn and 'data-confirm="受理？"' in drawn
    assert "先登记一项措施" in drawn and "/c" not in drawn


def test_empty_has_one_button_or_none() -> None:
    assert draw('{% empty "inbox" "空" "" "/x" "去" %}').count("<a ") == 1
    assert "<a " not in draw('{% empty "inbox" "空" %}')


def test_pager_keeps_the_filters() -> None:
    page = Paginator(range(30), 10).page(2)
    drawn = draw("{% pager page %}", page=page, request=RequestFactory().get("/x", {"kind": "甲", "page": "2"}))
    assert "第11–20行，共30行" in drawn
    assert "kind=%E7%94%B2&amp;page=1" in drawn and "kind=%E7%94%B2&amp;page=3" in drawn
    assert "没有记录" in draw("{% pager page %}", page=Paginator([], 10).page(1))
    assert "?page=3" in draw("{% pager page %}", page=page)


def test_filter_bar_clears_only_what_is_set() -> None:
    off = {"label": "类别", "value": "", "options": [{"label": "工资", "url": "?k=1", "count": 0}]}
    on = {"label": "经办", "value": "我", "active": True, "clear_url": "?"}
    assert "清除筛选" not in draw('{% filter_bar f clear_url="?" %}', f=[off])
    drawn = draw('{% filter_bar f clear_url="?" %}', f=[off, on])
    assert "清除筛选" in drawn and "去掉筛选：经办" in drawn and "全部" in drawn and ">0<" in drawn


def test_bulk_bar_names_its_form() -> None:
    drawn = draw('{% bulk_bar a "rows" 23 %}', a=[{"label": "转派", "value": "assign"}])
    assert 'form="rows"' in drawn and 'value="assign"' in drawn and "hidden" in drawn


def test_unmask_asks_why() -> None:
    drawn = draw(
        '{% unmask "/show" "证件号码" r %}', r=[("case", "办理诉求"), ("other", "其他（写明）")], csrf_token="k"
    )
    assert drawn.count('type="radio"') == 2 and "显示60秒" in drawn and 'action="/show"' in drawn


def test_undo_and_messages() -> None:
    assert 'action="/undo"' in draw('{% undo_strip "撤了" "/undo" %}', csrf_token="k")
    plain_one = Message(constants.SUCCESS, EVIL)
    with_undo = Message(constants.ERROR, "没发出去", extra_tags="undo:/back draft:help")
    drawn = draw("{% messages_strip %}", messages=[plain_one, with_undo], csrf_token="k")
    assert EVIL not in drawn and 'action="/back"' in drawn and 'data-draft-done="help"' in drawn
    assert "uh-toast-error" in drawn and drawn.count("<form") == 1
    assert draw("{% messages_strip %}") == ""


def test_day_ribbon() -> None:
    ribbon = {
        "now": 0.3,
        "now_text": "现在",
        "spans": [{"start": 0.1, "end": 0.5}, {"start": 0.6, "end": 1}],
        "note": "9件",
    }
    drawn = draw("{% day_ribbon r %}", r=ribbon)
    assert (
        'width="40.0%"' in drawn
        and 'width="20.0%"' in drawn
        and 'width="0.0%"' in drawn
        and 'aria-label="9件"' in drawn
    )


def test_qr_has_no_inline_style() -> None:
    drawn = draw('{% qr "UH-1" "会员码" %}')
    assert drawn.startswith("<svg") and "style=" not in drawn and "会员码" in drawn


class Ask(forms.Form):
    phone = forms.PhoneField(label="联系电话", help_text="十一位")
    kind = forms.ChoiceTiles(label="类别", choices=[("a", "甲")])
    note = forms.TextArea(label="说明", required=False)
    ways = plain.MultipleChoiceField(label="方式", choices=[("a", "电话")], widget=plain.CheckboxSelectMultiple)


def test_field_ties_label_hint_and_error_to_the_control() -> None:
    form = Ask({"phone": "138 0013 800"})
    drawn = draw('{% field form.phone note="只有经办人能看到" %}', form=form)
    assert 'for="id_phone"' in drawn and 'aria-describedby="id_phone_helptext id_phone_error"' in drawn
    assert (
        drawn.index("少1位") < drawn.index("<input") and 'value="138 0013 800"' in drawn and "只有经办人能看到" in drawn
    )
    group = draw("{% field form.kind %}", form=form)
    assert "<fieldset" in group and "<legend" in group and 'aria-describedby="id_kind_error"' in group
    assert "可不填" in draw("{% field form.note %}", form=form) and "可不填" not in drawn
    assert "uh-check" in draw("{% field form.ways %}", form=form)


def test_field_takes_a_hint_of_the_page() -> None:
    drawn = draw('{% field form.note hint="一句话就行" %}', form=Ask())
    assert "一句话就行" in drawn and 'aria-describedby="id_note_helptext"' in drawn


def test_form_errors_link_to_their_fields() -> None:
    form = Ask({"phone": "", "kind": "a", "ways": ["a"]})
    form.add_error(None, "现在还不能提交")
    drawn = draw("{% form_errors form %}", form=form)
    assert "有1处要改" in drawn and 'href="#id_phone_field"' in drawn and "现在还不能提交" in drawn
    assert 'id="id_phone_field"' in draw("{% field form.phone %}", form=form)
    assert draw("{% form_errors form %}", form=Ask()) == ""


def test_submit_key() -> None:
    assert 'type="hidden"' in draw("{% submit_key form %}", form=Ask())
    assert draw("{% submit_key form %}", form=plain.Form()) == ""


def test_words() -> None:
    now = datetime(2026, 11, 25, 10, 20, tzinfo=CHINA)
    assert draw("{{ fen|yuan }}", fen=186000) == "1,860.00" and draw("{{ fen|yuan }}", fen=None) == ""
    assert draw("{{ at|moment:now }}", at=now - timedelta(days=1), now=now).startswith("昨天")
    assert draw("{{ at|deadline:now }}", at=now + timedelta(hours=2), now=now) == "今天12:20前"
    assert draw("{{ at|moment:now }}{{ at|deadline:now }}", at=None, now=now) == ""
    assert draw("{{ m|duration }}", m=160) == "2小时40分" and draw("{{ m|duration }}", m=None) == ""


def test_masks() -> None:
    assert draw("{{ name|mask_name }}", name="王建国") == '王<span class="uh-stars">＊</span>国'
    assert draw("{{ n|mask_phone }}", n="19900000001") == '199<span class="uh-stars">＊＊＊＊</span>0001'
    assert draw("{{ n|mask_document }}", n=None) == ""
    assert draw("{{ text|stars }}", text="a*b&**") == (
        'a<span class="uh-stars">＊</span>b&amp;<span class="uh-stars">＊＊</span>'
    )


def test_get() -> None:
    assert draw('{{ d|get:"k" }}{{ d|get:"x" }}{{ n|get:"k" }}', d={"k": 1}, n=3) == "1"
