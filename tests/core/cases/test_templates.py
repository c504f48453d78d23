"""Reply templates: who keeps them, who is offered them, what they say in a reply."""

import pytest

from tests.worlds import World
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, ReplyTemplate
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


def test_templates_are_offered_to_the_unions_below(world: World, case: Case) -> None:
    """The case is the city's; the template of a county is none of its."""
    city = actions.write_template(
        world.actor("city"), title="约时间", text="{经办人}来电，编号｛编号｝。", submit_key="a" * 32
    )
    again = actions.write_template(world.actor("city"), title="约时间", text="别的", submit_key="a" * 32)
    county = actions.write_template(world.actor("county"), title="约时间", text="县里的")
    assert again == city and city.text == "{经办人}来电，编号{编号}。"
    assert queries.list_offered(case) == [city]
    for place, offered in (("village", [county, city]), ("county", [county, city]), ("far_town", [city])):
        case.node = world.nodes[place]
        assert queries.list_offered(case) == offered, place
    actions.end_template(world.actor("county"), county.pk)
    assert queries.list_offered(case) == [city]
    assert set(Entry.objects.filter(model="cases.replytemplate").values_list("kind", flat=True)) == {
        "cases.reply_template.written",
        "cases.reply_template.ended",
    }


def test_a_template_is_refused(world: World) -> None:
    row = actions.write_template(world.actor("town"), title="约时间", text="好")
    ended = actions.end_template(
        world.actor("town"), actions.write_template(world.actor("town"), title="旧的", text="好").pk
    )
    good = {"title": "名字", "text": "好"}
    for name, pk, changes, refusal, field in (
        ("town", None, {"title": " "}, BadInput, "title"),
        ("town", None, {"title": "约时间"}, BadInput, "title"),
        ("town", None, {"text": " "}, BadInput, "text"),
        ("town", None, {"text": "您的{身份证}收到"}, BadInput, "text"),
        ("auditor", None, {}, Forbidden, ""),
        ("lawyer", None, {}, Forbidden, ""),
        ("sysadmin", None, {}, Forbidden, ""),
        ("town", ended.pk, {}, Refused, ""),
        ("village", row.pk, {}, NotFound, ""),
        ("other_town", row.pk, {}, NotFound, ""),
    ):
        with pytest.raises(refusal) as caught:
            if pk is None:
                actions.write_template(world.actor(name), **good | changes)
            else:
                actions.change_template(world.actor(name), pk, **good | changes)
        assert (field in caught.value.fields) == bool(field), (name, changes)
    assert actions.change_template(world.actor("town"), row.pk, title="约时间", text="改过").text == "改过"
    assert ReplyTemplate.objects.filter(ended_at=None).count() == 1


def test_an_answer_takes_three_taps(world: World, case: Case) -> None:
    row = actions.write_template(
        world.actor("city"), title="约时间", text="{今天}{经办人}从{工会}打电话给您，{事项}，编号{编号}，{电话}。"
    )
    client = world.client("city")
    page = client.get(f"/desk/cases/{case.pk}/").content.decode()
    assert f'href="?reply={row.pk}#write"' in page and "data-draft" in page
    page = client.get(f"/desk/cases/{case.pk}/?reply={row.pk}")
    text = f"3月10日孙城从渭南市总工会打电话给您，拖欠工资，编号{case.number}，12351。"
    assert page.context["write"]["text"].value() == text and text in page.content.decode()
    for wrong in ("x", "0"):
        assert not client.get(f"/desk/cases/{case.pk}/?reply={wrong}").context["is_chosen"]
    sent = client.post(f"/desk/cases/{case.pk}/write/", {"text": text, "visible": "worker"})
    assert sent.status_code == 302 and queries.list_timeline(case, public_only=True)[0].text == text


def test_the_pages_keep_templates(world: World) -> None:
    client = world.client("town")
    for sent, status in (
        ({"title": "", "text": ""}, 400),
        ({"title": "甲", "text": "{乙}"}, 400),
        ({"title": "甲", "text": "好"}, 302),
    ):
        assert client.post("/desk/cases/templates/", sent).status_code == status
    row = ReplyTemplate.objects.get()
    assert "上级工会写的" in world.client("village").get("/desk/cases/templates/").content.decode()
    assert client.post(f"/desk/cases/templates/{row.pk}/", {"title": "甲", "text": "{乙}"}).status_code == 400
    assert client.post(f"/desk/cases/templates/{row.pk}/", {"title": "甲", "text": "改"}).status_code == 302
    assert client.post(f"/desk/cases/templates/{row.pk}/end/").status_code == 302
    assert "已停用" in client.get(f"/desk/cases/templates/{row.pk}/").content.decode()
