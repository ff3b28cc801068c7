//! People, what they show, and the rules of a satellite for them.

diesel::table! {
    users (id) {
        id -> Text,
        name -> Text,
        email -> Text,
        password_hash -> Text,
        first_name -> Text,
        last_name -> Text,
        system_role -> Nullable<Text>,
        disabled -> Bool,
        last_login_at -> Nullable<Timestamp>,
        previous_login_at -> Nullable<Timestamp>,
        failures -> BigInt,
        locked_until -> Nullable<Timestamp>,
        password_changed_at -> Nullable<Timestamp>,
        must_change_password -> Bool,
    }
}

diesel::table! {
    former_passwords (id) {
        id -> Text,
        user_id -> Text,
        password_hash -> Text,
        replaced_at -> Timestamp,
    }
}

diesel::table! {
    role_assignments (id) {
        id -> Text,
        user_id -> Text,
        account_id -> Text,
        virtual_account_id -> Nullable<Text>,
        role -> Text,
        nested -> Bool,
    }
}

diesel::table! {
    user_groups (id) {
        id -> Text,
        name -> Text,
        name_key -> Text,
        description -> Text,
    }
}

diesel::table! {
    group_members (group_id, user_id) {
        group_id -> Text,
        user_id -> Text,
    }
}

diesel::table! {
    group_roles (id) {
        id -> Text,
        group_id -> Text,
        account_id -> Text,
        virtual_account_id -> Nullable<Text>,
        role -> Text,
        nested -> Bool,
    }
}

diesel::table! {
    api_clients (client_id) {
        client_id -> Text,
        secret_digest -> Text,
        name -> Text,
        user_id -> Text,
        redirect_uris -> Text,
        account_id -> Nullable<Text>,
        description -> Text,
        created_by -> Text,
        created_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    credentials (digest) {
        digest -> Text,
        kind -> Text,
        user_id -> Text,
        client_id -> Nullable<Text>,
        redirect_uri -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        account_id -> Nullable<Text>,
        as_client -> Bool,
    }
}

diesel::table! {
    security_settings (site) {
        site -> Text,
        lock_after -> BigInt,
        lock_minutes -> BigInt,
        idle_minutes -> BigInt,
        max_sessions -> BigInt,
        min_length -> BigInt,
        upper_case -> Bool,
        lower_case -> Bool,
        digit -> Bool,
        special -> Bool,
        remembered -> BigInt,
        expiry_days -> BigInt,
        warn_days -> BigInt,
        change_at_first_login -> Bool,
    }
}

diesel::table! {
    system_events (id) {
        id -> Text,
        at -> Timestamp,
        kind -> Text,
        message -> Text,
        actor -> Text,
    }
}
