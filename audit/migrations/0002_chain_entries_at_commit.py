"""
Number and chain entries when their transaction commits, and let the application only insert.

Two rounds. The first deferred trigger marks the entry; the mark's own deferred trigger takes the head of the chain. The
second round runs after every other deferred check, foreign keys included, so nobody waits for a row while holding the head,
whatever the order of the writes.
"""

from django.db import migrations

CHAIN = """
INSERT INTO audit_audithead (id, n, hash) VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION audit_mark() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.audit_auditlink (entry_id) VALUES (new.id);
    RETURN NULL;
END $$;

CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    chain public.audit_audithead;
    e public.audit_auditentry;
    sealed bytea;
    digest text;
BEGIN
    SELECT * INTO STRICT chain FROM public.audit_audithead WHERE id = 1 FOR UPDATE;
    SELECT * INTO STRICT e FROM public.audit_auditentry WHERE id = new.entry_id;
    sealed := sha256(decode(e.salt, 'hex') || convert_to(e.head || (chain.n + 1)::text || e.tail, 'UTF8'));
    digest := encode(sha256(decode(chain.hash, 'hex') || sealed), 'hex');
    UPDATE public.audit_auditlink SET n = chain.n + 1, prev = chain.hash, hash = digest WHERE entry_id = new.entry_id;
    UPDATE public.audit_audithead SET n = chain.n + 1, hash = digest WHERE id = 1;
    PERFORM pg_notify('audit', (chain.n + 1)::text);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_mark AFTER INSERT ON audit_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_mark();
CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_auditlink
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();

REVOKE ALL ON FUNCTION audit_mark(), audit_chain() FROM PUBLIC;

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'vanthu_app') THEN
        REVOKE ALL ON audit_auditentry, audit_audittouch, audit_auditlink, audit_audithead FROM vanthu_app;
        GRANT SELECT, INSERT ON audit_auditentry, audit_audittouch TO vanthu_app;
        GRANT SELECT ON audit_auditlink, audit_audithead TO vanthu_app;
    END IF;
END $$;
"""

UNCHAIN = """
DROP TRIGGER audit_chain ON audit_auditlink;
DROP TRIGGER audit_mark ON audit_auditentry;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_mark();
DELETE FROM audit_audithead;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
