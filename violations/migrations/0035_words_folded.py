"""Words of reports are found by an index, in any script: folded by case, accents and the forms that letters have."""

from django.db import migrations

# Compatible forms are taken apart, then marks go: accents, Arabic and Hebrew vowels, lengthening, joiners and marks of
# direction. Last, letters that are written otherwise for one another, and digits of every keyboard, are one.
FOLDED = r"""
create function violations_folded(told text) returns text language sql immutable parallel safe as $$
    select translate(
        lower(regexp_replace(
            normalize(told, NFKD),
            '[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069]',
            '', 'g')),
        U&'\0649\06CC\06A9\0629\0671\06C1\0131\0142\00F8\0111'
            || U&'\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669'
            || U&'\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9',
        U&'\064A\064A\0643\0647\0627\0647' || 'ilod' || '0123456789' || '0123456789')
$$;
"""
INDEX = """
create index concurrently violations_report_words on violations_incidentreport
using gin (to_tsvector('simple', violations_folded(place_as_written || ' ' || narrative)))
"""


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0034_docket")]

    operations = [
        migrations.RunSQL(FOLDED, "drop function violations_folded(text)"),
        migrations.RunSQL(INDEX, "drop index concurrently if exists violations_report_words"),
    ]
