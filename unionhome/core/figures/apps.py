from unionhome.core.registry import Card, Nav, Permission, Policy, Room

READ = ("figures.view",)
WORK = ("figures.view", "figures.write", "figures.draft", "figures.check", "figures.approve", "figures.return")


class FiguresRoom(Room):
    name = "unionhome.core.figures"
    label = "figures"
    verbose_name = "报表"
    default = True
    card = Card(
        title="报表",
        icon="chart-bar",
        doors=("desk", "open", "api"),
        nav=(
            Nav("报表", "figures:board", "chart-bar", permission="figures.view", order=100, group=2),
            Nav("签名密钥", "figures:signing_keys", "key", permission="figures.keys", order=905, group=3),
        ),
        permissions=(
            Permission("figures.view", "查看报表和组成每个数的行"),
            Permission("figures.write", "写综述，登记来自文件的数"),
            Permission("figures.draft", "拟发布的数，重新取数"),
            Permission("figures.check", "部门核对要发布的数", in_person=True),
            Permission("figures.approve", "办公室审核要发布的数", in_person=True),
            Permission("figures.return", "退回要发布的数"),
            Permission("figures.publish", "主席签发公布", strong=True, in_person=True),
            Permission("figures.keys", "更换签名密钥", strong=True),
        ),
        roles={
            "cadre": WORK,
            "chair": ("figures.view", "figures.write", "figures.publish", "figures.return"),
            "finance": READ,
            "auditor": READ,
            "secadmin": ("figures.keys",),
        },
        policies=(
            Policy(
                "figures.signer_names",
                "公布的数写明签发人姓名",
                True,
                "是或否",
                "本单位关于信息公开的规定；不写姓名时只写职务",
            ),
        ),
        journal_words={
            "period": "期间",
            "value": "数值",
            "code": "指标",
            "revision": "第几次改动",
            "format": "格式",
            "document": "文件",
            "signed_by": "签字人",
            "digests": "每个指标的摘要",
            "fingerprint": "密钥指纹",
            "version": "版次",
        },
        journal_objects={
            "figures.publication": "发布的数",
            "figures.signingkey": "签名密钥",
            "figures.review": "综述",
            "figures.outsidenumber": "来自文件的数",
        },
    )
