from django.db import migrations

# Papers confirmed before are known again by their number; the print of their text comes with their next reading.
FILL = """
INSERT INTO documents_paperprint (document_id, symbol_norm, issuer, issue_date, is_sure, minima, bands)
SELECT id, symbol_norm, issuer, issue_date, true, '', '{}' FROM documents_document WHERE symbol_norm <> ''
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_know_a_paper_again'),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
