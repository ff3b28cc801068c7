//! Facts for the event logs, written in the transaction of their cause.

mod kind;

pub use kind::EventKind;

use super::id::{
    EntitlementId, EventId, InstanceId, OnPremUid, SmartAccountId, TokenId, TransactionId,
    VirtualAccountId,
};
use super::line::Line;
use super::time::Timestamp;
use chrono::NaiveDate;

impl EventKind {
    /// Whether it is told as a notice on the list of its virtual account (A-ALK-17).
    pub fn is_notice(self) -> bool {
        matches!(
            self,
            Self::LicensesAdded
                | Self::LicensesTransferredIn
                | Self::LicensesStarted
                | Self::InstanceArrived
                | Self::ReservationReturned
        )
    }
}

/// A row of an event log; append-only, with the names of its day (A-EVT-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Identity; rises with time.
    pub id: EventId,
    /// The Smart Account.
    pub account: SmartAccountId,
    /// The virtual account, unless it concerns the whole Smart Account.
    pub virtual_account: Option<VirtualAccountId>,
    /// When.
    pub at: Timestamp,
    /// What kind of fact.
    pub kind: EventKind,
    /// The sentence.
    pub message: String,
    /// A login name, a device's name, or `System` (A-EVT-01).
    pub actor: String,
    /// The product instance concerned.
    pub instance: Option<InstanceId>,
    /// The license concerned.
    pub entitlement: Option<EntitlementId>,
}

/// An event before it has an identity and an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The virtual account, unless it concerns the whole Smart Account.
    pub virtual_account: Option<VirtualAccountId>,
    /// What kind of fact.
    pub kind: EventKind,
    /// The sentence.
    pub message: String,
    /// The product instance concerned.
    pub instance: Option<InstanceId>,
    /// The license concerned.
    pub entitlement: Option<EntitlementId>,
    /// The registration token that changed; a satellite tells CSSM of it, no log has it.
    pub token: Option<TokenId>,
    /// The On-Prem concerned.
    pub on_prem: Option<OnPremUid>,
}

impl Fact {
    /// A fact about a virtual account.
    pub fn new(at: VirtualAccountId, kind: EventKind, message: impl Into<String>) -> Self {
        Self {
            virtual_account: Some(at),
            kind,
            message: message.into(),
            instance: None,
            entitlement: None,
            token: None,
            on_prem: None,
        }
    }

    /// A fact about the whole Smart Account.
    pub fn of_account(kind: EventKind, message: impl Into<String>) -> Self {
        Self {
            virtual_account: None,
            kind,
            message: message.into(),
            instance: None,
            entitlement: None,
            token: None,
            on_prem: None,
        }
    }

    /// Names the registration token that changed.
    #[must_use]
    pub fn with_token(mut self, token: TokenId) -> Self {
        self.token = Some(token);
        self
    }

    /// Names the On-Prem concerned.
    #[must_use]
    pub fn of_on_prem(mut self, uid: OnPremUid) -> Self {
        self.on_prem = Some(uid);
        self
    }

    /// Names the product instance concerned.
    #[must_use]
    pub fn about(mut self, instance: InstanceId) -> Self {
        self.instance = Some(instance);
        self
    }

    /// Names the license concerned.
    #[must_use]
    pub fn of(mut self, entitlement: EntitlementId) -> Self {
        self.entitlement = Some(entitlement);
        self
    }
}

/// A row of *License Transactions* (A-ACT-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Identity; rises with time.
    pub id: TransactionId,
    /// The Smart Account.
    pub account: SmartAccountId,
    /// When.
    pub at: Timestamp,
    /// Order or transfer.
    pub kind: TransactionKind,
    /// The license.
    pub entitlement: EntitlementId,
    /// How many.
    pub quantity: i64,
    /// Last day of the line; `None` for perpetual.
    pub ends: Option<NaiveDate>,
    /// Where they left.
    pub source: Option<VirtualAccountId>,
    /// Where they arrived.
    pub target: Option<VirtualAccountId>,
    /// Stock keeping unit of the line.
    pub sku: Option<String>,
    /// Order number, PAK or device.
    pub reference: Option<String>,
    /// Login name or `System`.
    pub actor: String,
}

impl Transaction {
    /// A line that was ordered.
    pub fn order(id: TransactionId, line: &Line, at: Timestamp) -> Self {
        Self {
            id,
            account: line.account,
            at,
            kind: TransactionKind::Order,
            entitlement: line.entitlement,
            quantity: line.quantity,
            ends: line.ends,
            source: None,
            target: Some(line.virtual_account),
            sku: line.origin.sku.clone(),
            reference: line.origin.order_number.clone(),
            actor: "System".into(),
        }
    }

    /// The quantity with its sign: what ended, was cancelled or is reserved is gone.
    pub fn signed(&self) -> i64 {
        match self.kind {
            TransactionKind::Expiry
            | TransactionKind::Cancellation
            | TransactionKind::Reservation => -self.quantity,
            TransactionKind::Order
            | TransactionKind::Transfer
            | TransactionKind::ReservationReturn => self.quantity,
        }
    }

    /// A line that ended or was cancelled.
    pub fn loss(id: TransactionId, kind: TransactionKind, line: &Line, at: Timestamp) -> Self {
        let (source, target) = (Some(line.virtual_account), None);
        Self { kind, source, target, ..Self::order(id, line, at) }
    }
}

/// What kind of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionKind {
    /// Bought.
    Order,
    /// Moved between virtual accounts.
    Transfer,
    /// Came to their end.
    Expiry,
    /// Cancelled.
    Cancellation,
    /// Reserved for a device.
    Reservation,
    /// Given back by a device.
    ReservationReturn,
}

impl TransactionKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Order,
        Self::Transfer,
        Self::Expiry,
        Self::Cancellation,
        Self::Reservation,
        Self::ReservationReturn,
    ];

    /// The word on pages, also the stored code.
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "Order",
            Self::Transfer => "Transfer",
            Self::Expiry => "Expiry",
            Self::Cancellation => "Cancellation",
            Self::Reservation => "Reservation",
            Self::ReservationReturn => "Reservation Return",
        }
    }

    /// From the stored code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == text)
    }
}
