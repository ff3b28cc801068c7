//! Fixtures: the state of a site as a YAML file that people copy and change.

use super::fixture_contracts::YamlContract;
use super::fixture_hub::Partner;
use super::fixture_usage::FlexOrder;
use crate::domain::system::SystemRole;
use crate::engine::KnownProduct;
use chrono::NaiveDate;
use serde::Deserialize;
use std::path::{Path, PathBuf};

const LAB: &str = include_str!("fixtures/lab.yaml");
const EMPTY: &str = include_str!("fixtures/empty.yaml");

/// Why a fixture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("the fixture {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// It is not a fixture; the text names line and field.
    #[error("the fixture {0} is not valid: {1}")]
    Invalid(String, String),
}

/// A fixture.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// Version of this format; 1.
    pub format: u32,
    /// The instant that its dates are as of; they move with it by whole days.
    pub anchor: Option<String>,
    /// Kinds of license.
    #[serde(default)]
    pub catalog: Vec<Entitlement>,
    /// Products beside those that Syncom simulates.
    #[serde(default)]
    pub products: Vec<Product>,
    /// Partners of the hub, with their customers.
    #[serde(default)]
    pub hub: Vec<Partner>,
    /// Active User contracts of customers of the hub.
    #[serde(default)]
    pub active_user_contracts: Vec<YamlContract>,
    /// What its customers bought and use of Unified CM Cloud.
    #[serde(default)]
    pub flex_usage: Vec<FlexOrder>,
    /// Smart Accounts.
    #[serde(default)]
    pub smart_accounts: Vec<SmartAccount>,
    /// The first users of a new satellite; one System Admin, `admin`, unless given.
    #[serde(default = "only_admin")]
    pub satellite_users: Vec<SystemUser>,
}

/// A user of a satellite.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUser {
    /// Login name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Mail address; `<name>@lab.example` unless given.
    pub email: Option<String>,
    /// The system role's name as on the pages.
    pub role: String,
    /// Whether the person has to go through the first login before anything else.
    #[serde(default)]
    pub first_login: bool,
}

/// Somebody has to create the others (B-SHL-02).
fn only_admin() -> Vec<SystemUser> {
    let role = SystemRole::Admin.name().to_owned();
    let (first_name, last_name) = ("System".to_owned(), "Administrator".to_owned());
    let name = "admin".to_owned();
    vec![SystemUser { name, first_name, last_name, email: None, role, first_login: true }]
}

/// A kind of license.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// What people call it.
    pub name: String,
    /// Its entitlement tag.
    pub tag: String,
    /// One sentence.
    #[serde(default)]
    pub description: String,
    /// `prepaid` (default) or `usage`.
    pub billing: Option<String>,
    /// Whether devices need a code before use.
    #[serde(default)]
    pub enforced: bool,
    /// Whether it falls under export control.
    #[serde(default)]
    pub export_restricted: bool,
    /// The family of tiers it belongs to.
    pub family: Option<String>,
    /// Its rank there: a higher one stands in for a lower one.
    pub tier: Option<i64>,
}

/// A product that is known by its request codes, beside those that Syncom simulates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Software tag.
    pub tag: String,
    /// What people call it.
    pub name: String,
    /// Product identifier that its devices have in common.
    pub pid: Option<String>,
    /// What a device may bring into the inventory, once (A-RSV-02).
    #[serde(default)]
    pub inventory: Vec<Brought>,
}

/// So many of a license that a device brings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brought {
    /// Its name or tag.
    pub license: String,
    /// How many.
    pub quantity: i64,
}

impl From<Product> for KnownProduct {
    fn from(product: Product) -> Self {
        let Product { tag, name, pid, inventory } = product;
        let inventory = inventory.into_iter().map(|b| (b.license, b.quantity)).collect();
        Self { software_tag: tag, name, pid, inventory }
    }
}

/// A Smart Account with everything in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmartAccount {
    /// What people call it.
    pub name: String,
    /// Its domain identifier.
    pub domain: String,
    /// `customer` (default) or `holding`.
    pub kind: Option<String>,
    /// The accepted agreement.
    pub agreement: Option<Agreement>,
    /// Whether tokens may allow export-controlled functionality.
    #[serde(default)]
    pub export_entitled: bool,
    /// Whether license reservation is switched on.
    #[serde(default)]
    pub reservation_enabled: bool,
    /// Whether reserving may bring licenses into the inventory.
    #[serde(default)]
    pub add_to_inventory: bool,
    /// Names of labels with the values that they may have.
    #[serde(default)]
    pub custom_tags: Vec<CustomTag>,
    /// Virtual accounts; exactly one is the default.
    pub virtual_accounts: Vec<VirtualAccount>,
    /// People.
    #[serde(default)]
    pub users: Vec<User>,
    /// API clients.
    #[serde(default)]
    pub api_clients: Vec<ApiClient>,
    /// Registration tokens.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// License lines.
    #[serde(default)]
    pub licenses: Vec<Line>,
    /// Factory reservations: devices that hold licenses without talking to us.
    #[serde(default)]
    pub reservations: Vec<Reservation>,
}

