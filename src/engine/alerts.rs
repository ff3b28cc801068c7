//! Alerts, derived at the moment somebody looks (A-ALR-10), and what people dismiss.

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::ledger::Ledger;
use super::on_prems::on_prem_causes;
use crate::db::pools::Places;
use crate::db::{self, Conn};
use crate::domain::alert::{self, Alert, of_agreement, of_instance, of_pools};
use crate::domain::cause::{Cause, OnPremCause, Severity};
use crate::domain::event::{EventKind, Fact};
use crate::domain::export_key;
use crate::domain::id::{LineId, OnPremUid};
use crate::domain::instance::Instance;
use crate::domain::local_account::Decision;
use crate::domain::local_alert::LocalAlert;
use crate::domain::people::Permission;
use crate::domain::site::Edition;
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};

/// The alerts of a Smart Account or of one virtual account.
#[derive(Clone, Debug)]
pub struct AlertList {
    /// In the order of the page: severity first, then Action Due.
    pub alerts: Vec<Alert>,
    /// The virtual accounts where the caller may transfer licenses.
    pub transferable: Vec<VirtualAccount>,
    /// The virtual accounts where the caller may remove instances and dismiss alerts.
    pub manageable: Vec<VirtualAccount>,
    /// Whether the caller may accept agreements.
    pub may_accept: bool,
    /// Who holds the reserved licenses that have ended (A-ALK-13).
    pub holders: Vec<AlertHolder>,
    /// The On-Prems that the caller manages.
    pub on_prems: Vec<OnPremUid>,
}

/// A product instance that holds reserved licenses which have ended.
#[derive(Clone, Debug)]
pub struct AlertHolder {
    /// The alert's key.
    pub key: String,
    /// The product instance.
    pub instance: Instance,
    /// How many it holds.
    pub quantity: i64,
}

/// How many alerts a virtual account has (A-ALR-09).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlertCounts {
    /// Red.
    pub major: usize,
    /// Yellow.
    pub minor: usize,
}

/// Which alerts are wanted beside those that have a cause in a virtual account.
#[derive(Clone, Copy)]
struct Kinds {
    /// What a virtual account is told of.
    notices: bool,
    /// Those of the Smart Account.
    account_level: bool,
}

