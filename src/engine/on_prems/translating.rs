//! What a satellite tells, in CSSM's own words: where its instances are here, and which licenses
//! they use. Nothing of it asks the database, so that a thread beside the writer does it.

use crate::db::sync::Told;
use crate::db::{self, Conn};
use crate::domain::id::{EntitlementId, InstanceId, SmartAccountId, TokenId, VirtualAccountId};
use crate::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use crate::domain::on_prem::{OnPrem, Refusal};
use crate::domain::registration::Periods;
use crate::domain::token::MirroredToken;
use crate::engine::access::Place;
use crate::engine::error::Result;
use crate::protocol::sync::{self, Record};
use std::collections::BTreeMap;

/// What a record wants to be changed here.
pub(super) enum Step {
    /// An instance is like this.
    Instance(Box<Told>),
    /// An instance is there no more.
    InstanceRemoved(InstanceId),
    /// A token is like this.
    Token(MirroredToken),
    /// A token is there no more.
    TokenRemoved(TokenId),
}

/// What there is here for the words of a satellite.
pub(super) struct Translation {
    account: SmartAccountId,
    /// The virtual accounts that are attached to the On-Prem.
    places: Vec<VirtualAccountId>,
    /// Local virtual accounts of the satellite: where they are here, and their names.
    local: BTreeMap<VirtualAccountId, (VirtualAccountId, String)>,
    /// Licenses that are known here, by their tags.
    licenses: BTreeMap<String, EntitlementId>,
}

impl Translation {
    pub(super) fn of(conn: &mut Conn, place: &Place, one: &OnPrem) -> Result<Self> {
        let licenses = db::licenses::all(conn)?;
        Ok(Self {
            account: place.account.id,
            places: super::attached(place, one).iter().map(|va| va.id).collect(),
            local: BTreeMap::new(),
            licenses: licenses.into_iter().map(|of| (of.tag, of.id)).collect(),
        })
    }

    /// What a record wants; nothing where it only explains others. `digest` is that of its words.
    pub(super) fn step(
        &mut self,
        record: Record,
        digest: impl FnOnce() -> String,
    ) -> Result<Option<Step>, Refusal> {
        Ok(Some(match record {
            Record::LocalVirtualAccount(local) => {
                self.local_account(local)?;
                return Ok(None);
            }
            Record::Instance(told) => Step::Instance(self.instance(*told, digest())?),
            Record::InstanceRemoved(gone) => Step::InstanceRemoved(gone.id),
            Record::Token(token) => Step::Token(self.token(token)?),
            Record::TokenRemoved(gone) => Step::TokenRemoved(gone.id),
            record @ (Record::Registration(_)
            | Record::Authorization(_)
            | Record::Account(_)
            | Record::VirtualAccount(_)
            | Record::Entitlement(_)
            | Record::Line(_)
            | Record::Due(_)) => {
                let problem = format!("{} does not belong in a request", record.kind());
                return Err(Refusal::Content(problem));
            }
        }))
    }

    fn local_account(&mut self, local: sync::LocalVirtualAccount) -> Result<(), Refusal> {
        let place = match (local.upstream, self.places.as_slice()) {
            (Some(upstream), places) if places.contains(&upstream) => upstream,
            (None, [only]) => *only,
            _ => {
                let problem = format!(
                    "local_virtual_account.upstream: {} belongs to no virtual account of this \
                     On-Prem",
                    local.name
                );
                return Err(Refusal::Content(problem));
            }
        };
        self.local.insert(local.id, (place, local.name));
        Ok(())
    }

    /// Where a local virtual account is here.
    fn place(
        &self,
        field: &str,
        local: VirtualAccountId,
    ) -> Result<&(VirtualAccountId, String), Refusal> {
        let found = self.local.get(&local);
        let unknown = || {
            let problem = format!("{field}: the local virtual account {local} is not told of");
            Refusal::Content(problem)
        };
        found.ok_or_else(unknown)
    }

    fn instance(&self, told: sync::Instance, digest: String) -> Result<Box<Told>, Refusal> {
        let (place, _) = self.place("instance.virtual_account", told.virtual_account)?;
        let (place, mut uses, mut unknown) = (*place, Vec::with_capacity(told.uses.len()), 0);
        for (tag, count) in &told.uses {
            match self.licenses.get(tag) {
                Some(of) => uses.push((*of, *count)),
                None => unknown += count,
            }
        }
        // What is left out today may be known tomorrow: then the same words say more.
        let digest = if unknown == 0 { digest } else { format!("{digest}-{unknown}") };
        let instance = self.mirrored(place, told);
        Ok(Box::new(Told::new(instance, uses, unknown, digest)))
    }

    fn token(&self, told: sync::Token) -> Result<MirroredToken, Refusal> {
        let (place, name) = self.place("token.virtual_account", told.virtual_account)?.clone();
        Ok(MirroredToken {
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
        })
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
