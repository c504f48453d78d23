#!/usr/bin/env python3
"""Check the bans of the house over every tracked file: `python -m tools.check_house`.

docs/architecture.md tells why; each ban tells what to do instead.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.house import code, layout, pages, words
from tools.house.tree import Ban, Finding, Tree, read_tree

ROOT = Path(__file__).resolve().parent.parent

BANS = (
    Ban(
        "unlisted-file",
        "A room has a closed list of files (docs/architecture.md): put the code into the file of its kind, "
        "or into a folder of that name when it grows; assets belong into kit/static.",
        layout.find_unlisted,
    ),
    Ban("missing-file", "Every room has apps, models, queries, actions, urls, views and README.md: write the missing "
        "one.", layout.find_missing),
    Ban("forbidden-name", "Name the file after what is in it (dates, money, codes): a drawer called utils fills with "
        "everything.", layout.find_forbidden_names),
    Ban("long-file", f"Over {layout.MAX_LINES} lines: make a folder of the same name and divide by subject.",
        layout.find_long_files),
    Ban("manager", "Only queries, actions and models touch tables: call a function of queries.py (to ask) or of "
        "actions.py (to act).", code.find_managers),
    Ban("transaction", "One act is one transaction and belongs to actions.py: call one action.", code.find_transactions),
    Ban("save", "Rows are written in actions.py only: call an action.", code.find_saves),
    Ban("writing-query", "queries.py only reads: move the write into actions.py.", code.find_writing_queries),
    Ban("clock", "Do not read the clock: take the moment from `actor.at`, or take a day as an argument.",
        code.find_clock_readers),
    Ban("clock-caller", "The clock is asked where a request, a job or a command begins; everything else is told the "
        "time through `actor.at`.", code.find_clock_callers),
    Ban("request", "Below the views nobody sees a request: pass the actor and plain values.", code.find_requests),
    Ban("save-override", "Bulk writes pass by save(): put the rule into the action, or into a database constraint.",
        code.find_save_overrides),
    Ban("signal", "Nobody can see who listens to a Django signal: record to the journal and register a handler.",
        code.find_signals),
    Ban("heavy-card", "A card is read while Django loads: name functions of the room as dotted text.",
        code.find_heavy_cards),
    Ban("inline-import", "Import at the top; if that is a circle, the code is in the wrong room. Otherwise give one of "
        "the reasons `# inline: app-registry`, `optional-dependency` or `startup-time`.", code.find_inline_imports),
    Ban("english-text", "What a user reads is Chinese, in plain words.", pages.find_english),
    Ban("inline-code", "The content policy refuses inline styles and scripts: use a class and a file in kit/static.",
        pages.find_inline_code),
    Ban("unknown-icon", f"Add the icon's name to {pages.ICON_LIST} and run tools/build_assets.py, or choose a listed "
        "one.", pages.find_unknown_icons),
    Ban("block-value", "Inside a block of a template `block` is that block: give the value another name.",
        pages.find_block_values),
    Ban("host", "Tracked files name no host: make it a setting, or build the asset in.", words.find_hosts),
    Ban("machine-path", "This path exists on one machine only: derive it from the checkout or from a setting.",
        words.find_machine_paths),
    Ban("forbidden-word", "People are not called this: use the word of the glossary.", words.find_words),
    Ban("unfinished", "Finish it, or write an issue: notes to oneself are not part of a release.",
        words.find_unfinished),
)  # fmt: skip


def check(tree: Tree) -> dict[Ban, list[Finding]]:
    """The findings of every broken ban."""
    found = {ban: sorted(set(ban.find(tree))) for ban in BANS}
    return {ban: findings for ban, findings in found.items() if findings}


def main() -> int:
    broken = check(read_tree(ROOT))
    for ban, findings in broken.items():
        print(f"[{ban.code}] {ban.advice}")
        for finding in findings:
            print(f"  {finding.path}:{finding.line}: {finding.what}")
        print()
    if broken:
        print(f"{sum(map(len, broken.values()))} findings against {len(broken)} bans")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
