"""
The head is made by the first entry instead of by the migration: emptied tables (tests, a restore) work as new ones do.

Where the chain has links the head must be there: its loss stops all acts rather than start a second chain.
"""

from django.db import migrations

CHAIN = """
CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    chain public.audit_audithead;
    e public.audit_auditentry;
    sealed bytea;
    digest text;
BEGIN
    SELECT * INTO chain FROM public.audit_audithead WHERE id = 1 FOR UPDATE;
    IF NOT FOUND THEN
        IF EXISTS (SELECT 1 FROM public.audit_auditlink WHERE n IS NOT NULL) THEN
            RAISE EXCEPTION 'the head of the audit chain is missing';
        END IF;
        INSERT INTO public.audit_audithead (id, n, hash) VALUES (1, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT chain FROM public.audit_audithead WHERE id = 1 FOR UPDATE;
    END IF;
    SELECT * INTO STRICT e FROM public.audit_auditentry WHERE id = new.entry_id;
    sealed := sha256(decode(e.salt, 'hex') || convert_to(e.head || (chain.n + 1)::text || e.tail, 'UTF8'));
    digest := encode(sha256(decode(chain.hash, 'hex') || sealed), 'hex');
    UPDATE public.audit_auditlink SET n = chain.n + 1, prev = chain.hash, hash = digest WHERE entry_id = new.entry_id;
    UPDATE public.audit_audithead SET n = chain.n + 1, hash = digest WHERE id = 1;
    PERFORM pg_notify('audit', (chain.n + 1)::text);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_bind_receipts_to_people")]
    operations = [migrations.RunSQL(CHAIN, migrations.RunSQL.noop)]
