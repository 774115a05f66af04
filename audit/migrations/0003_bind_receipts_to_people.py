"""A form's answer belongs to the person who posted it; receipts live for minutes, so the table is made anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain_entries_at_commit")]
    operations = [
        migrations.DeleteModel(name="Receipt"),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                ("user_id", models.BigIntegerField()),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "key"), name="one_answer_per_form_and_person")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("salt__regex", "^[0-9a-f]{32}$")), name="audit_salt_is_hex"
            ),
        ),
    ]
