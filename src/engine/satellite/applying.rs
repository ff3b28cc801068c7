//! What an authorization or a response brings: account, virtual accounts, licenses, dates.

use super::licenses::Licenses;
use super::{files, note, standing};
use crate::crypto::ca;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::account::{AccountKind, Agreement, SmartAccount};
use crate::domain::alert::PublishedAgreement;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{OnPremUid, SmartAccountId, VirtualAccountId};
use crate::domain::local_account::LocalAccount;
use crate::domain::on_prem::{Dates, Mode};
use crate::domain::people::{Assignment, Role};
use crate::domain::standing::{OpenRequest, Refusal, SyncStanding, SyncState};
use crate::domain::system_event::SystemEventKind;
use crate::domain::virtual_account::{Access, Name, VirtualAccount};
use crate::engine::Engine;
use crate::engine::error::Result;
use crate::engine::keys::{Certified, Renewed};
use crate::engine::ledger::Ledger;
use crate::engine::virtual_accounts::FIRST_NUMBER;
use crate::protocol::sync::{self, Header, Record, Verified};

/// The name of the local virtual account in which licenses arrive (general knowledge).
const DEFAULT_NAME: &str = "Default";

/// What a transaction has taken in.
pub(super) struct Arrived {
    pub(super) account: LocalAccount,
    /// New certificates, to be used after the commit.
    pub(super) keys: Option<Renewed>,
}

/// A file of CSSM that was judged and unpacked; all of that is done before anything is locked.
pub(super) struct Unpacked {
    pub(super) header: Header,
    brought: Brought,
}

impl Unpacked {
    pub(super) fn of(file: &Verified<impl AsRef<[u8]>>) -> Result<Self> {
        Ok(Self { header: file.header().clone(), brought: read(file)? })
    }
}

/// The records of a file, by what they concern.
#[derive(Default)]
struct Brought {
    certificates: Option<Certified>,
    account: Option<sync::Account>,
    virtual_accounts: Vec<sync::VirtualAccount>,
    due: Option<Dates>,
    licenses: Licenses,
}

impl Engine {
    /// The local account gets its rows, at its first registration or again.
    pub(super) fn settle_in(
        &self,
        conn: &mut Conn,
        mut account: LocalAccount,
        Unpacked { header, brought }: Unpacked,
        (actor, now): (&str, Timestamp),
    ) -> Result<Arrived> {
        let Some(told) = &brought.account else { return Err(lacks("account")) };
        account.smart_account.clone_from(&told.smart_account);
        let schedule = db::standings::find(conn, account.uid)?.and_then(|before| before.schedule);
        // What was exchanged as another On-Prem counts no more (B-ACC-12).
        let uid = OnPremUid(header.uid);
        db::local_accounts::forget_exchanges(conn, &account)?;
        db::local_accounts::rename_uid(conn, account.uid, uid)?;
        account.uid = uid;
        let id = match account.account {
            Some(id) => id,
            None => self.make_account(conn, &account, now)?,
        };
        account.account = Some(id);
        db::local_accounts::save(conn, &account)?;
        let dates = brought.due.ok_or_else(|| lacks("due"))?;
        let standing = SyncStanding {
            uid: account.uid,
            account: id,
            next_sequence: 1,
            base: None,
            state: SyncState::Never,
            problem: String::new(),
            needs_full: false,
            last_kind: None,
            last_at: None,
            dates,
            schedule,
            next_at: None,
            due_at: None,
            settled_at: None,
        };
        let standing = self.next_by_itself(conn, &account, standing.scheduled(now), now)?;
        db::standings::save(conn, &standing)?;
        self.take_in(conn, account, brought, (actor, now))
    }

