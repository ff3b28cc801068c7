//! The tables, by hand; a test compares them with both databases.

mod active_user;
mod flex;
mod hub;
mod people;
mod reserved;
mod satellite;

pub use active_user::*;
pub use flex::*;
pub use hub::*;
pub use people::*;
pub use reserved::*;
pub use satellite::*;

diesel::table! {
    meta (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    site_keys (name) {
        name -> Text,
        private_key -> Text,
        certificate -> Text,
    }
}

diesel::table! {
    smart_accounts (id) {
        id -> Text,
        number -> BigInt,
        name -> Text,
        domain -> Text,
        domain_key -> Text,
        kind -> Text,
        agreement_version -> Nullable<Text>,
        agreement_by -> Nullable<Text>,
        agreement_at -> Nullable<Timestamp>,
        export_entitled -> Bool,
        reservation_enabled -> Bool,
        created_at -> Timestamp,
        add_to_inventory -> Bool,
    }
}

diesel::table! {
    virtual_accounts (id) {
        id -> Text,
        number -> BigInt,
        account_id -> Text,
        parent_id -> Nullable<Text>,
        name -> Text,
        name_key -> Text,
        description -> Text,
        access -> Text,
        is_default -> Bool,
        satellite -> Nullable<Text>,
        created_at -> Timestamp,
        on_prem_uid -> Nullable<Text>,
        upstream_id -> Nullable<Text>,
    }
}

diesel::table! {
    registration_tokens (id) {
        id -> Text,
        account_id -> Text,
        virtual_account_id -> Text,
        text -> Text,
        description -> Text,
        export_allowed -> Bool,
        max_uses -> Nullable<BigInt>,
        uses -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        due_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    entitlements (id) {
        id -> Text,
        tag -> Text,
        name -> Text,
        description -> Text,
        billing -> Text,
        enforced -> Bool,
        export_restricted -> Bool,
        family -> Nullable<Text>,
        tier -> Nullable<BigInt>,
    }
}

diesel::table! {
    license_lines (id) {
        id -> Text,
        account_id -> Text,
        virtual_account_id -> Text,
        entitlement_id -> Text,
        license_type -> Text,
        quantity -> BigInt,
        reserved -> BigInt,
        starts -> Date,
        ends -> Nullable<Date>,
        order_number -> Nullable<Text>,
        sku -> Nullable<Text>,
        subscription_id -> Nullable<Text>,
        booking -> Text,
        enterprise_agreement -> Bool,
        portable -> Bool,
        source -> Text,
        pak -> Nullable<Text>,
        product_serial -> Nullable<Text>,
        product_family -> Nullable<Text>,
        device_details -> Nullable<Text>,
        due_at -> Nullable<Timestamp>,
        settled_at -> Nullable<Timestamp>,
        upstream_id -> Nullable<Text>,
    }
}

diesel::table! {
    instances (id) {
        id -> Text,
        account_id -> Text,
        virtual_account_id -> Text,
        udi_key -> Text,
        udi_pid -> Nullable<Text>,
        udi_serial -> Nullable<Text>,
        udi_vid -> Nullable<Text>,
        udi_uuid -> Nullable<Text>,
        udi_suvi -> Nullable<Text>,
        udi_host -> Nullable<Text>,
        udi_mac -> Nullable<Text>,
        name_key -> Text,
        software_tag -> Text,
        product_name -> Text,
        hostname -> Nullable<Text>,
        export_allowed -> Bool,
        token_id -> Nullable<Text>,
        reserved -> Bool,
        registered_at -> Timestamp,
        last_contact_at -> Timestamp,
        identity_serial -> BigInt,
        identity_key -> Text,
        identity_issued_at -> Timestamp,
        identity_expires_at -> Timestamp,
        last_message_at -> Timestamp,
        authorized_at -> Nullable<Timestamp>,
        authorization_expires_at -> Nullable<Timestamp>,
        in_compliance -> Nullable<Bool>,
        due_at -> Nullable<Timestamp>,
        alerting -> Bool,
        silence_settled_at -> Nullable<Timestamp>,
        certificate_settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    instance_members (udi_key) {
        udi_key -> Text,
        instance_id -> Text,
        position -> BigInt,
        role -> Text,
        udi_pid -> Nullable<Text>,
        udi_serial -> Nullable<Text>,
        udi_vid -> Nullable<Text>,
        udi_uuid -> Nullable<Text>,
        udi_suvi -> Nullable<Text>,
        udi_host -> Nullable<Text>,
        udi_mac -> Nullable<Text>,
        search_key -> Text,
    }
}

diesel::table! {
    usage (instance_id, entitlement_id) {
        instance_id -> Text,
        entitlement_id -> Text,
        quantity -> BigInt,
    }
}

diesel::table! {
    export_keys (instance_id, entitlement_id) {
        instance_id -> Text,
        entitlement_id -> Text,
        quantity -> BigInt,
        requested_at -> Timestamp,
        granted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    pools (virtual_account_id, entitlement_id) {
        virtual_account_id -> Text,
        entitlement_id -> Text,
        reported -> BigInt,
    }
}

diesel::table! {
    registration_nonces (account_id, nonce) {
        account_id -> Text,
        nonce -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    events (account_id, id) {
        id -> Text,
        account_id -> Text,
        virtual_account_id -> Nullable<Text>,
        at -> Timestamp,
        kind -> Text,
        message -> Text,
        actor -> Text,
        instance_id -> Nullable<Text>,
        entitlement_id -> Nullable<Text>,
    }
}

diesel::table! {
    license_transactions (id) {
        id -> Text,
        account_id -> Text,
        at -> Timestamp,
        kind -> Text,
        entitlement_id -> Text,
        quantity -> BigInt,
        ends -> Nullable<Date>,
        source_id -> Nullable<Text>,
        target_id -> Nullable<Text>,
        reference -> Nullable<Text>,
        actor -> Text,
        sku -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        account_id -> Text,
        at -> Timestamp,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        confidential -> Bool,
    }
}

diesel::table! {
    polls (id) {
        id -> BigInt,
        user_id -> Text,
        action -> Text,
        ready_at -> Timestamp,
        answer -> Text,
    }
}

diesel::table! {
    virtual_account_tags (virtual_account_id, tag_key) {
        virtual_account_id -> Text,
        tag_key -> Text,
        tag -> Text,
    }
}

diesel::table! {
    license_tags (virtual_account_id, entitlement_id, tag_key) {
        virtual_account_id -> Text,
        entitlement_id -> Text,
        tag_key -> Text,
        tag -> Text,
    }
}

diesel::table! {
    custom_tags (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        name_key -> Text,
        allowed -> Text,
    }
}

diesel::table! {
    dismissals (virtual_account_id, alert_key) {
        virtual_account_id -> Text,
        alert_key -> Text,
        dismissed_by -> Text,
        dismissed_at -> Timestamp,
    }
}

diesel::table! {
    notices (event_id) {
        event_id -> Text,
        virtual_account_id -> Text,
        at -> Timestamp,
        message -> Text,
        entitlement_id -> Nullable<Text>,
    }
}

diesel::table! {
    former_virtual_accounts (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        deleted_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    meta,
    counters,
    site_keys,
    smart_accounts,
    virtual_accounts,
    users,
    former_passwords,
    security_settings,
    system_events,
    role_assignments,
    api_clients,
    credentials,
    registration_tokens,
    entitlements,
    license_lines,
    instances,
    instance_members,
    usage,
    export_keys,
    pools,
    reservations,
    reserved_instances,
    authorizations,
    products,
    product_licenses,
    inventory_additions,
    registration_nonces,
    events,
    license_transactions,
    outbox,
    polls,
    virtual_account_tags,
    license_tags,
    custom_tags,
    dismissals,
    notices,
    former_virtual_accounts,
    local_accounts,
    sync_standings,
    sync_requests,
    sync_changes,
    on_prems,
    on_prem_files,
    on_prem_passed,
    mirrors,
    mirrored_tokens,
    on_prem_events,
    access_requests,
    user_groups,
    group_members,
    group_roles,
    hub_organizations,
    hub_roles,
    hub_events,
    hub_deadlines,
    flex_subscriptions,
    flex_clusters,
    flex_publishers,
    flex_days,
);
