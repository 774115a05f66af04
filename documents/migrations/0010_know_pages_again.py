from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0009_scans_of_several_papers")]

    operations = [
        migrations.AddField(
            model_name="page",
            name="key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(model_name="page", name="seen", field=models.JSONField(null=True)),
    ]