    /// A response confirms its request and brings what CSSM has decided.
    pub(super) fn answered(
        &self,
        conn: &mut Conn,
        account: LocalAccount,
        (Unpacked { header, brought }, request): (Unpacked, &OpenRequest),
        (actor, now): (&str, Timestamp),
    ) -> Result<Arrived> {
        let before = standing(conn, &account)?;
        let next = header.next_sequence.and_then(|next| i64::try_from(next).ok());
        let next = next.unwrap_or_default().max(before.next_sequence);
        db::standings::confirm(conn, account.uid, before.account, request.sequence)?;
        self.overdue_is_over(conn, &account, (&before.dates, now))?;
        let standing = SyncStanding {
            next_sequence: next,
            base: Some(request.nonce),
            state: SyncState::Synchronized,
            problem: String::new(),
            needs_full: false,
            last_kind: Some(request.kind),
            last_at: Some(now),
            dates: brought.due.unwrap_or(before.dates),
            ..before
        };
        let standing = self.next_by_itself(conn, &account, standing.scheduled(now), now)?;
        db::standings::save(conn, &standing)?;
        let words = format!("{} synchronization {}", request.kind.code(), request.sequence);
        let message = format!("{} is synchronized with CSSM: {words}.", account.name);
        note(self, conn, (SystemEventKind::Synchronized, actor, now), message.clone())?;
        let mut ledger = Ledger::open(self, standing.account, actor, now);
        ledger.note(Fact::of_account(EventKind::Synchronized, message));
        ledger.close(conn)?;
        self.take_in(conn, account, brought, (actor, now))
    }

    fn take_in(
        &self,
        conn: &mut Conn,
        account: LocalAccount,
        brought: Brought,
        (actor, now): (&str, Timestamp),
    ) -> Result<Arrived> {
        let keys = match &brought.certificates {
            Some(certified) => Some(self.keys().install(conn, certified)?),
            None => None,
        };
        let id = account.account.ok_or_else(|| lacks("account"))?;
        let mut ledger = Ledger::open(self, id, actor, now);
        if let Some(told) = brought.account {
            if let Some(sync::Published { version, at }) = told.published.clone() {
                self.learn_agreement(conn, &PublishedAgreement { version, at }, &mut ledger)?;
            }
            take_account(conn, id, &account, told)?;
        }
        self.place(conn, &account, id, &brought.virtual_accounts, now)?;
        brought.licenses.settle(self, conn, (id, &mut ledger), now)?;
        ledger.close(conn)?;
        self.forget_known();
        Ok(Arrived { account, keys })
    }

    fn make_account(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        now: Timestamp,
    ) -> Result<SmartAccountId> {
        let id = SmartAccountId(self.ids().uuid(now));
        let rows = SmartAccount {
            id,
            number: db::keys::next_number(conn, "number", FIRST_NUMBER)?,
            name: account.name.clone(),
            // REST and pages name a local account where they name a domain in CSSM.
            domain: account.name.clone(),
            kind: AccountKind::Customer,
            agreement: None,
            export_entitled: false,
            reservation_enabled: false,
            add_to_inventory: false,
            created_at: now,
        };
        db::accounts::insert(conn, &rows)?;
        if account.mode == Mode::OnPrem8 {
            self.make_local_place(conn, id, (DEFAULT_NAME, true), None, now)?;
        }
        if let Some(user) = db::people::user_by_name(conn, &account.requested_by)? {
            let role = Assignment {
                role: Role::SmartAccountAdministrator,
                account: id,
                virtual_account: None,
                nested: false,
            };
            db::people::assign(conn, self.ids().uuid(now), user.id, &role)?;
        }
        Ok(id)
    }

    fn make_local_place(
        &self,
        conn: &mut Conn,
        account: SmartAccountId,
        (name, is_default): (&str, bool),
        upstream: Option<VirtualAccountId>,
        now: Timestamp,
    ) -> Result<()> {
        let va = VirtualAccount {
            id: VirtualAccountId(self.ids().uuid(now)),
            number: db::keys::next_number(conn, "number", FIRST_NUMBER)?,
            account,
            parent: None,
            name: Name::parse(name)?,
            description: String::new(),
            access: Access::Public,
            is_default,
            satellite: None,
            created_at: now,
            on_prem: None,
            upstream,
        };
        Ok(db::virtual_accounts::insert(conn, &va)?)
    }

