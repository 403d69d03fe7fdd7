"""What PostgreSQL refuses on questions and answers: neither is ever changed."""

from django.db import migrations

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [("violations", "0015_questions_of_filers")]

    operations = [guard("violations_filerquestion"), guard("violations_fileranswer")]
