//! Use cases: one public method is one transaction.
//!
//! Each method asks the clock once, finds out who is calling, checks the
//! permission, decides in the domain, saves, and writes the event beside the
//! change.

mod access;
mod accounts;
mod active_user;
mod admission;
mod agreements;
mod alerts;
mod carrying;
mod catalogue;
mod changes;
mod current;
mod custom_tags;
mod devices;
mod editing;
mod emptying;
mod error;
mod events;
mod explaining;
mod export_keys;
mod flex;
mod horizon;
mod hub;
mod identity;
mod instances;
mod keys;
mod known;
mod ledger;
mod licenses;
mod mailing;
mod oauth;
mod on_prems;
mod orders;
mod polls;
mod reporting;
mod reservations;
mod roles;
mod satellite;
mod seeding;
pub use seeding::remember_lab_password;
mod sessions;
mod support;
mod system;
mod tick;
mod tokens;
mod transfers;
mod turn;
pub mod uplink;
mod virtual_accounts;
mod vouchers;

pub use access::{Place, VaRef, Who};
pub use accounts::{AccountWithRoles, AccountWithVirtualAccounts};
pub use active_user::{
    ContractRow, ContractView, PersonRow, PersonWish, Preview, Ran, Reported, SessionWish,
    add_contract,
};
pub use agreements::AgreementView;
pub use alerts::{AlertCounts, AlertHolder, AlertList};
pub use carrying::Carried;
pub use custom_tags::{CustomTagRow, CustomTagWish};
pub use devices::{Authorization, AuthorizationAnswer, Origin, Registered, Registration, Renewed};
pub use editing::VirtualAccountChange;
pub use emptying::Emptied;
pub use error::{Error, OAuthRefusal, Result, SignInRefusal};
pub use events::{EventQuery, LoggedEvent, LoggedTransaction, Subject, TransactionQuery};
pub use explaining::Explained;
pub use export_keys::{ExportKeyAnswer, ExportKeyRequest};
pub use flex::{
    Aggregate, AggregateQuery, AggregateRow, Assignment, ClusterList, ClusterRow, ClusterUsage,
    CustomerCard, CustomerList, CustomerUsage, Provisioning, SubscriptionUsage, Taken,
};
pub use hub::{Desk, HubPerson, HubPlace, PartnerDesk, RoleGift};
pub use instances::{Device, InstanceRow, InstanceView, UsageRow};
pub use keys::SiteKeys;
pub use licenses::{
    LicenseList, LicenseRow, LicenseView, LineRow, ListedLicense, NamedLoan, Stock,
};
pub use oauth::{ClientSecret, Grant};
pub use on_prems::{
    Credential, Download, NewOnPrem, OnPremGrant, OnPremList, OnPremView, RegisterBy, RequestBy,
    Response,
};
pub use orders::Order;
pub use polls::PollState;
pub use reservations::{
    FactoryDevice, Issued, KnownProduct, NamedConfirmation, NamedLicense, NamedReservation,
    NamedUpdate, Rehost, RequestView, ReservationStanding, ReservationView, Reserve,
    ReservedInstance, ReservedLicense, StockRow,
};
pub use roles::{AccountRoles, RoleRow, RoleWish, WishedHolder};
pub use satellite::{
    AccessRequestView, AccountWish, Deletion, LocalAccountView, LocalAlertView, RequestFile,
    Schedules, Workspace,
};
pub use sessions::SignedIn;
pub use support::AccountChange;
pub use system::{
    Figures, GroupView, GroupWish, LocalAccountSeen, NewClient, NewUser, Profile, RESET_MINUTES,
    SystemLogQuery, ToolkitClient, ToolkitView, begin_first_login, seed_user,
};
pub use tick::Happened;
pub use tokens::TokenView;
pub use transfers::{LicenseTransfer, NamedTransfer, TransferPreview};
pub use turn::Turn;
pub use virtual_accounts::{NewPeople, NewVirtualAccount, Overview, VirtualAccountRow};
pub use vouchers::{Vouched, VoucherRequest};

pub use crate::db::outbox::Mail;
pub use crate::machine::{Gauge, Health};

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::Timestamp;
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::on_prem;
use crate::domain::registration::Periods;
use crate::domain::reservation::Threshold;
use crate::domain::site::Edition;
use crate::ids::Ids;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