/// A custom tag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomTag {
    /// The name.
    pub name: String,
    /// The values that it may have.
    pub values: Vec<String>,
}

/// An accepted agreement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Version of the text.
    pub version: String,
    /// Login name.
    pub accepted_by: String,
}

/// A virtual account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VirtualAccount {
    /// The name.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Whether orders without a virtual account land here.
    #[serde(default)]
    pub default: bool,
    /// The name of the one it is nested in; that one stands before it.
    pub parent: Option<String>,
    /// `public` (default) or `private`.
    pub access: Option<String>,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Labels.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Login name.
    pub name: String,
    /// Mail address; `<name>@<domain>` unless given.
    pub email: Option<String>,
    /// Roles in this Smart Account.
    pub roles: Vec<Role>,
}

/// A role of a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role's name as on the portal.
    pub role: String,
    /// For virtual-account roles.
    pub virtual_account: Option<String>,
    /// Whether it reaches the virtual accounts nested below.
    #[serde(default)]
    pub nested: bool,
}

/// An API client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiClient {
    /// What people call it; id and secret follow from it and the seed.
    pub name: String,
    /// Login name of the person whose rights it has.
    pub user: String,
    /// Where authorization codes may go.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// A registration token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Its text follows from this name and the seed.
    pub name: String,
    /// Where products land.
    pub virtual_account: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Its life, 1 to 365 days.
    pub days: i64,
    /// Unlimited unless given.
    pub max_uses: Option<i64>,
    /// Whether it allows export-controlled functionality; yes unless given.
    pub export_allowed: Option<bool>,
    /// Login name.
    pub created_by: String,
}

/// A license line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The license's name in the catalog.
    pub license: String,
    /// Where it is.
    pub virtual_account: String,
    /// `perpetual`, `term`, `subscription` or `demo`.
    #[serde(rename = "type")]
    pub license_type: String,
    /// How many.
    pub quantity: i64,
    /// First day; the anchor's day unless given.
    pub starts: Option<NaiveDate>,
    /// Last day.
    pub ends: Option<NaiveDate>,
    /// Order number.
    pub order_number: Option<String>,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Subscription identifier.
    pub subscription_id: Option<String>,
    /// `booked` (default), `pending` or `cancelled`.
    pub booking: Option<String>,
    /// Whether it came with an enterprise agreement.
    #[serde(default)]
    pub enterprise_agreement: bool,
    /// Whether it may leave its virtual account; yes unless given.
    pub portable: Option<bool>,
    /// `order` (default), `device_migration`, `dlc` or `pak`.
    pub source: Option<String>,
    /// Product authorization key.
    pub pak: Option<String>,
    /// Serial number of the migrated device.
    pub product_serial: Option<String>,
    /// Product family, or license family for DLC.
    pub product_family: Option<String>,
    /// Words about the migrated device.
    pub device_details: Option<String>,
}

/// A device that holds a factory-installed reservation (A-RSV-09).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// Where its licenses come from.
    pub virtual_account: String,
    /// Product identifier.
    pub pid: String,
    /// Serial number.
    pub serial: String,
    /// Host name.
    pub hostname: Option<String>,
    /// The license's name.
    pub license: String,
    /// How many, of the lines in their order.
    pub quantity: i64,
}

impl Fixture {
    /// The fixture of that name, `lab` or `empty`, or of that file.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name {
            "lab" => Self::parse("lab", LAB),
            "empty" => Self::parse("empty", EMPTY),
            path => {
                let path = Path::new(path);
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Error::Unreadable(path.to_owned(), error))?;
                Self::parse(&path.display().to_string(), &text)
            }
        }
    }

    /// Reads a fixture from YAML; `name` is for error texts.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let fixture: Self = serde_saphyr::from_str(text)
            .map_err(|error| Error::Invalid(name.to_owned(), error.to_string()))?;
        if fixture.format != 1 {
            let problem = format!("format {} is not known; 1 is", fixture.format);
            return Err(Error::Invalid(name.to_owned(), problem));
        }
        Ok(fixture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both fixtures that we ship can be read.
    #[test]
    fn our_own_fixtures_are_valid() {
        assert_eq!(Fixture::named("lab").unwrap().smart_accounts.len(), 1);
        assert!(Fixture::named("empty").unwrap().smart_accounts.is_empty());
    }

    /// An unknown key is an error that names it, never ignored.
    #[test]
    fn an_unknown_key_is_an_error() {
        let error = Fixture::parse("x", "format: 1\ncatalogue: []\n").unwrap_err();
        assert!(error.to_string().contains("catalogue"), "{error}");
        assert!(Fixture::parse("x", "format: 2\n").is_err());
    }
}
