# ruff: noqa: T201
"""Stands in for Django's manage.py: says which role it was called as, and leaves a trace in the database."""

import os
import sys
import time
from pathlib import Path

import psycopg

command = sys.argv[1]
with psycopg.connect(
    host=os.environ["DATABASE_HOST"], dbname=os.environ["DATABASE_NAME"], user=os.environ["DATABASE_USER"]
) as database:
    if command == "migrate":
        database.execute("create table if not exists migrated (by text default current_user)")
        database.execute("insert into migrated default values")
    elif command == "demo":
        Path(sys.argv[3]).mkdir(exist_ok=True)
        for said in ("begun", "done"):
            with Path("played").open("a") as played:
                played.write(f"{said}\n")
            time.sleep(0.5)
    elif command == "linger":
        Path("lingering").touch()
        while Path("lingering").exists():
            time.sleep(0.05)
    elif command == "ask":
        print(*database.execute(sys.argv[2]).fetchone())
    elif command == "collectstatic":
        pass
    else:
        print(command)