/// The rules of a site that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Life of certificates and authorizations.
    pub periods: Periods,
    /// Whether a transfer may leave the source short (X-14; default yes).
    pub transfer_may_go_short: bool,
    /// Seconds that a bearer token lives (proven: 3599).
    pub bearer_seconds: i64,
    /// Hours that a browser session lives (ours: 12).
    pub session_hours: i64,
    /// Seconds until a polled request is ready (ours: 0; early polls must work).
    pub poll_ready_seconds: i64,
    /// How many failed products may be without their return while stock lacks (A-RSV-19).
    pub rehost_threshold: Threshold,
    /// On a satellite: the root certificate of CSSM, PEM; its own process's unless it is told.
    pub cssm_root: Option<String>,
    /// Rules of On-Prems.
    pub on_prem: OnPremRules,
    /// Where its files are: the disk whose room is shown. Nothing is shown unless it is told.
    pub data: Option<PathBuf>,
}

/// The rules of On-Prems that can be set.
#[derive(Clone, Copy, Debug)]
pub struct OnPremRules {
    /// When synchronizations are due (B-SYN-11, X-15).
    pub profile: on_prem::Profile,
    /// Hours until an authorization file is ready (A-OPA-03; default 0).
    pub authorization_hours: i64,
    /// Days that a credential for the network lasts (B-ACC-08; documented: 180).
    pub credential_days: u64,
}

impl Default for OnPremRules {
    fn default() -> Self {
        Self { profile: on_prem::Profile::CLASSIC, authorization_hours: 0, credential_days: 180 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Periods::default(),
            transfer_may_go_short: true,
            bearer_seconds: 3_599,
            session_hours: 12,
            poll_ready_seconds: 0,
            rehost_threshold: Threshold::default(),
            cssm_root: None,
            on_prem: OnPremRules::default(),
            data: None,
        }
    }
}

/// What a site consists of, before it runs.
pub struct Parts {
    /// Its name, such as `cssm` or `sat-a`.
    pub name: String,
    /// Which service it is.
    pub edition: Edition,
    /// Its rows.
    pub db: Db,
    /// The clock of its world.
    pub clock: Clock,
    /// The ids of its world.
    pub ids: Ids,
    /// What it signs with.
    pub keys: SiteKeys,
    /// Its rules.
    pub settings: Settings,
    /// On a satellite: its way to CSSM, if it has one.
    pub uplink: Option<Arc<dyn uplink::Uplink>>,
}

/// One site's use cases. Clones share the site.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    identities: identity::Identities,
    serials: identity::Serials,
    accounts: identity::Remembered<String, SmartAccountId>,
    lists: current::Current<String, LicenseList>,
    horizon: horizon::Horizon,
    /// What time has caused since the start.
    settled: Mutex<tick::Happened>,
    /// Rises with each change but those that devices' reports are.
    changes: AtomicU64,
    known: known::Known,
    /// Local accounts that synchronize over the network at the moment.
    syncing: Mutex<BTreeSet<OnPremUid>>,
}

impl Engine {
    /// Puts a site together.
    pub fn new(parts: Parts) -> Self {
        let inner = Inner {
            parts,
            identities: identity::Identities::default(),
            serials: identity::Serials::default(),
            accounts: identity::Remembered::default(),
            lists: current::Current::default(),
            horizon: horizon::Horizon::default(),
            settled: Mutex::default(),
            changes: AtomicU64::new(0),
            known: known::Known::default(),
            syncing: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The site's name.
    pub fn name(&self) -> &str {
        &self.inner.parts.name
    }

    /// Which service the site is.
    pub fn edition(&self) -> Edition {
        self.inner.parts.edition
    }

    /// The clock of the site's world.
    pub fn clock(&self) -> &Clock {
        &self.inner.parts.clock
    }

    /// The present instant of the site's world.
    pub fn now(&self) -> Timestamp {
        self.inner.parts.clock.now()
    }

    /// The ids of the site's world.
    pub fn ids(&self) -> &Ids {
        &self.inner.parts.ids
    }

    /// What the site signs with.
    pub fn keys(&self) -> &SiteKeys {
        &self.inner.parts.keys
    }

    /// The site's rules.
    pub fn settings(&self) -> &Settings {
        &self.inner.parts.settings
    }

    fn db(&self) -> &Db {
        &self.inner.parts.db
    }
}
