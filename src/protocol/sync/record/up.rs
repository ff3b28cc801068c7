//! Records that the satellite sends: what it alone decides.

use crate::domain::id::{InstanceId, TokenId, VirtualAccountId};
use crate::domain::time::Timestamp;
use crate::protocol::sync::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A virtual account of the satellite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalVirtualAccount {
    /// Its identity on the satellite.
    pub id: VirtualAccountId,
    /// Its name.
    #[serde(with = "words::form")]
    pub name: String,
    /// The CSSM virtual account that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<VirtualAccountId>,
    /// Whether licenses arrive here.
    pub default: bool,
}

/// A product instance, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// The product instance identifier.
    pub id: InstanceId,
    /// The local virtual account that it is in.
    pub virtual_account: VirtualAccountId,
    /// The device; what data privacy hides is missing.
    pub udi: Udi,
    /// Software tag of the product.
    #[serde(with = "words::form")]
    pub software_tag: String,
    /// The product's name.
    #[serde(with = "words::form")]
    pub product_name: String,
    /// Its host name.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Whether it may use export-controlled functionality.
    pub export_allowed: bool,
    /// Whether it holds a reservation.
    pub reserved: bool,
    /// When it registered.
    #[serde(with = "words::form")]
    pub registered_at: Timestamp,
    /// When the satellite last heard of it.
    #[serde(with = "words::form")]
    pub last_contact_at: Timestamp,
    /// When it was last authorized.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub authorized_at: Option<Timestamp>,
    /// What it was told then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_compliance: Option<bool>,
    /// How many of which entitlement tag it uses.
    #[serde(with = "words::uses")]
    pub uses: BTreeMap<String, i64>,
}

/// The seven fields of a device identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Udi {
    /// Product identifier.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<String>,
    /// Serial number.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Version identifier.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub vid: Option<String>,
    /// Software identifier.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Free-form software identifier.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub suvi: Option<String>,
    /// Host identifier.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub host_identifier: Option<String>,
    /// MAC address.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub mac_address: Option<String>,
}

/// A product instance that is there no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceRemoved {
    /// The product instance identifier.
    pub id: InstanceId,
    /// When it went.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// A registration token, as it is now; its text stays on the satellite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Its identity on the satellite.
    pub id: TokenId,
    /// The local virtual account that it is for.
    pub virtual_account: VirtualAccountId,
    /// The text's beginning and end, as lists show it.
    #[serde(with = "words::form")]
    pub short: String,
    /// Free text.
    #[serde(with = "words::form")]
    pub description: String,
    /// Whether it allows export-controlled functionality.
    pub export_allowed: bool,
    /// How often it may be used.
    #[serde(
        deserialize_with = "words::optional_count",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub max_uses: Option<i64>,
    /// How often it was used.
    #[serde(deserialize_with = "words::count")]
    pub uses: i64,
    /// Who made it.
    #[serde(with = "words::form")]
    pub created_by: String,
    /// When.
    #[serde(with = "words::form")]
    pub created_at: Timestamp,
    /// When it ends.
    #[serde(with = "words::form")]
    pub expires_at: Timestamp,
    /// When it was revoked.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// A registration token that is there no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRemoved {
    /// Its identity on the satellite.
    pub id: TokenId,
}
