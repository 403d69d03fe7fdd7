"""Temporary."""

from __future__ import annotations

import time
from types import SimpleNamespace

from django.db import connection

from reports.exports import incidents, tier
from reports.exports.behind import geometry as outline
from reports.figures import geometry, labels
from tests.bench import closings


class Behind(SimpleNamespace):
    def area_names(self):
        return {c: t["en"] for c, t in labels.labels(self.known)["area"].items()}

    def outlines(self):
        return {t["area"]: outline(t["shape"]) for t in geometry.geometry(self.known)["areas"]}


def measure(sizes):
    closings._make(closings.FULL, sizes.full_month, sizes.little_history, sizes.pattern)
    known = closings._known()
    b = Behind(known=known, closing=SimpleNamespace(number=1, cutoff_at=known.known_at, content_sha256="0" * 64))
    for name, table in (
        ("csv", incidents.as_csv(b)),
        ("full csv", incidents.as_csv(b, in_full=True)),
        ("geojson", incidents.as_geojson(b)),
        ("full geojson", incidents.as_geojson(b, in_full=True)),
    ):
        began = time.perf_counter()
        n = 0
        first = None
        k = 0
        for block in table:
            k += 1
            if k == 2:
                first = time.perf_counter() - began
            n += len(block)
        print(name, "first data", first, "all", time.perf_counter() - began, "MB", n / 1e6, flush=True)
    with connection.cursor() as cursor:
        for statement, params in (
            (tier.statement(known), {**incidents._asked(b, in_full=False)[1]}),
            (incidents.full.rows(), incidents._asked(b, in_full=True)[1]),
        ):
            cursor.execute("explain (analyze, buffers) " + statement, {**params, **tier.of_day(known.period.days[3])})
            print("\n".join(r[0] for r in cursor.fetchall()), flush=True)
    return []
