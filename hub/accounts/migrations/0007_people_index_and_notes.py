"""Finding a customer by any of name, number, phone, mail and company (docs/how/admin.md), and what staff note."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

# Without case, accents, vowel marks, apostrophes and joiners; Arabic letters as Persian ones; digits of every script as
# ours; dashes as spaces. What is searched for goes through the same function.
FOLD = r"""
CREATE FUNCTION accounts_fold(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE STRICT
SET search_path = public, pg_temp AS $$
    SELECT btrim(regexp_replace(translate(
        lower(unaccent(normalize(words, NFKC))),
        E'\u064A\u0649\u0643\u0629\u0623\u0625\u0622\u0624\u0626'
        || E'\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669'
        || E'\u06F0\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7\u06F8\u06F9' || E'-\u2013\u2014,;'
        || E'\'\u2018\u2019\u02BC\u0060\u00B4\u200B\u200C\u200D\u200E\u200F\u00AD\u0640'
        || E'\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0670',
        E'\u06CC\u06CC\u06A9\u0647\u0627\u0627\u0627\u0648\u06CC' || '0123456789' || '0123456789' || '     '
    ), '\s+', ' ', 'g'))
$$;
"""
INDEX = r"""
CREATE FUNCTION accounts_index_people(wanted bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM accounts_personindex i WHERE i.user_id = ANY(wanted) AND NOT EXISTS (
        SELECT 1 FROM accounts_user u WHERE u.id = i.user_id AND u.kind = 'customer'
           AND u.erased_at IS NULL AND u.merged_into_id IS NULL);
    INSERT INTO accounts_personindex (user_id, words, name_key)
    SELECT u.id,
           ' ' || accounts_fold(concat_ws(' ', u.first_name, u.last_name, u.display_name, u.email, o.name,
                  u.login_number, regexp_replace(u.mobile, '\D', '', 'g'), regexp_replace(p.phone, '\D', '', 'g'))),
           left(accounts_fold(concat_ws(' ',
                  coalesce(nullif(u.last_name, ''), nullif(u.display_name, ''), nullif(u.first_name, ''),
                           u.login_number), u.first_name)), 100)
      FROM accounts_user u
      LEFT JOIN accounts_customerprofile p ON p.user_id = u.id
      LEFT JOIN accounts_membership m ON m.user_id = u.id
      LEFT JOIN accounts_organisation o ON o.id = m.organisation_id
     WHERE u.id = ANY(wanted) AND u.kind = 'customer' AND u.erased_at IS NULL AND u.merged_into_id IS NULL
        ON CONFLICT (user_id) DO UPDATE SET words = excluded.words, name_key = excluded.name_key
     WHERE (accounts_personindex.words, accounts_personindex.name_key)
           IS DISTINCT FROM (excluded.words, excluded.name_key);
END $$;

CREATE FUNCTION accounts_index_user() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM accounts_personindex WHERE user_id = OLD.id;
    ELSIF NEW.kind = 'customer' OR (TG_OP = 'UPDATE' AND OLD.kind = 'customer') THEN
        PERFORM accounts_index_people(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_user_indexed AFTER INSERT OR DELETE OR UPDATE OF first_name, last_name, display_name, email,
    mobile, login_number, kind, erased_at, merged_into_id ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_index_user();

CREATE FUNCTION accounts_index_of_user() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM accounts_index_people(ARRAY[OLD.user_id]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM accounts_index_people(ARRAY[NEW.user_id]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_customerprofile_phone_indexed AFTER UPDATE OF phone ON accounts_customerprofile
    FOR EACH ROW WHEN (OLD.phone IS DISTINCT FROM NEW.phone) EXECUTE FUNCTION accounts_index_of_user();
CREATE TRIGGER accounts_customerprofile_indexed AFTER INSERT ON accounts_customerprofile
    FOR EACH ROW WHEN (NEW.phone <> '') EXECUTE FUNCTION accounts_index_of_user();
CREATE TRIGGER accounts_membership_indexed AFTER INSERT OR DELETE OR UPDATE OF organisation_id ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_index_of_user();

CREATE FUNCTION accounts_index_organisation() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM accounts_index_people(ARRAY(SELECT user_id FROM accounts_membership WHERE organisation_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_organisation_indexed AFTER UPDATE OF name ON accounts_organisation
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION accounts_index_organisation();
"""
EVERYBODY = "SELECT accounts_index_people(ARRAY(SELECT id FROM accounts_user WHERE kind = 'customer'))"
UNDO = """
DROP TRIGGER accounts_organisation_indexed ON accounts_organisation;
DROP TRIGGER accounts_membership_indexed ON accounts_membership;
DROP TRIGGER accounts_customerprofile_indexed ON accounts_customerprofile;
DROP TRIGGER accounts_customerprofile_phone_indexed ON accounts_customerprofile;
DROP TRIGGER accounts_user_indexed ON accounts_user;
DROP FUNCTION accounts_index_organisation();
DROP FUNCTION accounts_index_of_user();
DROP FUNCTION accounts_index_user();
DROP FUNCTION accounts_index_people(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_privacy")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="PersonIndex",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="found_by",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("words", models.TextField()),
                ("name_key", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("words", name="gin_trgm_ops"),
                        name="accounts_personindex_words",
                    ),
                    models.Index(fields=["name_key", "user"], name="accounts_personindex_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000)),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "about_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_notes",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "about_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("about_user__isnull", True), ("about_organisation__isnull", True), _connector="XOR"
                        ),
                        name="accounts_staffnote_about_one",
                    )
                ],
            },
        ),
        migrations.RunSQL(FOLD, "DROP FUNCTION accounts_fold(text)"),
        migrations.RunSQL(INDEX, UNDO),
        migrations.RunSQL(EVERYBODY, migrations.RunSQL.noop),
    ]
