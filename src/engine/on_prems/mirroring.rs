//! What a satellite tells of its product instances and tokens, taken over by absolute values: the
//! same file twice would change nothing.

use super::reading::bad;
use crate::db::sync::{Counts, Merge, Told, Unmerged};
use crate::db::{self, Conn};
use crate::domain::id::{EntitlementId, OnPremUid, SmartAccountId, VirtualAccountId};
use crate::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use crate::domain::on_prem::{OnPrem, Refusal};
use crate::domain::registration::Periods;
use crate::domain::sync::Kind;
use crate::domain::token::MirroredToken;
use crate::engine::access::Place;
use crate::engine::error::{Error, Result};
use crate::engine::ledger::Ledger;
use crate::protocol::sync::{self, Record, Records};
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
    /// Licenses that are known here, by their tags.
    licenses: BTreeMap<String, EntitlementId>,
    kind: Kind,
    merge: Merge,
    told: usize,
    tokens: usize,
}

/// What a request has told of, in words.
pub(super) struct Mirrored {
    told: usize,
    tokens: usize,
    counts: Counts,
}

impl fmt::Display for Mirrored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { told, tokens, counts: Counts { removed, unknown, .. } } = self;
        write!(f, "{told} product instances, {removed} removed, {tokens} tokens")?;
        if *unknown > 0 {
            write!(f, "; {unknown} licenses in use are of no kind that is known here")?;
        }
        Ok(())
    }
}

impl Mirror {
    pub(super) fn new(conn: &mut Conn, place: &Place, one: &OnPrem, kind: Kind) -> Result<Self> {
        let licenses = db::licenses::all(conn)?;
        Ok(Self {
            account: place.account.id,
            uid: one.uid,
            places: super::attached(place, one).iter().map(|va| va.id).collect(),
            local: BTreeMap::new(),
            licenses: licenses.into_iter().map(|of| (of.tag, of.id)).collect(),
            kind,
            merge: Merge::begin(conn, one.uid, kind)?,
            told: 0,
            tokens: 0,
        })
    }

    /// Takes the next record over, if there is one.
    pub(super) fn take(&mut self, conn: &mut Conn, records: &mut Records<'_>) -> Result<bool> {
        let Some(record) = records.next() else { return Ok(false) };
        match record.map_err(|error| bad(&error))? {
            Record::LocalVirtualAccount(local) => self.local_account(local)?,
            Record::Instance(told) => self.instance(conn, *told, records.digest())?,
            Record::InstanceRemoved(gone) => {
                self.merge.removed(conn, gone.id).map_err(unmerged)?;
            }
            Record::Token(token) => self.token(conn, token)?,
            Record::TokenRemoved(gone) => db::mirrors::delete_token(conn, self.uid, gone.id)?,
            record @ (Record::Registration(_)
            | Record::Authorization(_)
            | Record::Account(_)
            | Record::VirtualAccount(_)
            | Record::Entitlement(_)
            | Record::Line(_)
            | Record::Due(_)) => {
                let problem = format!("{} does not belong in a request", record.kind());
                return Err(Refusal::Content(problem).into());
            }
        }
        Ok(true)
    }

    /// Ends it: what a full request has not told of is not there any more, and the sums of the
    /// pools change, which are watched.
    pub(super) fn finish(self, conn: &mut Conn, ledger: &mut Ledger) -> Result<Mirrored> {
        if self.kind == Kind::Full {
            db::mirrors::delete_unseen_tokens(conn, self.uid, self.merge.mark())?;
        }
        let merged = self.merge.finish(conn).map_err(unmerged)?;
        for (at, licenses) in merged.pools() {
            ledger.watch_all(conn, at, licenses)?;
        }
        let counts = merged.counts();
        merged.settle(conn)?;
        Ok(Mirrored { told: self.told, tokens: self.tokens, counts })
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

    fn instance(&mut self, conn: &mut Conn, told: sync::Instance, digest: String) -> Result<()> {
        self.told += 1;
        let (place, _) = self.place("instance.virtual_account", told.virtual_account)?;
        let (place, mut uses, mut unknown) = (*place, Vec::with_capacity(told.uses.len()), 0);
        for (tag, count) in &told.uses {
            match self.licenses.get(tag) {
                Some(of) => uses.push((*of, *count)),
                None => unknown += count,
            }
        }
        let instance = self.mirrored(place, told);
        // What is left out today may be known tomorrow: then the same words say more.
        let digest = if unknown == 0 { digest } else { format!("{digest}-{unknown}") };
        let told = Told { instance, uses, unknown, digest };
        self.merge.tell(conn, told).map_err(unmerged)
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
        Ok(db::mirrors::put_token(conn, self.uid, &token, self.merge.mark())?)
    }

    /// The row of a product instance of the satellite: no key, no deadline, no alert of its own,
    /// because all of that is the satellite's.
    fn mirrored(&self, place: VirtualAccountId, told: sync::Instance) -> Instance {
        let registered_at = told.registered_at;
        let period = Periods::default().authorization_days;
        let authorization = told.authorized_at.zip(told.in_compliance);
        Instance {
            id: told.id,
            account: self.account,
            virtual_account: place,
            udi: udi(told.udi),
            software_tag: told.software_tag,
            product_name: told.product_name,
            hostname: told.hostname,
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

fn udi(told: sync::Udi) -> Udi {
    Udi {
        pid: told.pid,
        serial: told.serial,
        vid: told.vid,
        uuid: told.uuid,
        suvi: told.suvi,
        host_identifier: told.host_identifier,
        mac_address: told.mac_address,
    }
}

fn unmerged(error: Unmerged) -> Error {
    match error {
        Unmerged::Foreign(_) => Refusal::Content(format!("instance.id: {error}")).into(),
        Unmerged::Db(error) => error.into(),
    }
}
