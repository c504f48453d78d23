"""A suite that could not run is said, and counts as failed in CI."""

import pytest

from tools.run_tests import report


@pytest.mark.parametrize(
    ("failed", "skipped", "in_ci", "code"),
    [
        ([], [], True, 0),
        ([], ["browser tests"], False, 0),
        ([], ["browser tests"], True, 1),
        (["SQLite"], [], False, 1),
    ],
)
def test_the_verdict(
    failed: list[str], skipped: list[str], in_ci: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(failed, skipped, in_ci) == code
    said = capsys.readouterr().out
    assert all(f"SKIPPED: {title}" in said for title in skipped)
    assert all(f"FAILED: {title}" in said for title in failed)
