//! The device protocol's use cases: register, authorize, renew, deregister.
//!
//! Signatures are checked before the transaction, on the caller's thread; the
//! transaction checks that the identity they were made with is still the
//! current one.

use super::Engine;
use super::access::Within;
use super::error::{Error, Result};
use super::export_keys::{release, stop_waiting};
use super::known::Heard;
use super::ledger::Ledger;
use super::reporting;
use crate::crypto::csr;
use crate::crypto::sign::PublicKey;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::account::SmartAccount;
use crate::domain::authorization::{TagAnswer, check_demands};
use crate::domain::event::{EventKind, Fact};
use crate::domain::export_key::must_be_returned;
use crate::domain::group::{self, Member};
use crate::domain::id::{InstanceId, SmartAccountId};
use crate::domain::instance::{Authorized, Identity, Instance, Udi};
use crate::domain::registration::{Refusal, check_skew};
use crate::domain::token::{Refusal as TokenRefusal, canonical_text};
use crate::domain::virtual_account::VirtualAccount;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a registration says.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The device.
    pub udi: Udi,
    /// `regid.…,version_uuid` of the product.
    pub software_tag: String,
    /// The product's name.
    pub product_name: String,
    /// `None` when the device hides it.
    pub hostname: Option<String>,
    /// Its high-availability group, itself among it; or none.
    pub members: Vec<Member>,
    /// The registration token.
    pub token: String,
    /// PKCS#10, DER.
    pub csr: Vec<u8>,
    /// Whether it overwrites an earlier registration of the device.
    pub force: bool,
    /// The nonce of the message.
    pub nonce: String,
    /// When the device made the message.
    pub sent: Timestamp,
    /// The exact bytes that were signed.
    pub message: Vec<u8>,
    /// The signature over them.
    pub signature: Vec<u8>,
}

/// Where a message of a registered instance comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The `product_instance_identifier`.
    pub instance: InstanceId,
    /// The serial number of its identity certificate.
    pub serial: i64,
    /// When the device made the message.
    pub sent: Timestamp,
    /// The exact bytes that were signed.
    pub message: Vec<u8>,
    /// The signature over them.
    pub signature: Vec<u8>,
}

/// A registration that succeeded.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The product instance.
    pub instance: Instance,
    /// Its identity certificate, PEM.
    pub certificate: String,
    /// The Smart Account.
    pub account: SmartAccount,
    /// The virtual account.
    pub virtual_account: VirtualAccount,
    /// When the device should renew its certificate.
    pub renew_at: Timestamp,
}

/// A renewed identity certificate.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// The product instance.
    pub instance: Instance,
    /// Its identity certificate, PEM.
    pub certificate: String,
    /// When the device should renew it.
    pub renew_at: Timestamp,
}

/// What a device says it uses.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// Who says so.
    pub origin: Origin,
    /// Entitlement tags and counts.
    pub demands: Vec<(String, i64)>,
}

/// What a device is told.
#[derive(Clone, Debug)]
pub struct AuthorizationAnswer {
    /// The product instance.
    pub instance: Arc<Instance>,
    /// The Smart Account's name.
    pub account: SmartAccount,
    /// The virtual account's name.
    pub virtual_account: VirtualAccount,
    /// Tag by tag.
    pub tags: Vec<TagAnswer>,
    /// When the device should ask again.
    pub renew_at: Timestamp,
}

impl Engine {
    /// Registers a product instance with a token (A-TOK-07, A-SEM-12, A-SEM-13).
    pub async fn register(&self, wanted: Registration) -> Result<Registered> {
        let now = self.now();
        let periods = self.settings().periods;
        check_skew(wanted.sent, now, periods.clock_skew)?;
        wanted.udi.check()?;
        group::check(&wanted.udi, &wanted.members)?;
        let request = csr::read(&wanted.csr).map_err(|bad| Error::Csr(bad.to_string()))?;
        let key = PublicKey::from_spki_der(&request.spki_der)
            .map_err(|bad| Error::Csr(bad.to_string()))?;
        key.verify(&wanted.message, &wanted.signature).map_err(|_| Refusal::BadSignature)?;
        let text = canonical_text(&wanted.token);
        let token = self.db().read(move |conn| db::tokens::find_by_text(conn, &text)).await?;
        self.serves_products(token.as_ref().map(|token| token.account)).await?;
        let token = token.ok_or_else(|| TokenRefusal::Unknown(wanted.token.clone()))?;
        let id = InstanceId(self.ids().uuid(now));
        let serial = self.next_serial().await?;
        let certificate = self.keys().issue_identity(
            &request.spki_der,
            &wanted.product_name,
            id.0,
            serial.cast_unsigned(),
            now,
            &periods,
        )?;
        let (engine, force) = (self.clone(), wanted.force);
        // An overwritten instance may be in another Smart Account.
        let within = if force { Within::Site } else { Within::Account(token.account) };
        self.change(within, move |conn, now| engine.admit(conn, &wanted, id, certificate, now))
            .await
    }

