//! What customers bought and use of Unified CM Cloud.

diesel::table! {
    flex_subscriptions (number) {
        number -> BigInt,
        organization_id -> Text,
        order_id -> Text,
        subscription_id -> Text,
        model -> Text,
        professional -> BigInt,
        enhanced -> BigInt,
        access -> BigInt,
        knowledge_worker -> BigInt,
        common_area -> BigInt,
        telepresence -> BigInt,
        starts -> Date,
        ends -> Nullable<Date>,
        cancelled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    flex_clusters (number) {
        number -> BigInt,
        organization_id -> Text,
        subscription -> Nullable<BigInt>,
        name -> Text,
        name_key -> Text,
        region -> Text,
        version -> Text,
        publisher -> Text,
        added_at -> Timestamp,
        found -> Bool,
        verified_at -> Nullable<Timestamp>,
        secret -> Nullable<Text>,
    }
}

diesel::table! {
    flex_publishers (number) {
        number -> BigInt,
        organization_id -> Text,
        name -> Text,
        region -> Text,
        version -> Text,
        publisher -> Text,
        added_at -> Timestamp,
        looked_at -> Nullable<Timestamp>,
        cluster -> Nullable<BigInt>,
    }
}

diesel::table! {
    flex_days (cluster, day) {
        cluster -> BigInt,
        day -> Integer,
        professional -> BigInt,
        enhanced -> BigInt,
        access -> BigInt,
        knowledge_worker -> BigInt,
        common_area -> BigInt,
        telepresence -> BigInt,
    }
}
