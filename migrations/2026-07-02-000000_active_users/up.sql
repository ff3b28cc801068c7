-- Active User contracts (features 6.1).
CREATE TABLE au_contracts (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES hub_organizations (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    variant TEXT NOT NULL,
    rounding TEXT NOT NULL,
    month_rule TEXT NOT NULL,
    remainder TEXT NOT NULL,
    deployed_rule TEXT NOT NULL,
    missing_rule TEXT NOT NULL,
    enterprise_agreement BOOLEAN NOT NULL,
    -- The day from which months count, and the months before and of the present term.
    anchor DATE NOT NULL,
    term_before BIGINT NOT NULL,
    term_months BIGINT NOT NULL,
    headcount BIGINT NOT NULL,
    affiliates TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    migrating BIGINT,
    minimum BIGINT NOT NULL,
    next_year BIGINT NOT NULL,
    state TEXT NOT NULL,
    renewal_months BIGINT,
    renewal_headcount BIGINT,
    renewal_reset BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL
);
CREATE UNIQUE INDEX au_contracts_name ON au_contracts (organization_id, name_key);

CREATE TABLE au_people (
    id TEXT NOT NULL PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    key TEXT NOT NULL,
    key_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    employment TEXT NOT NULL,
    on_behalf BOOLEAN NOT NULL,
    under_contract BOOLEAN NOT NULL,
    has_access BOOLEAN NOT NULL,
    affiliate TEXT,
    left_at TIMESTAMP
);
CREATE UNIQUE INDEX au_people_key ON au_people (contract_id, key_folded);

-- One row for each holder of an account; one enabled account for each person, one holder for each.
CREATE TABLE au_accounts (
    id TEXT NOT NULL PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES au_people (id),
    enabled_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP
);
CREATE INDEX au_accounts_person ON au_accounts (person_id);
CREATE INDEX au_accounts_name ON au_accounts (contract_id, name_key);
CREATE INDEX au_accounts_enabled ON au_accounts (contract_id, enabled_at);
CREATE UNIQUE INDEX au_accounts_one_each ON au_accounts (person_id) WHERE disabled_at IS NULL;
CREATE UNIQUE INDEX au_accounts_not_shared ON au_accounts (contract_id, name_key)
    WHERE disabled_at IS NULL;

-- Sessions as reported. People are never deleted; keys to them would cost an index each.
CREATE TABLE au_hostings (
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    session TEXT NOT NULL,
    begins DATE NOT NULL,
    scheduled_by TEXT,
    host TEXT NOT NULL,
    alternate TEXT,
    session_type TEXT NOT NULL,
    launch TEXT NOT NULL,
    scheduled BOOLEAN NOT NULL,
    deployment TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (contract_id, session)
);

-- The Active Users of a month: a person, or a person at a place of deployment.
CREATE TABLE au_actives (
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    begins DATE NOT NULL,
    person_id TEXT NOT NULL,
    slot TEXT NOT NULL,
    first_at TIMESTAMP NOT NULL,
    PRIMARY KEY (contract_id, begins, person_id, slot)
);

-- Months with data; `active` is the number of their rows in au_actives.
CREATE TABLE au_months (
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    begins DATE NOT NULL,
    sessions BIGINT NOT NULL,
    active BIGINT NOT NULL,
    PRIMARY KEY (contract_id, begins)
);

CREATE TABLE au_orders (
    id TEXT NOT NULL PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,
    headcount BIGINT,
    at TIMESTAMP NOT NULL,
    placed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX au_orders_number ON au_orders (contract_id, number_key);

CREATE TABLE au_order_lines (
    order_id TEXT NOT NULL REFERENCES au_orders (id),
    place BIGINT NOT NULL,
    service TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (order_id, place)
);

-- One True Forward for each anniversary.
CREATE TABLE au_runs (
    id TEXT NOT NULL PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    effective DATE NOT NULL,
    year_over BIGINT NOT NULL,
    state TEXT NOT NULL,
    first_count BIGINT NOT NULL,
    second_count BIGINT NOT NULL,
    third_count BIGINT NOT NULL,
    missing TEXT NOT NULL,
    headcount BIGINT NOT NULL,
    minimum_before BIGINT NOT NULL,
    minimum_after BIGINT NOT NULL,
    months BIGINT NOT NULL,
    fee_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    invoice_on DATE,
    at TIMESTAMP NOT NULL,
    confirmed_by TEXT
);
CREATE UNIQUE INDEX au_runs_once ON au_runs (contract_id, effective);

CREATE TABLE au_ledger (
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    number BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    written_by TEXT NOT NULL,
    effective DATE,
    rule TEXT NOT NULL,
    step TEXT NOT NULL,
    PRIMARY KEY (contract_id, number)
);

CREATE TABLE au_adjustments (
    contract_id TEXT NOT NULL REFERENCES au_contracts (id),
    reference_key TEXT NOT NULL,
    reference TEXT NOT NULL,
    minimum BIGINT NOT NULL,
    fee_minor BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (contract_id, reference_key)
);
