//! What a satellite tells of its product instances and tokens, taken over by absolute values: the
//! same file twice would change nothing.

use crate::crypto::secret::digest;
use crate::db::{self, Conn};
use crate::domain::id::{EntitlementId, InstanceId, OnPremUid, SmartAccountId, VirtualAccountId};
use crate::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use crate::domain::on_prem::{OnPrem, Refusal};
use crate::domain::registration::Periods;
use crate::domain::token::MirroredToken;
use crate::engine::access::Place;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;
use crate::protocol::sync::{self, Record};
use std::collections::BTreeMap;
use std::fmt;

/// The rows of an On-Prem while its request is taken.
pub(super) struct Mirror {
    account: SmartAccountId,
    uid: OnPremUid,
    /// The virtual accounts that are attached to it.
    places: Vec<VirtualAccountId>,
    /// Local virtual accounts of the satellite: where they are here, and their names.
    local: BTreeMap<VirtualAccountId, (VirtualAccountId, String)>,
    /// Marks what this request has told of; later requests have higher marks.
    mark: i64,
    told: usize,
    removed: usize,
    tokens: usize,
    /// Licenses that nobody knows here.
    unknown: i64,
}

impl fmt::Display for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { told, removed, tokens, unknown, .. } = self;
        write!(f, "{told} product instances, {removed} removed, {tokens} tokens")?;
        if *unknown > 0 {
            write!(f, "; {unknown} licenses in use are of no kind that is known here")?;
        }
        Ok(())
    }
}

impl Mirror {
    pub(super) fn new(conn: &mut Conn, place: &Place, one: &OnPrem) -> Result<Self> {
        Ok(Self {
            account: place.account.id,
            uid: one.uid,
            places: super::attached(place, one).iter().map(|va| va.id).collect(),
            local: BTreeMap::new(),
            mark: db::keys::next_number(conn, "mirror", 1)?,
            told: 0,
            removed: 0,
            tokens: 0,
            unknown: 0,
        })
    }

    /// Takes one record over.
    pub(super) fn take(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        record: Record,
    ) -> Result<()> {
        match record {
            Record::LocalVirtualAccount(local) => self.local_account(local),
            Record::Instance(told) => self.instance(conn, ledger, &told),
            Record::InstanceRemoved(gone) => self.gone(conn, ledger, gone.id),
            Record::Token(token) => self.token(conn, token),
            Record::TokenRemoved(gone) => Ok(db::mirrors::delete_token(conn, self.uid, gone.id)?),
            Record::Registration(_)
            | Record::Authorization(_)
            | Record::Account(_)
            | Record::VirtualAccount(_)
            | Record::Entitlement(_)
            | Record::Line(_)
            | Record::Due(_) => {
                let problem = format!("{} does not belong in a request", record.kind());
                Err(Refusal::Content(problem).into())
            }
        }
    }

    /// After a full request: what it has not told of is not there any more.
    pub(super) fn forget_others(&mut self, conn: &mut Conn, ledger: &mut Ledger) -> Result<()> {
        for id in db::mirrors::unseen(conn, self.uid, self.mark)? {
            self.gone(conn, ledger, id)?;
        }
        Ok(db::mirrors::delete_unseen_tokens(conn, self.uid, self.mark)?)
    }

    fn local_account(&mut self, local: sync::LocalVirtualAccount) -> Result<()> {
        let place = match (local.upstream, self.places.as_slice()) {
            (Some(upstream), places) if places.contains(&upstream) => upstream,
            (None, [only]) => *only,
            _ => {
                let problem = format!(
                    "local_virtual_account.upstream: {} belongs to no virtual account of this \
                     On-Prem",
                    local.name
                );
                return Err(Refusal::Content(problem).into());
            }
        };
        self.local.insert(local.id, (place, local.name));
        Ok(())
    }

    /// Where a local virtual account is here.
    fn place(&self, field: &str, local: VirtualAccountId) -> Result<&(VirtualAccountId, String)> {
        let found = self.local.get(&local);
        let unknown = || {
            let problem = format!("{field}: the local virtual account {local} is not told of");
            Refusal::Content(problem)
        };
        Ok(found.ok_or_else(unknown)?)
    }

    fn instance(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        told: &sync::Instance,
    ) -> Result<()> {
        self.told += 1;
        let (place, name) = self.place("instance.virtual_account", told.virtual_account)?.clone();
        let text = serde_json::to_string(told)
            .map_err(|error| Refusal::Content(format!("instance: {error}")))?;
        let print = digest(&format!("{place}|{name}|{text}"));
        let before = self.known(conn, told.id)?;
        if before.as_ref().is_some_and(|(_, last)| *last == print) {
            return Ok(db::mirrors::put(conn, self.uid, told.id, (&print, self.mark))?);
        }
        let after = self.mirrored(place, told);
        let before = before.map(|(instance, _)| instance);
        self.uses(conn, ledger, (before.as_ref(), &after), told)?;
        Ok(db::mirrors::put(conn, self.uid, told.id, (&print, self.mark))?)
    }

