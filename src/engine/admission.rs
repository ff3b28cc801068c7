//! The transaction of a registration: who is let in, and what becomes of the one before.

use super::Engine;
use super::devices::{Registered, Registration};
use super::error::Result;
use super::instances::release;
use super::ledger::Ledger;
use crate::crypto::ca::IssuedCertificate;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::InstanceId;
use crate::domain::instance::{Identity, Instance, Settled};
use crate::domain::registration::{Refusal, admit};
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
        let known = db::instances::find_by_udi(conn, &wanted.udi.key())?;
        let replaced = admit(known.as_ref(), wanted.force)?;
        let mut how = "registered";
        if let Some(old) = replaced {
            how = "registered again, overwriting its earlier registration";
            self.overwrite(conn, old, now)?;
        }
        let instance = new_instance(id, wanted, &token, &certificate, now)
            .scheduled(&self.settings().periods, now);
        db::instances::insert(conn, &instance)?;
        db::tokens::save(conn, &token)?;
        let mut ledger = Ledger::open(self, token.account, &instance.name(), now);
        let message = format!("Product instance {} {how}.", instance.name());
        let fact = Fact::new(token.virtual_account, EventKind::InstanceRegistered, message);
        ledger.note(fact.about(id));
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

    /// Takes the old registration of a device away; one row stays in the end (A-SEM-12).
    fn overwrite(&self, conn: &mut Conn, old: &Instance, now: Timestamp) -> Result<()> {
        let mut ledger = Ledger::open(self, old.account, &old.name(), now);
        let freed = release(conn, &mut ledger, old)?;
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