    /// Takes a report of use and answers how to treat it (A-SEM-05, A-SEM-18).
    pub async fn authorize(&self, wanted: Authorization) -> Result<AuthorizationAnswer> {
        let account = self.check_origin(&wanted.origin).await?;
        let demands = check_demands(&wanted.demands)?;
        let engine = self.clone();
        let heard = self.change_quietly(Within::Account(account), move |conn, now| {
            engine.take_report(conn, &wanted.origin, &demands, now)
        });
        let (answer, rescheduled) = heard.await?;
        if rescheduled {
            self.note_change();
        }
        Ok(answer)
    }

    /// The transaction of a report of use; also answers whether it set a new deadline.
    fn take_report(
        &self,
        conn: &mut Conn,
        origin: &Origin,
        demands: &BTreeMap<String, i64>,
        now: Timestamp,
    ) -> Result<(AuthorizationAnswer, bool)> {
        let before = self.heard(conn, origin.instance)?;
        let mut instance = self.hear(&before.instance, origin, now)?;
        let mut ledger = Ledger::open(self, instance.account, &instance.name(), now);
        let demands = reporting::known(self, conn, demands)?;
        let demands = reporting::count(conn, &instance, &before.usage, demands)?;
        let (usage, changed) =
            reporting::apply(conn, &mut ledger, &instance, before.usage.clone(), &demands)?;
        let tags = reporting::answer(self, conn, &mut ledger, &instance, demands, now)?;
        instance.authorize(self.told(&tags, now));
        let (instance, rescheduled) = self.keep_contact(conn, instance, now)?;
        ledger.instance(Some(&before.instance), Some(&instance));
        let kind = EventKind::InstanceAuthorized;
        let message = format!("{} renewed its authorization{changed}.", instance.name());
        ledger.note(Fact::new(instance.virtual_account, kind, message).about(instance.id));
        ledger.close(conn)?;
        let instance = Arc::new(instance);
        self.keep_heard(Heard { instance: Arc::clone(&instance), usage });
        Ok((self.authorization_answer(conn, instance, tags, now)?, rescheduled))
    }

    /// Saves a contact: little of the row, unless a deadline comes earlier than the stored
    /// one or an alert is over. Answers what was saved, and whether that was so.
    fn keep_contact(
        &self,
        conn: &mut Conn,
        instance: Instance,
        now: Timestamp,
    ) -> Result<(Instance, bool)> {
        let periods = &self.settings().periods;
        if instance.alerting || instance.needs_schedule(periods, now) {
            let scheduled = instance.scheduled(periods, now);
            db::instances::save(conn, &scheduled)?;
            return Ok((scheduled, true));
        }
        db::instances::save_contact(conn, &instance)?;
        Ok((instance, false))
    }

    /// Renews an identity certificate (A-SEM-10).
    pub async fn renew_identity(&self, origin: Origin, csr_der: Vec<u8>) -> Result<Renewed> {
        let account = self.check_origin(&origin).await?;
        let request = csr::read(&csr_der).map_err(|bad| Error::Csr(bad.to_string()))?;
        let serial = self.next_serial().await?;
        let engine = self.clone();
        self.change(Within::Account(account), move |conn, now| {
            let before = known(conn, origin.instance)?;
            let mut instance = engine.hear(&before, &origin, now)?;
            let periods = &engine.settings().periods;
            let certificate = engine.keys().issue_identity(
                &request.spki_der,
                &instance.product_name,
                instance.id.0,
                serial.cast_unsigned(),
                now,
                periods,
            )?;
            instance.identify(Identity {
                serial,
                public_key: STANDARD.encode(&request.spki_der),
                issued_at: now,
                expires_at: certificate.not_after,
                last_message_at: instance.identity.last_message_at,
            });
            instance = instance.scheduled(periods, now);
            db::instances::save(conn, &instance)?;
            let mut ledger = Ledger::open(&engine, account, &instance.name(), now);
            ledger.instance(Some(&before), Some(&instance));
            let message = format!("{} renewed its registration.", instance.name());
            let fact = Fact::new(instance.virtual_account, EventKind::InstanceRenewed, message);
            ledger.note(fact.about(instance.id));
            ledger.close(conn)?;
            let renew_at = now.plus_days(periods.certificate_renewal_days);
            Ok(Renewed { instance, certificate: certificate.pem, renew_at })
        })
        .await
    }

