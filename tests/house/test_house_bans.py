"""Every ban finds a bad sample and leaves a good one alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.check_house import BANS, check
from tools.house import layout
from tools.house.tree import Tree

ROOM = "unionhome/core/members"
SERVICE = "unionhome/services/helpdesk"
PAGE = f"{ROOM}/templates/members/page.html"
ICONS = {"unionhome/kit/icons.txt": "home\nkey\n"}


def whole_room(room: str) -> dict[str, str]:
    files = {f"{room}/{name}.py": "" for name in layout.COMPULSORY if name != "README.md"}
    return files | {f"{room}/README.md": "# Room\n"}


Samples = Mapping[str, tuple[tuple[Tree, ...], tuple[Tree, ...]]]

SAMPLES: Samples = {
    "unlisted-file": (
        (
            {f"{ROOM}/services.py": ""},
            {f"{ROOM}/static/members/x.css": ""},
            {f"{ROOM}/templates/other/page.html": ""},
            {"unionhome/core/tree/clock.py": ""},
        ),
        (
            {f"{ROOM}/views/people.py": "", f"{ROOM}/migrations/0001_initial.py": "", PAGE: ""},
            {"unionhome/core/access/clock.py": "", "unionhome/core/registry/actor.py": ""},
        ),
    ),
    "missing-file": (
        ({f"{ROOM}/models.py": ""}, {name: "" for name in whole_room(SERVICE) if "README" not in name}),
        (whole_room(ROOM), whole_room(SERVICE), {"unionhome/core/registry/actor.py": ""}),
    ),
    "forbidden-name": (
        ({f"{ROOM}/utils.py": ""}, {"unionhome/kit/helpers/dates.py": ""}, {"tests/common.py": ""}),
        ({"unionhome/kit/dates.py": "", "docs/common.md": ""},),
    ),
    "long-file": (
        ({"unionhome/kit/dates.py": "x = 1\n" * 401}, {PAGE: "<p>\n" * 401}),
        (
            {"unionhome/kit/dates.py": "x = 1\n" * 400, f"{ROOM}/migrations/0001_initial.py": "x = 1\n" * 900},
            {"tests/house/golden/doors.csv": "a\n" * 900},
        ),
    ),
    "manager": (
        (
            {f"{ROOM}/views.py": "people = Person.objects.all()\n"},
            {f"{ROOM}/api/people.py": "people = Person._default_manager.all()\n"},
            {f"{ROOM}/rules.py": "from a import M\n\ndef f():\n    return M.objects.count()\n"},
        ),
        (
            {f"{ROOM}/queries.py": "people = Person.objects.all()\n"},
            {f"{ROOM}/views.py": "people = queries.list_people(actor)\n"},
        ),
    ),
    "transaction": (
        (
            {f"{ROOM}/views.py": "@transaction.atomic\ndef join(request): ...\n"},
            {f"{ROOM}/queries.py": "from django.db.transaction import atomic\n\nwith atomic():\n    pass\n"},
        ),
        ({f"{ROOM}/actions.py": "@transaction.atomic\ndef join(actor): ...\n"},),
    ),
    "save": (
        ({f"{ROOM}/views.py": "person.save()\n"}, {f"{ROOM}/forms.py": "def clean(self):\n    self.row.save()\n"}),
        ({f"{ROOM}/actions.py": "person.save()\n", f"{ROOM}/papers.py": "document.save(stream)\n"},),
    ),
    "writing-query": (
        (
            {f"{ROOM}/queries.py": "Person.objects.create(name=name)\n"},
            {f"{ROOM}/queries.py": "rows.update(state='left')\n"},
            {f"{ROOM}/queries/people.py": "rows.delete()\n"},
        ),
        (
            {f"{ROOM}/queries.py": "facts.update({'a': 1})\ndigest.update(data)\n"},
            {f"{ROOM}/actions.py": "rows.update(state='left')\n"},
        ),
    ),
    "clock": (
        (
            {f"{ROOM}/actions.py": "at = timezone.now()\n"},
            {f"{ROOM}/models.py": "at = DateTimeField(default=timezone.now)\n"},
            {f"{ROOM}/rules.py": "today = datetime.date.today()\n"},
            {f"{ROOM}/queries.py": "today = timezone.localdate()\n"},
            {f"{ROOM}/queries.py": "late = rows.filter(due_at__lt=Now())\n"},
            {"unionhome/kit/dates.py": "import datetime\nat = datetime.datetime.now()\n"},
        ),
        (
            {f"{ROOM}/actions.py": "today = timezone.localdate(actor.at)\n"},
            {"unionhome/core/access/clock.py": "at = timezone.now()\n"},
            {"tests/core/members/test_actions.py": "at = timezone.now()\n"},
        ),
    ),
    "clock-caller": (
        (
            {f"{ROOM}/views.py": "from unionhome.core.access.clock import now\n"},
            {f"{ROOM}/actions.py": "from unionhome.core.access import clock\n"},
        ),
        (
            {f"{ROOM}/commands.py": "from unionhome.core.access.clock import now\n"},
            {"unionhome/config/cli.py": "from unionhome.core.access import clock\n"},
            {f"{ROOM}/views.py": "from unionhome.core.access import queries\n"},
        ),
    ),
    "request": (
        (
            {f"{ROOM}/actions.py": "def join(request): ...\n"},
            {f"{ROOM}/queries.py": "from django.http import HttpRequest\n"},
        ),
        ({f"{ROOM}/actions.py": "def join(actor): ...\n", f"{ROOM}/views.py": "def join(request, actor): ...\n"},),
    ),
    "save-override": (
        ({f"{ROOM}/models.py": "class Person(Model):\n    def save(self): ...\n"},),
        ({f"{ROOM}/models.py": "class Person(Model):\n    def label(self): ...\n"},),
    ),
    "signal": (
        (
            {f"{ROOM}/apps.py": "from django.db.models.signals import post_save\n"},
            {f"{ROOM}/handlers.py": "from django.dispatch import receiver\n"},
            {f"{ROOM}/handlers.py": "from django.db.models import signals\n"},
        ),
        (
            {f"{ROOM}/handlers.py": "from unionhome.core.registry import Actor\n"},
            {f"{ROOM}/apps.py": "from django.db.models.signals import post_migrate\n"},
        ),
    ),
    "heavy-card": (
        (
            {f"{ROOM}/apps.py": "from unionhome.core.members.models import Person\n"},
            {f"{ROOM}/apps.py": "from unionhome.core.members import rules\n"},
        ),
        ({f"{ROOM}/apps.py": "from unionhome.core.registry import Card\n"},),
    ),
    "inline-import": (
        (
            {f"{ROOM}/rules.py": "def f():\n    import json\n"},
            {f"{ROOM}/rules.py": "def f():\n    import json  # inline: because\n"},
        ),
        (
            {f"{ROOM}/rules.py": "import json\n"},
            {f"{ROOM}/rules.py": "def f():\n    import typst  # inline: optional-dependency\n"},
            {f"{ROOM}/rules.py": "def f():\n    from a import (  # inline: startup-time\n        b,\n    )\n"},
        ),
    ),
    "english-text": (
        (
            {PAGE: "<p>Please try again later</p>"},
            {PAGE: '<input placeholder="Enter your full name">'},
            {PAGE: "{% if x %}<b>No rows found here</b>{% endif %}"},
        ),
        (
            {PAGE: "<p>{{ person.long_english_name }} 用 Excel、PDF 或 CSV 保存</p>"},
            {PAGE: "{# this is a comment in English #}<code>unionhome figures --year</code>"},
            {PAGE: "{% block body_class %}uh-my uh-desk my-page{% endblock %}"},
            {PAGE: "{% comment %}one two three four{% endcomment %}<p>没有记录</p>"},
        ),
    ),
    "inline-code": (
        (
            {PAGE: '<p style="color: red">停用</p>'},
            {PAGE: '<button onclick="go()">去</button>'},
            {PAGE: '<button hx-on:click="go()">去</button>'},
            {PAGE: "<script>go()</script>"},
            {PAGE: "<style>p {}</style>"},
            {PAGE: '<a href="javascript:go()">去</a>'},
        ),
        (
            {PAGE: '<p class="stopped">停用</p><script src="{% static \'x.js\' %}" defer></script>'},
            {PAGE: '<script type="application/json" id="facts">{"a": 1}</script>'},
        ),
    ),
    "unknown-icon": (
        (
            ICONS | {PAGE: '{% icon "hom" %}'},
            ICONS | {PAGE: '<use href="{% static \'icons.svg\' %}"/><use href="/static/icons.svg#hom"/>'},
            ICONS | {f"{ROOM}/apps.py": 'card = Card("成员", "hom")\n'},
            ICONS | {f"{ROOM}/apps.py": 'nav = Nav("账号", "access:users", "hom")\n'},
            ICONS | {f"{ROOM}/workflow.py": 'join = Transition(verb="join", icon="hom")\n'},
            ICONS | {"unionhome/core/registry/workflows.py": 'class T:\n    icon: str = "hom"\n'},
            ICONS | {f"{ROOM}/forms.py": 'KIND_ICONS = {"a": "hom"}\n'},
        ),
        (
            ICONS | {PAGE: '{% icon "home" %}{% icon name %}'},
            ICONS
            | {f"{ROOM}/apps.py": 'nav = Nav("账号", "access:users", "key")\ncard = Card(title="", icon="home")\n'},
        ),
    ),
    "block-value": (
        ({PAGE: "<p>{{ block }}</p>"}, {PAGE: "{% if block %}有{% endif %}"}, {PAGE: "{{ block|stars }}"}),
        ({PAGE: "{% block title %}{{ block.super }}{% endblock %}{{ blocked }}{% if blocks %}有{% endif %}"},),
    ),
    "host": (
        (
            {"unionhome/config/settings.py": 'URL = "https://cdn.jsdelivr.net/x.css"\n'},
            {"package-lock.json": '{"resolved": "https://registry.npmjs.org/x"}'},
            {"unionhome/kit/x.py": 'URL = "https://example.org.evil.cn/"\n'},
        ),
        (
            {"README.md": "https://www.djangoproject.com/"},
            {"unionhome/kit/x.py": 'NS = "http://www.w3.org/2000/svg"\nURL = f"http://{host}:{port}"\n'},
            {"tests/test_x.py": 'A = "https://union.example/"\nB = "http://127.0.0.1:8000/"\n'},
        ),
    ),
    "machine-path": (
        (
            {"docs/run.md": "cd /root/unionhome"},
            {"unionhome/kit/x.py": 'P = "/home/someone/x"\n'},
            {"tools/x.py": 'P = "C:\\\\data"\n'},
        ),
        ({"unionhome/kit/x.py": 'P = "/desk/home/x/"\nQ = "/usr/bin/chromium"\n', "docs/a.md": "a/work/b"},),
    ),
    "forbidden-word": (
        (
            {PAGE: "<p>弱势群体</p>"},
            {f"{ROOM}/apps.py": 'title = "募捐"\n'},
            {f"{ROOM}/actions.py": 's = "提交成功！"\n'},
        ),
        ({PAGE: "<p>困难职工</p>", "docs/glossary.md": "不说募捐"},),
    ),
    "unfinished": (
        ({f"{ROOM}/rules.py": "# TODO: think\n"}, {PAGE: "{# FIXME later #}"}),
        ({f"{ROOM}/rules.py": '# 待办 is the Chinese for to-do\nTODO = "todo"\n'},),
    ),
}


def broken_codes(tree: Tree) -> set[str]:
    return {ban.code for ban in check(tree)}


def test_every_ban_has_a_bad_and_a_good_sample() -> None:
    assert set(SAMPLES) == {ban.code for ban in BANS}
    assert all(bad and good for bad, good in SAMPLES.values())


BAD = [(code, tree) for code, (bad, _) in SAMPLES.items() for tree in bad]
GOOD = [(code, tree) for code, (_, good) in SAMPLES.items() for tree in good]


@pytest.mark.parametrize(("code", "tree"), BAD, ids=[code for code, _ in BAD])
def test_a_bad_sample_is_found(code: str, tree: Tree) -> None:
    assert code in broken_codes(tree)


@pytest.mark.parametrize(("code", "tree"), GOOD, ids=[code for code, _ in GOOD])
def test_a_good_sample_is_left_alone(code: str, tree: Tree) -> None:
    assert code not in broken_codes(tree)


def test_findings_name_the_line() -> None:
    text = "{# one #}\n{% comment %}\ntwo\n{% endcomment %}\n<p>\n  Please try again</p>\n"
    (findings,) = check({PAGE: text, **whole_room(ROOM)}).values()
    assert [(finding.path, finding.line, finding.what) for finding in findings] == [(PAGE, 6, "Please try again")]


def test_every_exception_still_exists() -> None:
    """An allow-list entry for a file that is gone would excuse the next one of that name."""
    root = Path(__file__).parents[2] / "unionhome"
    rooms = {path.relative_to(root).as_posix() for path in root.glob("*/*") if (path / "__init__.py").exists()}
    gone = [name for room, name in layout.EXTRA_FILES if room in rooms and not (root / room / name).exists()]
    assert not gone
