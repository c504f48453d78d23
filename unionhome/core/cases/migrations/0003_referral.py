import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_leader"), ("tree", "0001_first_release")]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_at", models.DateTimeField()),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="By when the target has to answer.", null=True),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("waiting", "等接收"),
                            ("accepted", "接收了"),
                            ("declined", "没有接收"),
                            ("returned", "办了以后退回"),
                            ("moved", "又转走或撤回了"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="cases.case"
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tree.node"),
                ),
                (
                    "target",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tree.node"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sender", "answer", "due_at"], name="cases_referral_of_sender")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "waiting")), fields=("case",), name="cases_one_referral"
                    )
                ],
            },
        ),
    ]
