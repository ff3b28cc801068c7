//! Tables of satellites, and of CSSM about them.

diesel::table! {
    local_accounts (uid) {
        uid -> Text,
        account_id -> Nullable<Text>,
        number -> BigInt,
        name -> Text,
        name_key -> Text,
        mode -> Text,
        state -> Text,
        reason -> Text,
        smart_account -> Text,
        virtual_account -> Text,
        email -> Text,
        message -> Text,
        requested_by -> Text,
        requested_at -> Timestamp,
        registration_nonce -> Nullable<Text>,
        registered_at -> Nullable<Timestamp>,
        by_file -> Bool,
        hides -> Text,
        credential -> Nullable<Text>,
        credential_ends -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sync_standings (uid) {
        uid -> Text,
        account_id -> Text,
        next_sequence -> BigInt,
        base -> Nullable<Text>,
        state -> Text,
        problem -> Text,
        needs_full -> Bool,
        last_kind -> Nullable<Text>,
        last_at -> Nullable<Timestamp>,
        due -> Timestamp,
        deadline -> Timestamp,
        schedule -> Nullable<Text>,
        next_at -> Nullable<Timestamp>,
        due_at -> Nullable<Timestamp>,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sync_requests (uid, sequence) {
        uid -> Text,
        sequence -> BigInt,
        nonce -> Text,
        kind -> Text,
        by_file -> Bool,
        made_at -> Timestamp,
    }
}

diesel::table! {
    sync_changes (account_id, what, id) {
        account_id -> Text,
        what -> Text,
        id -> Text,
        sequence -> BigInt,
    }
}

diesel::table! {
    on_prems (uid) {
        uid -> Text,
        account_id -> Text,
        number -> BigInt,
        name -> Text,
        name_key -> Text,
        mode -> Text,
        state -> Text,
        version -> Text,
        email -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        public_key -> Text,
        certificate -> Text,
        registration_nonce -> Text,
        ready_at -> Timestamp,
        fetched_at -> Nullable<Timestamp>,
        credential -> Nullable<Text>,
        credential_ends -> Nullable<Timestamp>,
        last_sequence -> BigInt,
        last_nonce -> Nullable<Text>,
        last_made_at -> Nullable<Timestamp>,
        last_kind -> Nullable<Text>,
        last_at -> Nullable<Timestamp>,
        due -> Timestamp,
        deadline -> Timestamp,
        due_at -> Nullable<Timestamp>,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    on_prem_files (uid, nonce) {
        uid -> Text,
        nonce -> Text,
        sequence -> BigInt,
        kind -> Text,
        made_at -> Timestamp,
        taken_at -> Timestamp,
        taken_by -> Text,
    }
}

diesel::table! {
    on_prem_passed (uid, nonce) {
        uid -> Text,
        nonce -> Text,
    }
}

diesel::table! {
    mirrors (instance_id) {
        instance_id -> Text,
        uid -> Text,
        digest -> Text,
        seen -> BigInt,
        uses -> Text,
    }
}

diesel::table! {
    mirrored_tokens (id) {
        id -> Text,
        uid -> Text,
        virtual_account_id -> Text,
        local_virtual_account -> Text,
        short -> Text,
        description -> Text,
        export_allowed -> Bool,
        max_uses -> Nullable<BigInt>,
        uses -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        seen -> BigInt,
    }
}

diesel::table! {
    on_prem_events (account_id, event_id) {
        account_id -> Text,
        event_id -> Text,
        uid -> Text,
    }
}

diesel::table! {
    access_requests (id) {
        id -> Text,
        account_id -> Text,
        user_id -> Text,
        message -> Text,
        requested_at -> Timestamp,
    }
}
