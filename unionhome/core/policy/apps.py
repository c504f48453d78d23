from typing import Any

from django.db.models.signals import post_migrate

from unionhome.core.registry import Card, Nav, Permission, Policy, Room


def _install(sender: Any, using: str, **kwargs: Any) -> None:
    from unionhome.core.policy.actions import install_defaults  # inline: app-registry

    install_defaults(using)


class PolicyRoom(Room):
    name = "unionhome.core.policy"
    label = "policy"
    verbose_name = "政策参数"
    default = True
    card = Card(
        title="政策参数",
        icon="adjustments",
        doors=("desk",),
        nav=(
            Nav("政策参数", "policy:list", "adjustments", permission="policy.view", order=800, group=3),
            Nav("工作日历", "policy:calendar", "calendar", permission="policy.view", order=810, group=3),
        ),
        permissions=(
            Permission("policy.view", "查看政策参数和工作日历"),
            Permission("policy.manage", "修改政策参数和工作日历", strong=True),
        ),
        roles={
            "cadre": ("policy.view",),
            "chair": ("policy.view", "policy.manage"),
            "finance": ("policy.view",),
            "auditor": ("policy.view",),
            "sysadmin": ("policy.view",),
            "secadmin": ("policy.view",),
            "auditadmin": ("policy.view",),
        },
        policies=(
            Policy(
                "policy.duty_hours",
                "值班时间",
                [["08:30", "12:00"], ["14:00", "18:00"]],
                "每个工作日",
                "机关通行作息，各地可按本地通知修改",
            ),
        ),
        journal_words={
            "key": "参数",
            "working": "上班",
        },
        journal_objects={
            "policy.policyparameter": "政策参数",
            "policy.calendaryear": "工作日历",
        },
    )

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self)
