import pytest

from unionhome.core.jobs.queries import _every_text, _label_of


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2, "每 2 秒"), (90, "每 90 秒"), (300, "每 5 分钟"), (3600, "每 1 小时"), (86_400, "每 1 天")],
)
def test_periods_in_words(seconds: int, text: str) -> None:
    assert _every_text(seconds) == text


def test_a_task_is_called_by_its_label_else_by_its_room() -> None:
    assert _label_of("tests.core.jobs.samples.slow_effect") == "样例"
    assert _label_of("unionhome.core.journal.jobs.seal_entries") == "操作日志"
    assert _label_of("unionhome.core.journal.jobs.gone") == "操作日志"
    assert _label_of("elsewhere.gone") == "后台任务"
