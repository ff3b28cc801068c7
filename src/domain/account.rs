//! Smart Accounts: the customer's whole estate on the service.

use super::id::SmartAccountId;
use super::time::Timestamp;

/// A Smart Account (features A-MSA-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmartAccount {
    /// Identity.
    pub id: SmartAccountId,
    /// The number that the REST API shows.
    pub number: i64,
    /// What people call it.
    pub name: String,
    /// The domain identifier; matched without regard to case (proven; rest-api 0.12).
    pub domain: String,
    /// Customer or holding.
    pub kind: AccountKind,
    /// Who accepted the licensing agreement, if anybody did.
    pub agreement: Option<Agreement>,
    /// Whether tokens may allow export-controlled functionality (A-EXP-01).
    pub export_entitled: bool,
    /// Whether license reservation is switched on by support (A-RSV-01).
    pub reservation_enabled: bool,
    /// Whether reserving may bring licenses into the inventory (A-RSV-02, A-PRF-06).
    pub add_to_inventory: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// An accepted agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Version of the text.
    pub version: String,
    /// Who accepted it.
    pub accepted_by: String,
    /// When.
    pub accepted_at: Timestamp,
}

/// The type of a Smart Account (proven; rest-api 0.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// An end customer's account.
    Customer,
    /// A partner's holding account.
    Holding,
}

impl AccountKind {
    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Holding => "HOLDING",
        }
    }

    /// From a path segment, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Customer, Self::Holding].into_iter().find(|k| k.name().eq_ignore_ascii_case(text))
    }
}