impl Engine {
    /// The alerts that the caller sees; `va` narrows to one virtual account, whose list also
    /// has the informational ones (A-ALR-03, A-ALR-04).
    pub async fn alerts(&self, who: &Who, domain: &str, va: Option<VaRef>) -> Result<AlertList> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let places: Vec<VirtualAccount> = match &va {
                Some(va) => vec![place.require(Permission::View, va)?.clone()],
                None => place.visible().into_iter().cloned().collect(),
            };
            let kinds = Kinds { notices: va.is_some(), account_level: va.is_none() };
            engine.alerts_in(conn, &place, &places, kinds, now)
        })
        .await
    }

    /// The alerts of the named virtual accounts, or of all visible ones, without the
    /// informational (rest-api 13.2).
    pub async fn alerts_of(
        &self,
        who: &Who,
        domain: &str,
        names: Vec<String>,
    ) -> Result<AlertList> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let places: Vec<VirtualAccount> =
                place.selected(&names)?.into_iter().cloned().collect();
            let account_level = names.is_empty();
            engine.alerts_in(conn, &place, &places, Kinds { notices: false, account_level }, now)
        })
        .await
    }

    fn alerts_in(
        &self,
        conn: &mut Conn,
        place: &Place,
        places: &[VirtualAccount],
        kinds: Kinds,
        now: Timestamp,
    ) -> Result<AlertList> {
        let (mut alerts, mut holders) = (Vec::new(), Vec::new());
        for va in places {
            let mut causes = self.causes(conn, va, now)?;
            holders.extend(ended_holders(conn, va, &causes)?);
            if kinds.notices {
                let notices = db::notices::list(conn, va.id, now)?;
                causes.extend(undismissed(conn, va, notices)?);
            }
            let source = va.name.as_str();
            alerts.extend(causes.into_iter().map(|cause| Alert {
                cause,
                virtual_account: Some(va.id),
                source: source.to_owned(),
            }));
        }
        if kinds.account_level && place.reaches_account() {
            let source = &place.account.name;
            let of = |cause| Alert { cause, virtual_account: None, source: source.clone() };
            alerts.extend(self.account_causes(conn, place, now)?.into_iter().map(of));
        }
        let causes =
            if kinds.account_level { on_prem_causes(conn, place, now)? } else { Vec::new() };
        let managed = causes.iter().filter(|(_, may_manage)| *may_manage);
        let on_prems = managed.map(|(cause, _)| cause.uid).collect();
        alerts.extend(causes.into_iter().map(|(cause, _)| of_on_prem(cause)));
        alert::sort(&mut alerts);
        // In the classic mode of a satellite nothing is transferred here.
        let here = self.decides_locally(conn, place.account.id, Decision::Licenses).is_ok();
        Ok(AlertList {
            alerts,
            transferable: if here { where_may(place, Permission::Transfer) } else { Vec::new() },
            manageable: where_may(place, Permission::ManageInstances),
            may_accept: self.edition() == Edition::Cssm
                && place.actor.may(Permission::AcceptAgreement, &place.scope()),
            holders,
            on_prems,
        })
    }

    /// Dismisses an alert of a virtual account (A-ALR-07).
    pub async fn dismiss_alert(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        key: String,
    ) -> Result<Cause> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::ManageInstances, &va)?;
            let mut causes = engine.causes(conn, va, now)?;
            let notices = db::notices::list(conn, va.id, now)?;
            causes.extend(undismissed(conn, va, notices)?);
            let cause = causes.into_iter().find(|cause| cause.key() == key);
            let cause = cause.ok_or_else(|| Error::not_found("alert", &key))?;
            if !cause.is_dismissable() {
                let kind = cause.kind();
                let problem = format!("{kind} goes when its cause goes; it cannot be dismissed.");
                return Err(Error::Conflict(problem).into());
            }
            db::notices::dismiss(conn, va.id, &key, (&place.actor.name, now))?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let name = va.name.as_str();
            let message = format!("{} was dismissed: {}", cause.kind(), cause.message(name));
            ledger.note(Fact::new(va.id, EventKind::AlertDismissed, message));
            ledger.close(conn)?;
            Ok(cause)
        })
        .await
    }

    /// How many alerts a virtual account has.
    pub(super) fn alert_counts(
        &self,
        conn: &mut Conn,
        va: &VirtualAccount,
        now: Timestamp,
    ) -> Result<AlertCounts> {
        let mut counts = AlertCounts::default();
        for cause in self.causes(conn, va, now)? {
            match cause.severity() {
                Severity::Major => counts.major += 1,
                Severity::Minor => counts.minor += 1,
                Severity::Informational => {}
            }
        }
        Ok(counts)
    }

    /// The causes in the account itself: its agreement, and on a satellite whether it still belongs
    /// together with CSSM (A-ALK-04, A-ALK-05, B-LWS-12).
    pub(super) fn account_causes(
        &self,
        conn: &mut Conn,
        place: &Place,
        now: Timestamp,
    ) -> Result<Vec<Cause>> {
        let published = self.published_agreement(conn)?;
        let mut causes: Vec<Cause> = of_agreement(&place.account, &published).into_iter().collect();
        if self.edition() == Edition::Satellite
            && let Some(local) = db::local_accounts::of_account(conn, place.account.id)?
        {
            let standing = db::standings::find(conn, local.uid)?;
            let alerts = LocalAlert::of(&local, standing.as_ref(), now).into_iter();
            causes.extend(alerts.map(|alert| Cause::Local { name: local.name.clone(), alert }));
        }
        Ok(causes)
    }

    /// The causes in a virtual account, without its notices.
    fn causes(&self, conn: &mut Conn, va: &VirtualAccount, now: Timestamp) -> Result<Vec<Cause>> {
        let pools = db::pools::list(conn, Places::these(&[va.id]))?;
        let mut causes = undismissed(conn, va, of_pools(&pools, now))?;
        let periods = self.settings().periods;
        for instance in db::instances::alerting(conn, va.id)? {
            causes.extend(of_instance(&instance, &periods, now));
        }
        for (instance, of) in db::export_keys::waiting_in(conn, va.id)? {
            causes.push(export_key::cause(&instance, &of));
        }
        Ok(causes)
    }
}

/// An alert whose source is an On-Prem.
fn of_on_prem(cause: OnPremCause) -> Alert {
    let source = cause.name.clone();
    Alert { cause: Cause::OnPrem(cause), virtual_account: None, source }
}

/// The product instances that hold what has ended.
fn ended_holders(
    conn: &mut Conn,
    va: &VirtualAccount,
    causes: &[Cause],
) -> Result<Vec<AlertHolder>> {
    let mut holders = Vec::new();
    for cause in causes {
        let Cause::ReservedExpired(ending) = cause else { continue };
        let lines = db::licenses::lines_of(conn, va.id, ending.entitlement)?;
        let ended = |line: &LineId| {
            lines.iter().any(|known| known.id == *line && known.ends == Some(ending.ends))
        };
        let held = db::reservations::of_license(conn, va.id, ending.entitlement)?.into_iter();
        holders.extend(
            held.filter(|(_, line, _)| ended(line)).map(|(instance, _, quantity)| AlertHolder {
                key: cause.key(),
                instance,
                quantity,
            }),
        );
    }
    Ok(holders)
}

fn undismissed(conn: &mut Conn, va: &VirtualAccount, mut causes: Vec<Cause>) -> Result<Vec<Cause>> {
    if causes.iter().any(Cause::is_dismissable) {
        let dismissed = db::notices::dismissed(conn, va.id)?;
        causes.retain(|cause| !dismissed.contains(&cause.key()));
    }
    Ok(causes)
}

/// The virtual accounts where the caller may do that.
fn where_may(place: &Place, permission: Permission) -> Vec<VirtualAccount> {
    place.visible().into_iter().filter(|va| place.may(permission, va)).cloned().collect()
}
