"""Settings: read once, documented, and the demo's own keys found."""

from pathlib import Path

import pytest

from unionhome.config import env

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_settings_is_true():
    assert (ROOT / "docs/operate/settings.md").read_text(encoding="utf-8") == env.as_markdown()


def test_a_value_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="UNIONHOME_IDLE_MINUTES_DESK"):
        env.load({"UNIONHOME_IDLE_MINUTES_DESK": "soon"})


def test_the_demos_keys_are_found_unless_others_are_named(tmp_path):
    (tmp_path / "demo.env").write_text("UNIONHOME_DEMO=1\nUNIONHOME_SECRET_KEY=demo\n", encoding="utf-8")
    assert env.load({"UNIONHOME_DATA_DIR": str(tmp_path)})["SECRET_KEY"] == "demo"
    own = env.load({"UNIONHOME_DATA_DIR": str(tmp_path), "UNIONHOME_SECRET_KEY": "own"})
    assert (own["SECRET_KEY"], own["DEMO"]) == ("own", False)