    /// Gives each virtual account of CSSM its place here.
    fn place(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        id: SmartAccountId,
        told: &[sync::VirtualAccount],
        now: Timestamp,
    ) -> Result<()> {
        let tree = db::virtual_accounts::tree(conn, id)?;
        for one in told {
            let placed = tree.all().iter().find(|va| va.upstream == Some(one.id));
            match (account.mode, placed, tree.default_account()) {
                (Mode::Classic, Some(va), _) if va.name.as_str() != one.name => {
                    let name = Name::parse(&one.name)?;
                    db::virtual_accounts::save(conn, &VirtualAccount { name, ..va.clone() })?;
                }
                (_, Some(_), _) => {}
                (Mode::Classic, None, default) => {
                    let first = default.is_none() && told.first() == Some(one);
                    self.make_local_place(conn, id, (&one.name, first), Some(one.id), now)?;
                }
                (Mode::OnPrem8, None, Some(default)) => {
                    let upstream = Some(one.id);
                    let va = VirtualAccount { upstream, ..default.clone() };
                    db::virtual_accounts::save(conn, &va)?;
                }
                (Mode::OnPrem8, None, None) => {
                    self.make_local_place(conn, id, (DEFAULT_NAME, true), Some(one.id), now)?;
                }
            }
        }
        Ok(())
    }
}

fn take_account(
    conn: &mut Conn,
    id: SmartAccountId,
    local: &LocalAccount,
    told: sync::Account,
) -> Result<()> {
    let Some(before) = db::accounts::find(conn, id)? else { return Err(lacks("account")) };
    let rows = SmartAccount {
        export_entitled: told.export_entitled,
        reservation_enabled: told.reservation_enabled,
        agreement: told.agreement.map(|one| Agreement {
            version: one.version,
            accepted_by: one.accepted_by,
            accepted_at: one.accepted_at,
        }),
        ..before
    };
    db::accounts::save(conn, &rows)?;
    let local = LocalAccount { smart_account: told.smart_account, ..local.clone() };
    Ok(db::local_accounts::save(conn, &local)?)
}

fn read(file: &Verified<impl AsRef<[u8]>>) -> Result<Brought> {
    let mut brought = Brought::default();
    for record in file.records() {
        match record.map_err(|bad| files::unreadable(&bad))? {
            Record::Authorization(one) => brought.certificates = certified(&one)?,
            Record::Account(one) => brought.account = Some(one),
            Record::VirtualAccount(one) => brought.virtual_accounts.push(one),
            Record::Entitlement(one) => brought.licenses.entitlements.push(one),
            Record::Line(one) => brought.licenses.lines.push(*one),
            Record::Due(one) => {
                brought.due = Some(Dates { due: one.due, deadline: one.deadline });
            }
            Record::Registration(_)
            | Record::LocalVirtualAccount(_)
            | Record::Instance(_)
            | Record::InstanceRemoved(_)
            | Record::Token(_)
            | Record::TokenRemoved(_) => return Err(lacks("right direction")),
        }
    }
    Ok(brought)
}

/// The satellite's certificate, with the root that has issued it.
fn certified(one: &sync::Authorization) -> Result<Option<Certified>> {
    let (Some(sub_ca), Some(root)) = (one.certificates.first(), &one.root) else { return Ok(None) };
    let root_der = ca::certificates_from_pem(root)?.into_iter().next();
    Ok(root_der.map(|root_der| Certified { sub_ca: sub_ca.clone(), root_der }))
}

fn lacks(what: &str) -> crate::engine::Error {
    Refusal::BadFile(format!("it has no {what}")).into()
}
