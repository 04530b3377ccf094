"""DuckDB by itself: the same alerts by SQL written by hand, from the same lists, into a file."""

from pathlib import Path
from typing import Final

import duckdb

from services.identification.comparison.hits import MEMORY, THREADS

_ALERTS: Final = """
CREATE TEMP TABLE people AS
    SELECT key, person_id, household_id, village, died_on, on_old_age, on_children_living,
        on_disability_living, on_disability_nursing,
        on_dibao = 1 OR on_single_person = 1 OR on_tekun = 1 AS by_means,
        on_edge = 1 OR on_rigid_spending = 1 AS found, on_dibao, low_income_group
    FROM read_parquet('{folder}/people.parquet');
CREATE TEMP TABLE looked_at AS
    SELECT household_id, bool_or(by_means) AS helped FROM people GROUP BY household_id
    HAVING bool_or(by_means OR found);
CREATE TEMP TABLE helped AS SELECT household_id FROM looked_at WHERE helped;
COPY (
    SELECT 'alert_death' AS kind, p.person_id AS subject_id, any_value(p.village) AS village,
        '2026-10' AS month, 1 AS weight, list(DISTINCT f.identity) AS things
    FROM read_parquet('{folder}/deaths.parquet') AS f JOIN people AS p USING (key)
    WHERE p.died_on = -1 AND (p.by_means OR p.on_disability_living = 1
        OR p.on_disability_nursing = 1 OR p.on_children_living = 1 OR p.on_old_age = 1
        OR p.found OR p.low_income_group <> -1)
    GROUP BY p.person_id
    UNION ALL
    SELECT 'alert_payroll', p.person_id, any_value(p.village), '2026-10', 1,
        list(DISTINCT f.identity)
    FROM read_parquet('{folder}/public-payroll.parquet') AS f JOIN people AS p USING (key)
    WHERE p.by_means OR p.found
    GROUP BY p.person_id HAVING sum(f.pay) > 0
    UNION ALL
    SELECT 'alert_vehicles', p.household_id, any_value(p.village), '2026-10', 1,
        list(DISTINCT f.identity)
    FROM read_parquet('{folder}/vehicles.parquet') AS f JOIN people AS p USING (key)
    WHERE p.on_dibao = 1 OR p.found
    GROUP BY p.household_id HAVING count(*) > 0
    UNION ALL
    SELECT 'alert_hospital', p.household_id, any_value(p.village), '2026-10', 1,
        list(DISTINCT f.identity)
    FROM read_parquet('{folder}/hospital-bills.parquet') AS f JOIN people AS p USING (key)
    WHERE p.household_id NOT IN (SELECT household_id FROM helped) AND f.care IN (1, 2)
    GROUP BY p.household_id HAVING sum(f.own) >= 3000000
    UNION ALL
    SELECT 'alert_hospital_assisted', p.household_id, any_value(p.village), '2026-10', 1,
        list(DISTINCT f.identity)
    FROM read_parquet('{folder}/hospital-bills.parquet') AS f JOIN people AS p USING (key)
    WHERE p.household_id IN (SELECT household_id FROM helped) AND f.care IN (1, 2)
    GROUP BY p.household_id HAVING sum(f.own) >= 1000000
    UNION ALL
    SELECT 'alert_registered_poor', p.household_id, any_value(p.village), '2026-10',
        count(DISTINCT p.person_id) FILTER (WHERE {nowhere}), list(DISTINCT f.identity)
    FROM read_parquet('{folder}/registered-poor.parquet') AS f JOIN people AS p USING (key)
    WHERE p.household_id NOT IN (SELECT household_id FROM looked_at)
    GROUP BY p.household_id HAVING count(*) FILTER (WHERE {nowhere}) > 0
) TO '{folder}/alerts.parquet' (FORMAT parquet)
"""


_NOWHERE: Final = """
f.standing <> 2 AND p.died_on = -1
AND NOT (p.low_income_group BETWEEN 1 AND 4 OR p.low_income_group = 5 AND f.standing = 3)
"""
"""Who is on the register of the poor and stands nowhere, where a list names nobody twice."""


def run(folder: Path) -> None:
    """From keyed lists on disk to the alerts in a file."""
    with duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY}) as connection:
        connection.execute(_ALERTS.format(folder=folder, nowhere=_NOWHERE))
