"""The tables of the sandbox. Money is text, days are ISO dates, instants are UTC to the second."""

from __future__ import annotations

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, code TEXT NOT NULL,
    currency TEXT NOT NULL, active INTEGER NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL);
CREATE TABLE services (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT NOT NULL,
    price TEXT NOT NULL, cost TEXT NOT NULL, category TEXT NOT NULL, active INTEGER NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL);
CREATE TABLE contracts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, cycle TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL,
    active INTEGER NOT NULL, number TEXT NOT NULL, reference TEXT, is_default INTEGER NOT NULL,
    invoice_at_end INTEGER NOT NULL, fiscal INTEGER NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL);
CREATE INDEX contracts_by_account ON contracts (account_id);
CREATE TABLE lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT, contract_id INTEGER NOT NULL, service_id INTEGER NOT NULL,
    name TEXT NOT NULL, description TEXT NOT NULL, units INTEGER NOT NULL, price TEXT NOT NULL,
    cost TEXT NOT NULL, first_price TEXT NOT NULL, first_cost TEXT NOT NULL, day TEXT NOT NULL,
    sort_order INTEGER NOT NULL, no_bulk INTEGER NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL);
CREATE INDEX lines_by_contract ON lines (contract_id);
CREATE INDEX lines_by_service ON lines (service_id);
CREATE TABLE history (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, via TEXT NOT NULL, action TEXT NOT NULL,
    line_id INTEGER NOT NULL, contract_id INTEGER NOT NULL, service_id INTEGER NOT NULL,
    day_before TEXT, day TEXT NOT NULL, units_before INTEGER NOT NULL, units INTEGER NOT NULL,
    price_before TEXT, price TEXT NOT NULL);
CREATE INDEX history_by_contract ON history (contract_id);
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL, account_id INTEGER NOT NULL,
    status TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL, dated TEXT NOT NULL,
    due TEXT NOT NULL, posted INTEGER NOT NULL, created TEXT NOT NULL,
    contract_id INTEGER NOT NULL, history_mark INTEGER NOT NULL);
CREATE TABLE invoice_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT, invoice_id INTEGER NOT NULL, name TEXT NOT NULL,
    description TEXT NOT NULL, quantity TEXT NOT NULL, price TEXT NOT NULL,
    contract_id INTEGER NOT NULL, day TEXT NOT NULL);
CREATE INDEX invoice_lines_by_invoice ON invoice_lines (invoice_id);
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, service_id INTEGER NOT NULL, body TEXT NOT NULL,
    due TEXT NOT NULL, looks_left INTEGER NOT NULL, done INTEGER NOT NULL);
CREATE TABLE modules (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE organizations (
    module_id INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, parent_id TEXT,
    PRIMARY KEY (module_id, id)) WITHOUT ROWID;
CREATE TABLE mappings (
    account_id INTEGER NOT NULL, module_id INTEGER NOT NULL, organization_id TEXT NOT NULL,
    name TEXT, parent_id TEXT,
    PRIMARY KEY (account_id, module_id, organization_id)) WITHOUT ROWID;
CREATE TABLE tokens (
    access TEXT PRIMARY KEY, refresh TEXT NOT NULL, access_until TEXT NOT NULL,
    refresh_until TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE windows (
    endpoint TEXT PRIMARY KEY, starts TEXT NOT NULL, calls INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE faults (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT, method TEXT, times_left INTEGER NOT NULL,
    skip INTEGER NOT NULL, options TEXT NOT NULL);
CREATE TABLE landings (
    id INTEGER PRIMARY KEY, due TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    query TEXT NOT NULL, content_type TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    query TEXT NOT NULL, status INTEGER NOT NULL, fault TEXT);
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('accounts', 1000), ('services', 1200), ('contracts', 5000), ('lines', 90000),
    ('invoices', 7000), ('invoice_lines', 70000), ('jobs', 300);
"""

NAMES = (
    "meta",
    "accounts",
    "services",
    "contracts",
    "lines",
    "history",
    "invoices",
    "invoice_lines",
    "jobs",
    "modules",
    "organizations",
    "mappings",
    "tokens",
    "windows",
    "faults",
    "landings",
    "requests",
)
