//! Registration: who is let in, who is a replacement, and who is turned away.

use super::export_key::Refusal as ExportRefusal;
use super::id::InstanceId;
use super::instance::{Instance, Udi};
use super::time::Timestamp;
use chrono::TimeDelta;
use thiserror::Error as ThisError;

/// The periods of A-SEM-10 and A-SEM-11, in days; settings of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// Life of an identity certificate (proven: 365).
    pub certificate_days: u64,
    /// When a device renews it (proven: 180).
    pub certificate_renewal_days: u64,
    /// When a device renews its authorization (proven: 30).
    pub authorization_renewal_days: u64,
    /// When an authorization ends without contact (proven: 90).
    pub authorization_days: u64,
    /// Hours until an out-of-compliance device asks again (proven, one sample: 12).
    pub shortage_recheck_hours: i64,
    /// How far a device's clock may be off (documented: under one hour).
    pub clock_skew: TimeDelta,
    /// Hours after the day of renewal until a device counts as late (ours: 12): one that
    /// renews on its thirtieth day is not.
    pub late_after_hours: i64,
    /// When *Failed to Connect* becomes Major, in days without a renewal (ours: 60).
    pub late_major_days: u64,
    /// Days before its end from which an identity certificate that was not renewed is told (documented: 60).
    pub certificate_warning_days: u64,
}

impl Default for Periods {
    fn default() -> Self {
        Self {
            certificate_days: 365,
            certificate_renewal_days: 180,
            authorization_renewal_days: 30,
            authorization_days: 90,
            shortage_recheck_hours: 12,
            clock_skew: TimeDelta::hours(1),
            late_after_hours: 12,
            late_major_days: 60,
            certificate_warning_days: 60,
        }
    }
}

/// Why a product instance is turned away. Device texts: `protocol::error_codes`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// The device is registered and did not ask to be overwritten.
    #[error("The product {software_tag} and sudi containing {} has already been registered.", .udi.key())]
    AlreadyRegistered {
        /// The software tag of the product.
        software_tag: String,
        /// The device.
        udi: Box<Udi>,
    },
    /// The device holds a reservation; that has to be returned first.
    #[error("The device {} holds a license reservation; return it first.", .0.key())]
    Reserved(Box<Udi>),
    /// No such instance, or it was removed, or its certificate was replaced.
    #[error("The identity for the instance {0} is not valid.Please re-register the instance.")]
    UnknownIdentity(InstanceId),
    /// The identity certificate has ended.
    #[error("The identity certificate of the instance {0} has expired.")]
    CertificateExpired(InstanceId),
    /// The device's clock and ours differ by more than the allowed skew.
    #[error("The message's timestamp is {minutes} minutes off; under {allowed} is the rule.")]
    ClockSkew {
        /// How far off, in whole minutes.
        minutes: i64,
        /// How far it may be off, in minutes.
        allowed: i64,
    },
    /// The message was seen before, or is older than one that was accepted.
    #[error("The message was received before.")]
    Replayed,
    /// The signature does not belong to the message.
    #[error("The signature of the message is not valid.")]
    BadSignature,
    /// A satellite serves products only once it is registered itself.
    #[error("This SSM On-Prem is not registered with CSSM: no product can register with it yet.")]
    SiteNotRegistered,
    /// A high-availability group breaks a rule.
    #[error("{field}: {problem}")]
    Group {
        /// Path of the member, such as `ha_members[1].role`.
        field: String,
        /// What is wrong and the rule.
        problem: String,
    },
    /// A voucher is asked for a license that the instance does not use.
    #[error("Product Instance is not consuming this tag : {tag}")]
    NotConsuming {
        /// Which of the wanted vouchers.
        index: usize,
        /// The tag that it names.
        tag: String,
    },
    /// About a key for an export-restricted license.
    #[error(transparent)]
    Export(#[from] ExportRefusal),
    /// A voucher is asked on condition that all is in compliance, which it is not.
    #[error("The product instance is out of compliance: {licenses}.")]
    NotInCompliance {
        /// The licenses that are short.
        licenses: String,
    },
}

/// Checks that a message's own time is close enough to ours (A-SEM-17).
pub fn check_skew(sent: Timestamp, now: Timestamp, allowed: TimeDelta) -> Result<(), Refusal> {
    let off = (sent - now).abs();
    if off < allowed {
        return Ok(());
    }
    Err(Refusal::ClockSkew { minutes: off.num_minutes(), allowed: allowed.num_minutes() })
}

/// Decides what a registration does to an instance that is already known.
///
/// `Ok(None)`: the device is new. `Ok(Some(_))`: `force` replaces that one.
pub fn admit(known: Option<&Instance>, force: bool) -> Result<Option<&Instance>, Refusal> {
    match known {
        None => Ok(None),
        Some(old) if old.reserved => Err(Refusal::Reserved(Box::new(old.udi.clone()))),
        Some(old) if force => Ok(Some(old)),
        Some(old) => Err(Refusal::AlreadyRegistered {
            software_tag: old.software_tag.clone(),
            udi: Box::new(old.udi.clone()),
        }),
    }
}

/// Decides what a registration does to a group that the device, or a unit of its own group,
/// is already a unit of: `force` takes it out of there.
pub fn admit_unit(udi: &Udi, holder: Option<&Instance>, force: bool) -> Result<(), Refusal> {
    match holder {
        Some(group) if !force => Err(Refusal::AlreadyRegistered {
            software_tag: group.software_tag.clone(),
            udi: Box::new(udi.clone()),
        }),
        Some(_) | None => Ok(()),
    }
}

impl Instance {
    /// Accepts a message of this instance, or says why not: the certificate
    /// must be the current one and alive, the clock near ours, and the message
    /// later than the last (replay).
    pub fn hear(
        &self,
        serial: i64,
        sent: Timestamp,
        now: Timestamp,
        periods: &Periods,
    ) -> Result<Self, Refusal> {
        if serial != self.identity.serial {
            return Err(Refusal::UnknownIdentity(self.id));
        }
        if now >= self.identity.expires_at {
            return Err(Refusal::CertificateExpired(self.id));
        }
        check_skew(sent, now, periods.clock_skew)?;
        if sent <= self.identity.last_message_at {
            return Err(Refusal::Replayed);
        }
        let mut heard = self.clone();
        heard.last_contact_at = now;
        heard.identity.last_message_at = sent;
        Ok(heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-SEM-17, AS-49: 59 minutes pass, 61 do not, in both directions.
    #[test]
    fn clocks_may_differ_by_less_than_an_hour() {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let hour = Periods::default().clock_skew;
        for (minutes, fits) in [(59, true), (-59, true), (60, false), (61, false), (-61, false)] {
            let sent = now + TimeDelta::minutes(minutes);
            assert_eq!(check_skew(sent, now, hour).is_ok(), fits, "{minutes}");
        }
    }
}
