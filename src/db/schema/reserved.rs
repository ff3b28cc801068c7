//! The tables of reservations and of the products that can have them.

diesel::table! {
    reservations (id) {
        id -> Text,
        instance_id -> Text,
        entitlement_id -> Text,
        line_id -> Nullable<Text>,
        quantity -> BigInt,
        next_quantity -> Nullable<BigInt>,
    }
}

diesel::table! {
    reserved_instances (instance_id) {
        instance_id -> Text,
        kind -> Text,
        return_pending -> Bool,
    }
}

diesel::table! {
    authorizations (id) {
        id -> Text,
        account_id -> Text,
        instance_id -> Text,
        state -> Text,
        code -> Text,
        confirmation -> Text,
        return_code -> Text,
        made_at -> Timestamp,
        made_by -> Text,
        notes -> Text,
    }
}

diesel::table! {
    products (software_tag) {
        software_tag -> Text,
        name -> Text,
        pid -> Nullable<Text>,
        fingerprint -> Text,
    }
}

diesel::table! {
    product_licenses (software_tag, entitlement_id) {
        software_tag -> Text,
        entitlement_id -> Text,
        quantity -> BigInt,
    }
}

diesel::table! {
    inventory_additions (udi_key, entitlement_id) {
        udi_key -> Text,
        entitlement_id -> Text,
    }
}
