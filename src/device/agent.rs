//! How a product's state changes: registration, authorization, evaluation. No I/O, no clock.
// The state machine of device-protocol.md 3.3 (classic mode); rows are named beside the code.

use super::exchange::Verified;
use super::state::{
    Answered, Attempt, Authorization, Failure, Identity, Registration, State, Usage,
};
use super::{DeviceError, exchange};
use crate::domain::time::Timestamp;
use crate::protocol::answers::{
    AnswerBody, AuthorizationAnswer, AuthorizationStatus, IdCertRenewAnswer, RegistrationAnswer,
};
use chrono::TimeDelta;

/// 90 days, counted while licenses are in use without a registration (PROVEN: XE-YANG).
pub const EVALUATION: TimeDelta = TimeDelta::days(90);

/// After a failed contact the next attempt at an authorization (one sample: 29 s).
const AUTHORIZATION_RETRY: TimeDelta = TimeDelta::seconds(30);

/// After a failed renewal the next attempt at a certificate (one sample: 15 min 39 s).
const IDENTITY_RETRY: TimeDelta = TimeDelta::minutes(15);

/// The state of the registration, in the words of XE-YANG and the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationState {
    /// Never tried, or de-registered.
    NotRegistered,
    /// Registered.
    Complete,
    /// The server could not be reached.
    Retry,
    /// The server refused.
    Failed,
    /// The identity certificate ran out.
    Expired,
}

/// The state of the authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationState {
    /// No licenses in use.
    None,
    /// In use without registration, evaluation running.
    Eval,
    /// In use without registration, evaluation used up.
    EvalExpired,
    /// Registered and in use, no answer yet.
    Waiting,
    /// Covered.
    Authorized,
    /// Not covered.
    OutOfCompliance,
    /// No good answer before the deadline.
    AuthorizationExpired,
}

type Outcome = Result<(AnswerBody, Verified), DeviceError>;

impl State {
    /// The state of the registration as of the last [`State::tick`].
    pub fn registration_state(&self) -> RegistrationState {
        match (&self.registration.identity, self.registration.failure) {
            (Some(_), _) => RegistrationState::Complete,
            (None, Some(Failure::Failed)) => RegistrationState::Failed,
            (None, Some(Failure::Retry)) => RegistrationState::Retry,
            (None, Some(Failure::Expired)) => RegistrationState::Expired,
            (None, None) => RegistrationState::NotRegistered,
        }
    }

    /// The state of the authorization at `now`.
    pub fn authorization_state(&self, now: Timestamp) -> AuthorizationState {
        if self.registration.identity.is_none() {
            return match (self.in_use(), self.evaluation_left(now) > TimeDelta::zero()) {
                (false, _) => AuthorizationState::None,
                (true, true) => AuthorizationState::Eval,
                (true, false) => AuthorizationState::EvalExpired,
            };
        }
        if self.authorization.deadline.is_some_and(|deadline| now >= deadline) {
            return AuthorizationState::AuthorizationExpired;
        }
        match self.authorization.status {
            Some(Answered::Authorized) => AuthorizationState::Authorized,
            Some(Answered::OutOfCompliance) => AuthorizationState::OutOfCompliance,
            Some(Answered::NoLicensesInUse) | None if self.in_use() => AuthorizationState::Waiting,
            Some(Answered::NoLicensesInUse) | None => AuthorizationState::None,
        }
    }

    /// What is left of the evaluation period at `now`; never negative.
    pub fn evaluation_left(&self, now: Timestamp) -> TimeDelta {
        (EVALUATION - self.evaluation_used(now)).max(TimeDelta::zero())
    }

    /// Whether any license is in use.
    pub fn in_use(&self) -> bool {
        self.usage.values().any(|usage| usage.count > 0)
    }