    /// An instance that this On-Prem has told of before, with the digest of that.
    fn known(&self, conn: &mut Conn, id: InstanceId) -> Result<Option<(Instance, String)>> {
        let Some(instance) = db::instances::find(conn, id)? else { return Ok(None) };
        match db::mirrors::find(conn, id)? {
            Some((uid, last)) if uid == self.uid => Ok(Some((instance, last))),
            _ => {
                let problem = format!("instance.id: {id} is another product instance here");
                Err(Refusal::Content(problem).into())
            }
        }
    }

    /// Writes the instance and what it uses.
    fn uses(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        (before, after): (Option<&Instance>, &Instance),
        told: &sync::Instance,
    ) -> Result<()> {
        let used: BTreeMap<EntitlementId, i64> =
            db::pools::usage_of(conn, after.id)?.into_iter().collect();
        if let Some(before) = before {
            ledger.watch_all(conn, before.virtual_account, used.keys().copied())?;
            if before.virtual_account != after.virtual_account {
                ledger.watch_all(conn, after.virtual_account, used.keys().copied())?;
                let (from, to) = (before.virtual_account, after.virtual_account);
                db::pools::move_usage(conn, after.id, from, to)?;
            }
            db::instances::save(conn, after)?;
        } else {
            db::instances::insert(conn, after)?;
        }
        let mut wanted = BTreeMap::new();
        for (tag, count) in &told.uses {
            match db::licenses::by_tag(conn, tag)? {
                Some(of) => {
                    ledger.watch(conn, after.virtual_account, &of)?;
                    *wanted.entry(of.id).or_insert(0) += *count;
                }
                None => self.unknown += count,
            }
        }
        for license in used.keys().chain(wanted.keys().filter(|id| !used.contains_key(id))) {
            let count = |of: &BTreeMap<_, i64>| of.get(license).copied().unwrap_or_default();
            let change = (count(&used), count(&wanted));
            if change.0 != change.1 {
                db::pools::report(conn, after.id, after.virtual_account, *license, change)?;
            }
        }
        Ok(())
    }

    fn gone(&mut self, conn: &mut Conn, ledger: &mut Ledger, id: InstanceId) -> Result<()> {
        let Some((instance, _)) = self.known(conn, id)? else { return Ok(()) };
        self.removed += 1;
        let (at, used) = (instance.virtual_account, db::pools::usage_of(conn, id)?);
        ledger.watch_all(conn, at, used.iter().map(|(license, _)| *license))?;
        for (license, count) in used {
            db::pools::report(conn, id, at, license, (count, 0))?;
        }
        db::mirrors::delete(conn, id)?;
        Ok(db::instances::delete(conn, id)?)
    }

    fn token(&mut self, conn: &mut Conn, told: sync::Token) -> Result<()> {
        self.tokens += 1;
        if db::mirrors::token_is_others(conn, self.uid, told.id)? {
            let problem = format!("token.id: {} is another On-Prem's token", told.id);
            return Err(Refusal::Content(problem).into());
        }
        let (place, name) = self.place("token.virtual_account", told.virtual_account)?.clone();
        let token = MirroredToken {
            id: told.id,
            virtual_account: place,
            local_virtual_account: name,
            short: told.short,
            description: told.description,
            export_allowed: told.export_allowed,
            max_uses: told.max_uses,
            uses: told.uses,
            created_by: told.created_by,
            created_at: told.created_at,
            expires_at: told.expires_at,
            revoked_at: told.revoked_at,
        };
        Ok(db::mirrors::put_token(conn, self.uid, &token, self.mark)?)
    }

    /// The row of a product instance of the satellite: no key, no deadline, no alert of its own,
    /// because all of that is the satellite's.
    fn mirrored(&self, place: VirtualAccountId, told: &sync::Instance) -> Instance {
        let registered_at = told.registered_at;
        let period = Periods::default().authorization_days;
        let authorization = told.authorized_at.zip(told.in_compliance);
        Instance {
            id: told.id,
            account: self.account,
            virtual_account: place,
            udi: udi(&told.udi),
            software_tag: told.software_tag.clone(),
            product_name: told.product_name.clone(),
            hostname: told.hostname.clone(),
            export_allowed: told.export_allowed,
            token: None,
            registered_at,
            last_contact_at: told.last_contact_at,
            identity: Identity {
                serial: 0,
                public_key: String::new(),
                issued_at: registered_at,
                expires_at: registered_at,
                last_message_at: registered_at,
            },
            authorization: authorization.map(|(at, in_compliance)| Authorized {
                at,
                expires_at: at.plus_days(period),
                in_compliance,
            }),
            reserved: false,
            due_at: None,
            alerting: false,
            settled: Settled::default(),
        }
    }
}

fn udi(told: &sync::Udi) -> Udi {
    Udi {
        pid: told.pid.clone(),
        serial: told.serial.clone(),
        vid: told.vid.clone(),
        uuid: told.uuid.clone(),
        suvi: told.suvi.clone(),
        host_identifier: told.host_identifier.clone(),
        mac_address: told.mac_address.clone(),
    }
}
