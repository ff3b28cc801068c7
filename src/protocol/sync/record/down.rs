//! Records that CSSM sends: what it alone decides.

use crate::domain::id::{LineId, VirtualAccountId};
use crate::domain::license::{Billing, LicenseType};
use crate::domain::line::{Booking, Source};
use crate::domain::time::Timestamp;
use crate::protocol::sync::words;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What CSSM says about the Smart Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its name.
    #[serde(with = "words::form")]
    pub smart_account: String,
    /// Its domain identifier.
    #[serde(with = "words::form")]
    pub domain: String,
    /// Whether tokens may allow export-controlled functionality.
    pub export_entitled: bool,
    /// Whether licenses may be reserved.
    pub reservation_enabled: bool,
    /// The accepted agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// The agreement that is published, accepted or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
}

/// Which agreement is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Version of the text.
    #[serde(with = "words::form")]
    pub version: String,
    /// Since when.
    #[serde(with = "words::form")]
    pub at: Timestamp,
}

/// Who accepted which agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Version of the text.
    #[serde(with = "words::form")]
    pub version: String,
    /// Who accepted it.
    #[serde(with = "words::form")]
    pub accepted_by: String,
    /// When.
    #[serde(with = "words::form")]
    pub accepted_at: Timestamp,
}

/// A virtual account of CSSM that is attached to the satellite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VirtualAccount {
    /// Its identity in CSSM.
    pub id: VirtualAccountId,
    /// Its name.
    #[serde(with = "words::form")]
    pub name: String,
}

/// A kind of license.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// The entitlement tag, by which both sides know it.
    #[serde(with = "words::form")]
    pub tag: String,
    /// What people call it.
    #[serde(with = "words::form")]
    pub name: String,
    /// One sentence.
    #[serde(with = "words::form")]
    pub description: String,
    /// How it is paid for.
    #[serde(with = "words::form")]
    pub billing: Billing,
    /// Whether devices need an authorization code before use.
    pub enforced: bool,
    /// Whether it falls under export control.
    pub export_restricted: bool,
    /// Its family of tiers.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Its rank in the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<i64>,
}

/// A license line of an attached virtual account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its identity in CSSM.
    pub id: LineId,
    /// The CSSM virtual account that owns it.
    pub virtual_account: VirtualAccountId,
    /// Entitlement tag of what it is a quantity of.
    #[serde(with = "words::form")]
    pub tag: String,
    /// Its type.
    #[serde(with = "words::form")]
    pub license_type: LicenseType,
    /// How many.
    #[serde(deserialize_with = "words::count")]
    pub quantity: i64,
    /// First day.
    #[serde(with = "words::form")]
    pub starts: NaiveDate,
    /// Last day, inclusive, UTC.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<NaiveDate>,
    /// What people did to it.
    #[serde(with = "words::form")]
    pub booking: Booking,
    /// Whether it came with an enterprise agreement.
    pub enterprise_agreement: bool,
    /// Whether it may leave its virtual account.
    pub portable: bool,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a line came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Which way.
    #[serde(with = "words::form")]
    pub source: Source,
    /// Order number.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// Stock keeping unit.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Subscription identifier.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
    /// Product authorization key.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub pak: Option<String>,
    /// Serial number of the migrated device.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub product_serial: Option<String>,
    /// Product family.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Words about the migrated device.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub device_details: Option<String>,
}

/// When the next synchronization is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// From then on it is overdue.
    #[serde(with = "words::form")]
    pub due: Timestamp,
    /// Then CSSM removes the On-Prem.
    #[serde(with = "words::form")]
    pub deadline: Timestamp,
}