    /// Lets time pass until `now`: certificates expire, evaluation runs down.
    pub fn tick(&mut self, now: Timestamp) {
        let expired = self.registration.identity.as_ref().filter(|id| now >= id.expires_at);
        if let Some(expires_at) = expired.map(|id| id.expires_at) {
            // complete -> unregistered (expired); the evaluation goes on from that moment.
            self.forget_registration(expires_at);
            self.registration.failure = Some(Failure::Expired);
        }
        self.settle_evaluation(now);
    }

    /// Sets counts; 0 stays listed until the server has been told.
    pub(super) fn set_usage(&mut self, counts: &[(String, u64)], now: Timestamp) {
        for (tag, count) in counts {
            let usage = self.usage.entry(tag.clone()).or_insert_with(|| Usage {
                version: version_of(tag).map(str::to_owned),
                ..Usage::default()
            });
            usage.count = *count;
        }
        if self.registration.identity.is_none() {
            self.usage.retain(|_, usage| usage.count > 0);
        }
        self.settle_evaluation(now);
    }

    /// Takes in how a registration went.
    pub(super) fn note_registration(
        &mut self,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.registration.last_attempt = Some(attempt(&outcome, now));
        match outcome {
            Ok((AnswerBody::Registration(answer), signed)) => {
                self.settle_evaluation(now);
                self.registration.identity = Some(identity(answer, signed));
                self.registration.failure = None;
                self.registration.last_renewal = None;
                self.authorization = Authorization::default();
                self.settle_evaluation(now);
                Ok(())
            }
            Ok(_) => Err(exchange::other_answer()),
            Err(error) => {
                // A refused overwrite leaves an existing registration as it was.
                self.registration.failure = Some(match error {
                    DeviceError::Unreachable(_) => Failure::Retry,
                    _ => Failure::Failed,
                });
                Err(error)
            }
        }
    }

    /// Takes in how an authorization went.
    pub(super) fn note_authorization(
        &mut self,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.authorization.last_attempt = Some(attempt(&outcome, now));
        match outcome {
            Ok((AnswerBody::Authorization(answer), signed)) => {
                self.signers_changed(&signed);
                self.account_named(&answer.smart_account, &answer.virtual_account);
                self.authorized(answer, now);
                Ok(())
            }
            Ok(_) => Err(exchange::other_answer()),
            Err(error) => {
                self.authorization.next_attempt = Some(now + AUTHORIZATION_RETRY);
                Err(error)
            }
        }
    }

    /// Takes in how a renewal of the identity went.
    pub(super) fn note_renewal(
        &mut self,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.registration.last_renewal = Some(attempt(&outcome, now));
        match outcome {
            Ok((AnswerBody::IdCertRenew(answer), signed)) => {
                self.signers_changed(&signed);
                self.renewed(&answer, &signed);
                Ok(())
            }
            Ok(_) => Err(exchange::other_answer()),
            Err(error) => {
                if let Some(identity) = &mut self.registration.identity {
                    identity.renew_at = now + IDENTITY_RETRY;
                }
                Err(error)
            }
        }
    }

    /// Wipes what a registration left behind; usage stays and falls back to evaluation.
    pub(super) fn forget_registration(&mut self, now: Timestamp) {
        self.registration = Registration {
            last_attempt: self.registration.last_attempt.take(),
            ..Default::default()
        };
        self.authorization = Authorization::default();
        self.usage.retain(|_, usage| usage.count > 0);
        for usage in self.usage.values_mut() {
            let (count, version) = (usage.count, usage.version.take());
            *usage = Usage { count, version, ..Usage::default() };
        }
        self.settle_evaluation(now);
    }

