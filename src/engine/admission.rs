//! The transaction of a registration: who is let in, and what becomes of the one before.

use super::Engine;
use super::devices::{Registered, Registration};
use super::error::Result;
use super::export_keys::{Inherited, give_up, inherit};
use super::ledger::Ledger;
use super::reservations::learn_from;
use crate::crypto::ca::IssuedCertificate;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::InstanceId;
use crate::domain::instance::{Identity, Instance, Settled, Udi};
use crate::domain::registration::{Refusal, admit, admit_unit};
use crate::domain::token::{Refusal as TokenRefusal, Token, canonical_text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

impl Engine {
    /// The transaction of a registration.
    pub(super) fn admit(
        &self,
        conn: &mut Conn,
        wanted: &Registration,
        id: InstanceId,
        certificate: IssuedCertificate,
        now: Timestamp,
    ) -> Result<Registered> {
        let token = db::tokens::find_by_text(conn, &canonical_text(&wanted.token))?
            .ok_or_else(|| TokenRefusal::Unknown(wanted.token.clone()))?;
        let until = now + self.settings().periods.clock_skew * 2;
        if !db::instances::remember_nonce(conn, token.account, &wanted.nonce, (now, until))? {
            return Err(Refusal::Replayed.into());
        }
        let token = token.redeem(now)?;
        let (again, keys) = self.make_room(conn, wanted, (&token, now))?;
        let instance = new_instance(id, wanted, &token, &certificate, now)
            .scheduled(&self.settings().periods, now);
        db::instances::insert(conn, &instance)?;
        learn_from(conn, &instance)?;
        db::members::insert(conn, id, &wanted.members)?;
        db::tokens::save(conn, &token)?;
        let mut ledger = Ledger::open(self, token.account, &instance.name(), now);
        inherit(conn, &mut ledger, &instance, keys)?;
        let how = how(wanted, again);
        let message = format!("Product instance {} {how}.", instance.name());
        let fact = Fact::new(token.virtual_account, EventKind::InstanceRegistered, message);
        ledger.note(fact.about(id).with_token(token.id));
        ledger.close(conn)?;
        let names = self.names(conn, &instance)?;
        let (account, virtual_account) = (names.0.clone(), names.1.clone());
        let renew_at = now.plus_days(self.settings().periods.certificate_renewal_days);
        Ok(Registered {
            instance,
            certificate: certificate.pem,
            account,
            virtual_account,
            renew_at,
        })
    }

    /// Takes away whatever stands in the place of a device and of the units of its group, or
    /// refuses. Answers whether the device itself had been registered, and the export
    /// authorization keys that go on.
    fn make_room(
        &self,
        conn: &mut Conn,
        wanted: &Registration,
        (token, now): (&Token, Timestamp),
    ) -> Result<(bool, Inherited)> {
        let units = wanted.members.iter().map(|member| &member.udi);
        let others = units.filter(|udi| udi.key() != wanted.udi.key());
        let mut replaced: Vec<Instance> = Vec::new();
        let mut leaving: Vec<(&Udi, Instance)> = Vec::new();
        for udi in std::iter::once(&wanted.udi).chain(others) {
            let known = db::instances::find_by_udi(conn, &udi.key())?;
            // One whose certificate ended is only there because of its keys.
            let ended = known.as_ref().is_some_and(|old| now >= old.identity.expires_at);
            replaced.extend(admit(known.as_ref(), wanted.force || ended)?.cloned());
            let holder = db::members::holder(conn, &udi.key())?;
            admit_unit(udi, holder.as_ref(), wanted.force)?;
            leaving.extend(holder.map(|group| (udi, group)));
        }
        let mut keys = Inherited::new();
        for old in &replaced {
            self.overwrite(conn, old, &mut keys, (token, now))?;
        }
        leaving.retain(|(_, group)| !replaced.iter().any(|old| old.id == group.id));
        for (udi, group) in leaving {
            self.leave_group(conn, udi, &group, now)?;
        }
        Ok((replaced.iter().any(|old| old.udi.key() == wanted.udi.key()), keys))
    }

    /// Takes the old registration of a device away; one row stays in the end (A-SEM-12), and
    /// keys go on with the device inside its Smart Account.
    fn overwrite(
        &self,
        conn: &mut Conn,
        old: &Instance,
        keys: &mut Inherited,
        (token, now): (&Token, Timestamp),
    ) -> Result<()> {
        let mut ledger = Ledger::open(self, old.account, &old.name(), now);
        let freed = give_up(conn, &mut ledger, old, token.account, keys)?;
        db::instances::delete(conn, old.id)?;
        ledger.instance(Some(old), None);
        let message = format!(
            "The earlier registration of {} was overwritten; {freed} licenses are free again.",
            old.name()
        );
        let fact = Fact::new(old.virtual_account, EventKind::InstanceRemoved, message);
        ledger.note(fact.about(old.id));
        ledger.close(conn)
    }

    /// Takes a unit out of a group that stays.
    fn leave_group(
        &self,
        conn: &mut Conn,
        udi: &Udi,
        group: &Instance,
        now: Timestamp,
    ) -> Result<()> {
        db::members::remove(conn, &udi.key())?;
        let mut ledger = Ledger::open(self, group.account, &group.name(), now);
        let message = format!(
            "{} is no unit of the high-availability group of {} any more: it registered anew.",
            udi.display().trim_end(),
            group.name()
        );
        let fact = Fact::new(group.virtual_account, EventKind::MemberRemoved, message);
        ledger.note(fact.about(group.id));
        ledger.close(conn)
    }
}

/// How a device registered, for the event.
fn how(wanted: &Registration, again: bool) -> String {
    let mut how = String::from("registered");
    if again {
        how.push_str(" again, overwriting its earlier registration");
    }
    match wanted.members.len() {
        0 => how,
        1 => how + ", alone in its high-availability group",
        units => format!("{how}, in a high-availability group of {units}"),
    }
}

/// The row of a product instance that was just let in.
fn new_instance(
    id: InstanceId,
    wanted: &Registration,
    token: &Token,
    certificate: &IssuedCertificate,
    now: Timestamp,
) -> Instance {
    Instance {
        id,
        account: token.account,
        virtual_account: token.virtual_account,
        udi: wanted.udi.clone(),
        software_tag: wanted.software_tag.clone(),
        product_name: wanted.product_name.clone(),
        hostname: wanted.hostname.clone(),
        export_allowed: token.export_allowed,
        token: Some(token.id),
        registered_at: now,
        last_contact_at: now,
        identity: Identity {
            serial: certificate.serial.cast_signed(),
            public_key: STANDARD.encode(&certificate.spki_der),
            issued_at: now,
            expires_at: certificate.not_after,
            last_message_at: wanted.sent,
        },
        authorization: None,
        reserved: false,
        due_at: None,
        alerting: false,
        settled: Settled::default(),
    }
}
