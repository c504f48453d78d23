"""`unionhome rotate-keys`: everything sealed goes under the newest key."""

import sys
from argparse import ArgumentParser, Namespace

from unionhome.core.files import actions, queries
from unionhome.core.registry import Actor, Command
from unionhome.kit import crypto

BAR = 30


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="only tell how much each key has sealed")


def _rotate(options: Namespace, actor: Actor) -> int:
    if options.list:
        _tell_keys()
        return 0
    found = actions.rotate_keys(actor, progress=_show if sys.stderr.isatty() else None)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    for name, count in sorted(found.resealed.items()):
        print(f"{name:<32}{count:>9}")
    print(f"重新加密{sum(found.resealed.values())}处")
    _tell_keys()
    for name, count in sorted(found.closed.items()):
        print(f"打不开：{name} 有{count}处，缺少当时的密钥，或者已经损坏", file=sys.stderr)
    return 1 if found.closed else 0


def _tell_keys() -> None:
    ring = crypto.keyring()
    held = queries.list_keys_in_use()
    for key_id in dict.fromkeys((*ring.key_ids, *held)):
        words = (
            "正在使用"
            if key_id == ring.current_id
            else "旧密钥，还有内容没有换完"
            if held.get(key_id)
            else "旧密钥，已经没有内容"
        )
        if key_id == ring.index_id:
            words += "；也是检索密钥，去掉时把编号改成 index 留下"
        print(f"密钥 {key_id}：{held.get(key_id, 0)}处，{words}")


def _show(done: int, total: int) -> None:
    filled = BAR * done // max(1, total)
    sys.stderr.write(f"\r\033[K重新加密 [{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}")
    sys.stderr.flush()


COMMANDS = (
    Command(
        "rotate-keys",
        "put everything sealed under the newest of UNIONHOME_FIELD_KEYS",
        "unionhome rotate-keys",
        _configure,
        _rotate,
    ),
)
