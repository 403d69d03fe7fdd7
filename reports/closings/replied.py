"""Whether a request, an answer, a statement told or a measure came into a closing's period since: as pieces of SQL.

`REPLIED` stands within the statement of `checking`, which calls the closing `closing` and what is asked of it `asked`
(`since` and `until`; `first` and `after`, the dates of the period, with the one that it is compared with). It looks
a little wider than the section counts. Whatever moves an incident to another period is a new assessment, which counts
anyway.
"""

from __future__ import annotations


def came(column: str) -> str:
    """The SQL that an instant lies after the one, and not after the other, between which it is asked."""
    return f"({column} > asked.since and {column} <= asked.until)"


# An incident that was ever assessed to lie in the period.
_OF_THE_PERIOD = """exists (
          select from violations_assessment assessment
          where assessment.incident_id = {row}.incident_id
            and assessment.occurred_from >= closing.period_from and assessment.occurred_from < closing.period_until)"""

# The first date of what a statement says that it is on: a day, a week (2025-W11), a month.
_FIRST_DATE = """case when statement.period ~ '^\\d{4}-\\d\\d-\\d\\d$' then statement.period::date
               when statement.period ~ '^\\d{4}-W\\d\\d$' then to_date(statement.period, 'IYYY-"W"IW')
               when statement.period ~ '^\\d{4}-\\d\\d$' then (statement.period || '-01')::date end"""

REPLIED = f"""exists (
        select from violations_informationrequest request
        where request.agreement_id = closing.agreement_id
          and ({came("request.recorded_at")} or {came("request.superseded_at")}
               or ({came("request.due_at")} and request.due_at <= clock_timestamp())
               or exists (select from violations_requestanswer answer
                          where answer.request_id = request.id and {came("answer.recorded_at")}))
          and ({_OF_THE_PERIOD.format(row="request")}
               or (request.incident_id is null
                   and request.recorded_at >= closing.period_from and request.recorded_at < closing.period_until))
    ) or exists (
        select from violations_guarantorstatement statement
        join violations_statementtelling telling on telling.statement_id = statement.id
        where statement.agreement_id = closing.agreement_id
          and ({came("telling.recorded_at")} or {came("statement.superseded_at")})
          and ({_OF_THE_PERIOD.format(row="statement")}
               or ({_FIRST_DATE} >= asked.first and {_FIRST_DATE} < asked.after))
    ) or exists (
        select from violations_measure measure
        where measure.agreement_id = closing.agreement_id and measure.agreed_on < asked.after
          and ((measure.agreed_on >= asked.first and {came("measure.recorded_at")})
               or exists (select from violations_measurestep step
                          where step.measure_id = measure.id and {came("step.recorded_at")}
                            and (measure.agreed_on >= asked.first
                                 or (step.seen_on >= asked.first and step.seen_on < asked.after)))
               or ({came("measure.recorded_at")}
                   and exists (select from violations_measurestep step where step.measure_id = measure.id
                               and step.seen_on >= asked.first and step.seen_on < asked.after)))
    )"""