    /// Ends a registration; the licenses are free at once (A-SEM-14). Not while the product
    /// holds an export authorization key (A-EXP-05).
    pub async fn deregister(&self, origin: Origin) -> Result<Instance> {
        let account = self.check_origin(&origin).await?;
        let engine = self.clone();
        self.change(Within::Account(account), move |conn, now| {
            let before = known(conn, origin.instance)?;
            let instance = engine.hear(&before, &origin, now)?;
            let keys = db::export_keys::of_instance(conn, instance.id)?;
            must_be_returned(&keys).map_err(Refusal::from)?;
            let mut ledger = Ledger::open(&engine, account, &instance.name(), now);
            let freed = release(conn, &mut ledger, &instance)?.freed;
            stop_waiting(conn, &mut ledger, &instance)?;
            db::instances::delete(conn, instance.id)?;
            ledger.instance(Some(&before), None);
            let message = format!(
                "Product instance {} deregistered; {freed} licenses are free again.",
                instance.name()
            );
            let kind = EventKind::InstanceDeregistered;
            ledger.note(Fact::new(instance.virtual_account, kind, message).about(instance.id));
            ledger.close(conn)?;
            Ok(instance)
        })
        .await
    }

    /// Checks the signature with the key of the identity that the message names.
    pub(super) async fn check_origin(&self, origin: &Origin) -> Result<SmartAccountId> {
        let identity = self.identity(origin.instance, origin.serial).await;
        // A satellite that is not registered says so, also to products that it does not know.
        self.serves_products(identity.as_ref().ok().map(|known| known.account)).await?;
        let identity = identity?;
        let checked = identity.key.verify(&origin.message, &origin.signature);
        checked.map_err(|_| Refusal::BadSignature)?;
        Ok(identity.account)
    }

    /// The instance, if this message counts: current identity, near clock, no replay.
    pub(super) fn hear(
        &self,
        known: &Instance,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Instance> {
        Ok(known.hear(origin.serial, origin.sent, now, &self.settings().periods)?)
    }

    fn told(&self, tags: &[TagAnswer], now: Timestamp) -> Authorized {
        use crate::domain::authorization::EnforceMode as M;
        let days = self.settings().periods.authorization_days;
        // A tag that was just released is not this device's shortage any more.
        let fits = |tag: &TagAnswer| match tag.mode {
            M::InCompliance | M::InvalidTag | M::NotAuthorized => true,
            M::OutOfCompliance => tag.count == 0,
        };
        Authorized {
            at: now,
            expires_at: now.plus_days(days),
            in_compliance: tags.iter().all(fits),
        }
    }

    fn authorization_answer(
        &self,
        conn: &mut Conn,
        instance: Arc<Instance>,
        tags: Vec<TagAnswer>,
        now: Timestamp,
    ) -> Result<AuthorizationAnswer> {
        let periods = &self.settings().periods;
        let renew_at = if instance.authorization.is_none_or(|told| told.in_compliance) {
            now.plus_days(periods.authorization_renewal_days)
        } else {
            now + TimeDelta::hours(periods.shortage_recheck_hours)
        };
        let names = self.names(conn, &instance)?;
        let (account, virtual_account) = (names.0.clone(), names.1.clone());
        Ok(AuthorizationAnswer { instance, account, virtual_account, tags, renew_at })
    }
}

/// The instance of a message.
pub(super) fn known(conn: &mut Conn, id: InstanceId) -> Result<Instance> {
    Ok(db::instances::find(conn, id)?.ok_or(Refusal::UnknownIdentity(id))?)
}
