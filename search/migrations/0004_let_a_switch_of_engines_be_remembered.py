from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_let_the_office_keep_abbreviations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="indexrequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("REBUILD", "Make the index anew"), ("PURGE", "Forget old deletions"), ("SWITCH", "Ask another engine"),
                ],
                max_length=8,
            ),
        ),
    ]
