//! Partners, customers and their people.

diesel::table! {
    hub_organizations (id) {
        id -> Text,
        key -> Text,
        name -> Text,
        kind -> Text,
        partner_id -> Nullable<Text>,
    }
}

diesel::table! {
    hub_roles (id) {
        id -> Text,
        user_id -> Text,
        organization_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    hub_events (id) {
        id -> Text,
        organization_id -> Text,
        at -> Timestamp,
        kind -> Text,
        message -> Text,
        actor -> Text,
    }
}

diesel::table! {
    hub_deadlines (kind, subject) {
        kind -> Text,
        subject -> Text,
        due_at -> Timestamp,
    }
}
