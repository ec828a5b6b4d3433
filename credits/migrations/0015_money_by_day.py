"""When money went back without us, troubles that somebody dealt with, and lines of a bank statement by day."""

from django.db import migrations, models

# Until now only the sums were kept; their days are those of the credits that were taken back for them.
_EVENTS = """
with ours as (
  select purchase_id, sum(amount_cents) as cents from credits_moneyrefund where state <> 'failed' group by 1),
moved as (
  select p.id, p.paid_at, p.charged_back_cents, greatest(0, p.refunded_cents - coalesce(o.cents, 0)) as refunded_cents,
         (select max(e.at) from credits_purchaseevent e where e.purchase_id = p.id and e.what = 'taken_back') as taken_at
    from credits_purchase p left join ours o on o.purchase_id = p.id
   where p.charged_back_cents > 0 or p.refunded_cents > 0)
insert into credits_purchaseevent (purchase_id, what, cents, actor, at)
select id, 'charged_back', charged_back_cents, 'clock', coalesce(taken_at, paid_at) from moved
 where charged_back_cents > 0 and paid_at is not null
union all
select id, 'refunded_outside', refunded_cents, 'clock', coalesce(taken_at, paid_at) from moved
 where refunded_cents > 0 and paid_at is not null
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0014_receipt_words")]

    operations = [
        migrations.AddField("bankline", "day", models.DateField(null=True)),
        migrations.AddField("bankline", "payer", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("purchase", "closed_trouble", models.TextField(blank=True, db_default="", default="")),
        migrations.AlterField(
            model_name="bankline",
            name="state",
            field=models.TextField(choices=[("booked", "Booked"), ("open", "Open"), ("closed", "Closed")]),
        ),
        migrations.RunSQL(_EVENTS, migrations.RunSQL.noop),
    ]
