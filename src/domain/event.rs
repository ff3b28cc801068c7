//! Facts for the event logs, written in the transaction of their cause.

use super::id::{
    EntitlementId, EventId, InstanceId, OnPremUid, SmartAccountId, TokenId, TransactionId,
    VirtualAccountId,
};
use super::line::Line;
use super::time::Timestamp;
use chrono::NaiveDate;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// What kind of fact an event is; the code is stored and exported.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventKind { $($(#[$doc])* $name),+ }

        impl EventKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stored code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The kind of that code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

kinds! {
    /// A registration token was created.
    TokenCreated = "token_created",
    /// A registration token was revoked.
    TokenRevoked = "token_revoked",
    /// A registration token's row was removed.
    TokenRemoved = "token_removed",
    /// A product instance registered.
    InstanceRegistered = "instance_registered",
    /// A product instance renewed its identity certificate.
    InstanceRenewed = "instance_renewed",
    /// A product instance was told what it may use.
    InstanceAuthorized = "instance_authorized",
    /// A product instance moved to another virtual account.
    InstanceMoved = "instance_moved",
    /// A product instance arrived from another virtual account.
    InstanceArrived = "instance_arrived",
    /// A product instance deregistered.
    InstanceDeregistered = "instance_deregistered",
    /// A person removed a product instance.
    InstanceRemoved = "instance_removed",
    /// A unit of a high-availability group was taken out of it.
    MemberRemoved = "member_removed",
    /// A product instance was given a voucher for a third party.
    VoucherIssued = "voucher_issued",
    /// A product instance was given a key for an export-restricted license.
    ExportKeyGranted = "export_key_granted",
    /// A product instance asked for such a key, and none is free.
    ExportKeyRefused = "export_key_refused",
    /// A product instance gave such a key back.
    ExportKeyReturned = "export_key_returned",
    /// A product instance does not wait for such a key any more.
    ExportKeyCancelled = "export_key_cancelled",
    /// A product instance whose registration ended stays, because it holds such a key.
    InstanceKept = "instance_kept",
    /// Licenses arrived by an order.
    LicensesAdded = "licenses_added",
    /// Licenses were reserved.
    LicensesReserved = "licenses_reserved",
    /// A reservation is to hold more, or a license that it did not hold.
    ReservationIncreased = "reservation_increased",
    /// A reservation is to hold less.
    ReservationDecreased = "reservation_decreased",
    /// An update of a reservation was cancelled.
    ReservationCancelled = "reservation_update_cancelled",
    /// The confirmation code of a reservation was entered.
    ReservationConfirmed = "reservation_confirmed",
    /// The reserved licenses of a product instance came back.
    ReservationReturned = "reservation_returned",
    /// A product instance moved with its reserved licenses.
    ReservationMoved = "reservation_moved",
    /// The licenses of a failed product were reserved for its replacement.
    ReservationRehosted = "reservation_rehosted",
    /// Support ended an update, or removed a product instance with a reservation.
    ReservationResolved = "reservation_resolved",
    /// A code of a reservation was refused.
    ReservationCodeRefused = "reservation_code_refused",
    /// A device brought licenses into the inventory.
    InventoryAdded = "inventory_added",
    /// Licenses left for another virtual account.
    LicensesTransferredOut = "licenses_transferred_out",
    /// Licenses came from another virtual account.
    LicensesTransferredIn = "licenses_transferred_in",
    /// Surplus of a license began to stand in for a lower tier, or ceased to.
    LicensesLent = "licenses_lent",
    /// A license began to stand on a higher tier's surplus, or ceased to.
    LicensesBorrowed = "licenses_borrowed",
    /// A license fell short.
    ComplianceLost = "compliance_lost",
    /// A license is covered again.
    ComplianceRegained = "compliance_regained",
    /// A virtual account was created.
    VirtualAccountCreated = "virtual_account_created",
    /// A virtual account was deleted.
    VirtualAccountDeleted = "virtual_account_deleted",
    /// Another virtual account became the default.
    DefaultChanged = "default_changed",
    /// A virtual account got another name, place, access level, description or other tags.
    VirtualAccountChanged = "virtual_account_changed",
    /// A registration token came to its end.
    TokenExpired = "token_expired",
    /// A product instance did not renew its authorization, and its licenses are free again.
    AuthorizationExpired = "authorization_expired",
    /// A person released what an instance uses beside its restricted licenses.
    InstanceReleased = "instance_released",
    /// Licenses began to count.
    LicensesStarted = "licenses_started",
    /// Licenses came to their end.
    LicensesExpired = "licenses_expired",
    /// Ordered licenses were provisioned.
    LicensesProvisioned = "licenses_provisioned",
    /// Licenses were cancelled.
    LicensesCancelled = "licenses_cancelled",
    /// The tags of a license changed.
    LicenseTagged = "license_tagged",
    /// An alert began.
    AlertRaised = "alert_raised",
    /// An alert ended.
    AlertCleared = "alert_cleared",
    /// A person dismissed an alert.
    AlertDismissed = "alert_dismissed",
    /// A newer agreement text was published.
    AgreementPublished = "agreement_published",
    /// A person accepted the agreement.
    AgreementAccepted = "agreement_accepted",
    /// A satellite's local account synchronized with CSSM.
    Synchronized = "synchronized",
    /// A synchronization failed.
    SyncFailed = "synchronization_failed",
    /// A local account has to register again.
    AccountExpired = "local_account_expired",
    /// Somebody got a role.
    RoleGiven = "role_given",
    /// A role of somebody became another one.
    RoleChanged = "role_changed",
    /// Somebody lost a role.
    RoleTaken = "role_taken",
    /// The support desk changed an attribute of the Smart Account.
    AccountChanged = "account_changed",
    /// An On-Prem was registered.
    OnPremCreated = "on_prem_created",
    /// An On-Prem got another name.
    OnPremRenamed = "on_prem_renamed",
    /// A virtual account was attached to an On-Prem.
    OnPremAttached = "on_prem_attached",
    /// A virtual account does not belong to an On-Prem any more.
    OnPremDetached = "on_prem_detached",
    /// A person removed an On-Prem.
    OnPremRemoved = "on_prem_removed",
    /// An On-Prem failed to synchronize and was removed.
    OnPremExpired = "on_prem_expired",
    /// An On-Prem synchronized over the network.
    OnPremSynchronized = "on_prem_synchronized",
    /// An On-Prem was synchronized by files.
    OnPremFileTaken = "on_prem_file_synchronized",
    /// A file of an On-Prem was refused.
    OnPremFileRefused = "on_prem_file_refused",
    /// The authorization file of an On-Prem was downloaded.
    OnPremAuthorized = "on_prem_authorization_downloaded",
}

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
