-- The roles and the database of the mechanism, made once by a superuser; a second run changes nothing.
-- The owner owns the database and migrates it; the application reads and writes what the migrations grant, and owns nothing.
-- Extensions are made here, so that the owner need not be superuser.
--
-- psql -v database=NAME [-v owner_password=...] [-v application_password=...] -f database.sql
-- Without -v the names and passwords come from the environment: DATABASE_NAME, DATABASE_OWNER_PASSWORD, DATABASE_PASSWORD.
\set ON_ERROR_STOP on
\if :{?database}
\else
  \set database ceasefire
  \getenv database DATABASE_NAME
\endif
\if :{?owner_password}
\else
  \set owner_password ''
  \getenv owner_password DATABASE_OWNER_PASSWORD
\endif
\if :{?application_password}
\else
  \set application_password ''
  \getenv application_password DATABASE_PASSWORD
\endif

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS', name)
  FROM unnest(ARRAY['ceasefire_owner', 'ceasefire_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- No password: the way in is a socket in a folder that only one user can open.
SELECT format('ALTER ROLE %I PASSWORD %L', name, password)
  FROM (VALUES ('ceasefire_owner', :'owner_password'), ('ceasefire_app', :'application_password')) AS given (name, password)
 WHERE password <> '' \gexec

-- The application must see when other transactions began: a cut-off is closed only when no writer is older.
GRANT pg_read_all_stats TO ceasefire_app;

SELECT format('CREATE DATABASE %I OWNER ceasefire_owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO ceasefire_owner;

\connect :database
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER DEFAULT PRIVILEGES FOR ROLE ceasefire_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ceasefire_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ceasefire_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO ceasefire_app;