    fn authorized(&mut self, answer: AuthorizationAnswer, now: Timestamp) {
        let status = match answer.status {
            AuthorizationStatus::Authorized => Answered::Authorized,
            AuthorizationStatus::OutOfCompliance => Answered::OutOfCompliance,
            AuthorizationStatus::NoLicensesInUse => Answered::NoLicensesInUse,
        };
        let since = self.authorization.out_of_compliance_since.unwrap_or(now);
        self.authorization = Authorization {
            status: Some(status),
            answered_at: Some(now),
            last_attempt: self.authorization.last_attempt.take(),
            next_attempt: Some(answer.renew_at),
            deadline: Some(answer.expires_at),
            out_of_compliance_since: (status == Answered::OutOfCompliance).then_some(since),
        };
        self.usage.retain(|_, usage| usage.count > 0);
        for told in answer.entitlements {
            let Some(usage) = self.usage.get_mut(&told.tag) else { continue };
            usage.enforce_mode = Some(told.enforce_mode.name().to_owned());
            usage.display_name = told.display_name;
            usage.description = told.description;
            usage.export_restricted = told.export_restricted;
            usage.term_end = told.term_end.map(|end| end.0);
        }
    }

    fn renewed(&mut self, answer: &IdCertRenewAnswer, signed: &Verified) {
        let Some(identity) = &mut self.registration.identity else { return };
        identity.certificate_pem = crate::crypto::ca::certificate_pem(&answer.id_certificate.0);
        identity.serial = signed.identity_serial.unwrap_or(identity.serial);
        identity.renew_at = answer.renew_at;
        identity.expires_at = answer.expires_at;
    }

    /// A transfer to another virtual account shows with the next answer.
    fn account_named(&mut self, smart_account: &str, virtual_account: &str) {
        let Some(identity) = &mut self.registration.identity else { return };
        smart_account.clone_into(&mut identity.smart_account);
        virtual_account.clone_into(&mut identity.virtual_account);
    }

    fn signers_changed(&mut self, signed: &Verified) {
        let Some(identity) = &mut self.registration.identity else { return };
        if let Some(signers_pem) = &signed.signers_pem {
            signers_pem.clone_into(&mut identity.signers_pem);
            identity.signer_serial = signed.signer_serial;
        }
    }

    fn evaluation_used(&self, now: Timestamp) -> TimeDelta {
        let running = self.evaluation.running_since.map_or(TimeDelta::zero(), |since| now - since);
        // A clock that was set back does not give time back.
        TimeDelta::milliseconds(self.evaluation.used_ms) + running.max(TimeDelta::zero())
    }

    /// Books what has run so far; runs on only while in use and not registered.
    fn settle_evaluation(&mut self, now: Timestamp) {
        let used = self.evaluation_used(now).min(EVALUATION);
        self.evaluation.used_ms = used.num_milliseconds();
        let running = self.registration.identity.is_none() && self.in_use() && used < EVALUATION;
        self.evaluation.running_since = running.then_some(now);
    }
}

fn attempt(outcome: &Outcome, now: Timestamp) -> Attempt {
    Attempt { at: now, failure: outcome.as_ref().err().map(ToString::to_string) }
}

fn identity(answer: RegistrationAnswer, signed: Verified) -> Identity {
    Identity {
        product_instance_identifier: signed.product_instance_identifier,
        certificate_pem: crate::crypto::ca::certificate_pem(&answer.id_certificate.0),
        serial: signed.identity_serial.unwrap_or_default(),
        signers_pem: signed.signers_pem.unwrap_or_default(),
        signer_serial: signed.signer_serial,
        root_on_first_use: signed.root_on_first_use,
        smart_account: answer.smart_account,
        virtual_account: answer.virtual_account,
        export_control_allowed: answer.export_control_allowed,
        registered_at: answer.registration_date,
        renew_at: answer.renew_at,
        expires_at: answer.expires_at,
    }
}

/// The version inside an entitlement tag: `…,<version>_<uuid>`.
fn version_of(tag: &str) -> Option<&str> {
    let (_, rest) = tag.rsplit_once(',')?;
    rest.split_once('_').map(|(version, _)| version).filter(|version| !version.is_empty())
}

#[cfg(test)]
mod tests;
