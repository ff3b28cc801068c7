//! Active User contracts.

diesel::table! {
    au_contracts (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        name_key -> Text,
        variant -> Text,
        rounding -> Text,
        month_rule -> Text,
        remainder -> Text,
        deployed_rule -> Text,
        missing_rule -> Text,
        enterprise_agreement -> Bool,
        anchor -> Date,
        term_before -> BigInt,
        term_months -> BigInt,
        headcount -> BigInt,
        affiliates -> Text,
        price_minor -> BigInt,
        currency -> Text,
        migrating -> Nullable<BigInt>,
        minimum -> BigInt,
        next_year -> BigInt,
        state -> Text,
        renewal_months -> Nullable<BigInt>,
        renewal_headcount -> Nullable<BigInt>,
        renewal_reset -> Bool,
        created_at -> Timestamp,
        created_by -> Text,
    }
}

diesel::table! {
    au_people (id) {
        id -> Text,
        contract_id -> Text,
        key -> Text,
        key_folded -> Text,
        name -> Text,
        employment -> Text,
        on_behalf -> Bool,
        under_contract -> Bool,
        has_access -> Bool,
        affiliate -> Nullable<Text>,
        left_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    au_accounts (id) {
        id -> Text,
        contract_id -> Text,
        name -> Text,
        name_key -> Text,
        person_id -> Text,
        enabled_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    au_hostings (contract_id, session) {
        contract_id -> Text,
        session -> Text,
        begins -> Date,
        scheduled_by -> Nullable<Text>,
        host -> Text,
        alternate -> Nullable<Text>,
        session_type -> Text,
        launch -> Text,
        scheduled -> Bool,
        deployment -> Text,
        started_at -> Timestamp,
        verdict -> Text,
    }
}

diesel::table! {
    au_actives (contract_id, begins, person_id, slot) {
        contract_id -> Text,
        begins -> Date,
        person_id -> Text,
        slot -> Text,
        first_at -> Timestamp,
    }
}

diesel::table! {
    au_months (contract_id, begins) {
        contract_id -> Text,
        begins -> Date,
        sessions -> BigInt,
        active -> BigInt,
    }
}

diesel::table! {
    au_orders (id) {
        id -> Text,
        contract_id -> Text,
        number -> Text,
        number_key -> Text,
        headcount -> Nullable<BigInt>,
        at -> Timestamp,
        placed_by -> Text,
    }
}

diesel::table! {
    au_order_lines (order_id, place) {
        order_id -> Text,
        place -> BigInt,
        service -> Text,
        quantity -> BigInt,
    }
}

diesel::table! {
    au_runs (id) {
        id -> Text,
        contract_id -> Text,
        effective -> Date,
        year_over -> BigInt,
        state -> Text,
        first_count -> BigInt,
        second_count -> BigInt,
        third_count -> BigInt,
        missing -> Text,
        headcount -> BigInt,
        minimum_before -> BigInt,
        minimum_after -> BigInt,
        months -> BigInt,
        fee_minor -> BigInt,
        currency -> Text,
        invoice_on -> Nullable<Date>,
        at -> Timestamp,
        confirmed_by -> Nullable<Text>,
    }
}

diesel::table! {
    au_ledger (contract_id, number) {
        contract_id -> Text,
        number -> BigInt,
        at -> Timestamp,
        written_by -> Text,
        effective -> Nullable<Date>,
        rule -> Text,
        step -> Text,
    }
}

diesel::table! {
    au_adjustments (contract_id, reference_key) {
        contract_id -> Text,
        reference_key -> Text,
        reference -> Text,
        minimum -> BigInt,
        fee_minor -> BigInt,
        reason -> Text,
    }
}
