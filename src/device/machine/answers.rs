//! What answers set off, good ones and others.

use super::{Event, Exchange, Outcome, Step};
use crate::device::DeviceError;
use crate::device::exchange::{self, Verified};
use crate::device::notices::Notice;
use crate::device::state::{
    Answered, Attempt, Authorization, Counter, Failure, Identity, Registration, Usage,
};
use crate::device::timers::Timer;
use crate::domain::time::Timestamp;
use crate::protocol::answers::{
    AnswerBody, AuthorizationAnswer, AuthorizationStatus, IdCertRenewAnswer, RegistrationAnswer,
};
use chrono::TimeDelta;

impl Step {
    pub(super) fn registered(&mut self, event: Event) {
        let Ok((AnswerBody::Registration(answer), signed)) = self.answered(event) else { return };
        let export_allowed = answer.export_control_allowed;
        let first = self.state.timers.get(Timer::FirstAuthorization);
        let latest = self.state.timers.get(Timer::FirstAuthorizationLatest);
        let wait =
            first + self.chance(Exchange::Registration, (latest - first).max(TimeDelta::zero()));
        let last_attempt = self.state.registration.last_attempt.take();
        self.forget_answers();
        // A request waited for the instance that was before.
        self.state.export.pending = None;
        self.state.registration = Registration {
            identity: Some(identity(answer, signed)),
            last_attempt,
            ..Registration::default()
        };
        self.state.authorization =
            Authorization { next_attempt: Some(self.now + wait), ..Authorization::default() };
        self.settle_evaluation();
        self.tell(Notice::Registered { export_allowed });
    }

    /// A refused overwrite leaves an existing registration as it was; it is not tried again.
    pub(super) fn registration_refused(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        self.state.registration.pending = None;
        if self.state.registration.identity.is_none() {
            self.state.registration.failure = Some(Failure::Failed);
        }
        self.tell(Notice::RegistrationFailed { reason: error.to_string() });
    }

    pub(super) fn registration_lost(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        let Some(mut pending) = self.state.registration.pending.take() else { return };
        pending.attempts += 1;
        let asked = error.retry_after();
        pending.next_attempt = Some(self.retry(Exchange::Registration, pending.attempts, asked));
        self.state.registration.pending = Some(pending);
        self.state.registration.failure = None;
    }

    pub(super) fn authorized(&mut self, event: Event) {
        let Ok((AnswerBody::Authorization(answer), signed)) = self.answered(event) else { return };
        self.signers_changed(&signed);
        if let Some(identity) = &mut self.state.registration.identity {
            // A transfer to another virtual account shows with the next answer.
            identity.smart_account.clone_from(&answer.smart_account);
            identity.virtual_account.clone_from(&answer.virtual_account);
        }
        self.take_authorization(answer);
    }

    /// The state stays what it was until the deadline.
    pub(super) fn authorization_failed(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        let attempts = self.state.authorization.failed_attempts + 1;
        self.state.authorization.failed_attempts = attempts;
        let next = self.retry(Exchange::Authorization, attempts, error.retry_after());
        self.state.authorization.next_attempt = Some(next);
        self.tell(Notice::AuthorizationFailed { reason: error.to_string() });
    }

    pub(super) fn renewed(&mut self, event: Event) {
        let Ok((AnswerBody::IdCertRenew(answer), signed)) = self.answered(event) else { return };
        self.signers_changed(&signed);
        self.state.registration.failed_renewals = 0;
        self.take_identity(&answer, &signed);
        self.tell(Notice::IdentityRenewed);
    }

    pub(super) fn renewal_failed(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        let attempts = self.state.registration.failed_renewals + 1;
        self.state.registration.failed_renewals = attempts;
        let next = self.retry(Exchange::IdCertRenew, attempts, error.retry_after());
        if let Some(identity) = &mut self.state.registration.identity {
            identity.renew_at = next;
        }
        self.tell(Notice::IdentityRenewalFailed { reason: error.to_string() });
    }

    /// The server does not know the instance: the registration stays, for only the user can mend
    /// it, but nothing is authorized. It goes on asking, as after any failure.
    pub(super) fn unknown_here(&mut self, event: Event) {
        let Event::Answered(exchange, Err(error)) = &event else { return };
        let (exchange, reason) = (*exchange, error.to_string());
        let told = self.state.authorization.status == Some(Answered::NotAuthorized);
        match exchange {
            Exchange::IdCertRenew => self.renewal_failed(event),
            Exchange::ThirdPartyKey => self.key_refused(event),
            Exchange::ExportKey => self.export_refused(event),
            Exchange::Registration | Exchange::Authorization | Exchange::Deregistration => {
                self.authorization_failed(event);
            }
        }
        self.state.authorization.status = Some(Answered::NotAuthorized);
        self.state.authorization.out_of_compliance_since = None;
        if !told {
            self.tell(Notice::NotAuthorized { reason });
        }
    }

    pub(super) fn key_received(&mut self, event: Event) {
        let Ok((AnswerBody::ThirdPartyKey(answer), signed)) = self.answered(event) else { return };
        self.signers_changed(&signed);
        self.state.key_request = None;
        for voucher in answer.data {
            self.state.vouchers.insert(voucher.id, voucher.voucher);
        }
        self.tell(Notice::KeyReceived);
    }

    pub(super) fn key_refused(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        self.state.key_request = None;
        self.tell(Notice::KeyRefused { reason: error.to_string() });
    }

    /// Whatever the server said: the registration is gone.
    // device-protocol.md 2.5 (PROVEN: XE-YANG, MIB 22).
    pub(super) fn left(&mut self, event: Event) {
        let outcome = self.answered(event);
        self.forget_registration();
        self.tell(match outcome {
            Ok(_) => Notice::Deregistered,
            Err(error) => Notice::DeregistrationFailed { reason: error.to_string() },
        });
    }

    /// Wipes what a registration left behind; usage stays and falls back to evaluation. Export
    /// authorization keys outlive it: the server keeps them for the product too.
    pub(super) fn forget_registration(&mut self) {
        self.state.waiting_for = None;
        self.state.export.pending = None;
        self.state.key_request = None;
        self.state.vouchers.clear();
        self.state.registration = Registration {
            last_attempt: self.state.registration.last_attempt.take(),
            ..Registration::default()
        };
        self.state.authorization = Authorization::default();
        self.forget_answers();
        self.settle_evaluation();
    }

    /// What was said of licenses in use is said no more, and what was released is forgotten.
    fn forget_answers(&mut self) {
        self.state.usage.retain(|_, usage| usage.count > 0);
        for usage in self.state.usage.values_mut() {
            let (count, version) = (usage.count, usage.version.take());
            *usage = Usage { count, version, ..Usage::default() };
        }
    }

    /// Ends the waiting: counters, attempts, and whether the server is reached.
    pub(super) fn answered(&mut self, event: Event) -> Outcome {
        let Event::Answered(exchange, outcome) = event else {
            return Err(exchange::other_answer());
        };
        self.state.waiting_for = None;
        let attempt =
            Attempt { at: self.now, failure: outcome.as_ref().err().map(ToString::to_string) };
        let counter = self.state.counters.entry(exchange).or_default();
        count(counter, &outcome, self.now);
        match exchange {
            Exchange::Registration => self.state.registration.last_attempt = Some(attempt),
            Exchange::Authorization => self.state.authorization.last_attempt = Some(attempt),
            Exchange::IdCertRenew => self.state.registration.last_renewal = Some(attempt),
            Exchange::ThirdPartyKey | Exchange::ExportKey | Exchange::Deregistration => {}
        }
        self.reached(&outcome);
        outcome
    }

    /// `COMM_FAILED` once, `COMM_RESTORED` once.
    fn reached(&mut self, outcome: &Outcome) {
        let lost = match outcome {
            Err(DeviceError::Unreachable(_) | DeviceError::BadAnswer(_)) => outcome.as_ref().err(),
            _ => None,
        };
        match (lost, self.state.silent_since) {
            (Some(error), None) => {
                self.state.silent_since = Some(self.now);
                self.tell(Notice::CommunicationFailed { reason: error.to_string() });
            }
            (None, Some(_)) => {
                self.state.silent_since = None;
                self.tell(Notice::CommunicationRestored);
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    fn take_authorization(&mut self, answer: AuthorizationAnswer) {
        let (status, notice) = match answer.status {
            AuthorizationStatus::Authorized => (Answered::Authorized, Notice::Authorized),
            AuthorizationStatus::OutOfCompliance => {
                (Answered::OutOfCompliance, Notice::OutOfCompliance)
            }
            AuthorizationStatus::NoLicensesInUse => {
                (Answered::NoLicensesInUse, Notice::NoLicensesInUse)
            }
        };
        let before = &mut self.state.authorization;
        let since = before.out_of_compliance_since.unwrap_or(self.now);
        let (last_attempt, changed) = (before.last_attempt.take(), before.changed);
        let sooner = self.reporting().unwrap_or(answer.renew_at);
        self.state.authorization = Authorization {
            status: Some(status),
            answered_at: Some(self.now),
            last_attempt,
            next_attempt: Some(answer.renew_at.min(sooner)),
            changed,
            failed_attempts: 0,
            deadline: Some(answer.expires_at),
            out_of_compliance_since: (status == Answered::OutOfCompliance).then_some(since),
        };
        self.state.usage.retain(|_, usage| usage.count > 0);
        for told in answer.entitlements {
            let Some(usage) = self.state.usage.get_mut(&told.tag) else { continue };
            usage.enforce_mode = Some(told.enforce_mode.name().to_owned());
            usage.display_name = told.display_name;
            usage.description = told.description;
            usage.export_restricted = told.export_restricted;
            usage.term_end = told.term_end.map(|end| end.0);
        }
        self.tell(notice);
    }

    fn take_identity(&mut self, answer: &IdCertRenewAnswer, signed: &Verified) {
        let Some(identity) = &mut self.state.registration.identity else { return };
        identity.certificate_pem = crate::crypto::ca::certificate_pem(&answer.id_certificate.0);
        identity.serial = signed.identity_serial.unwrap_or(identity.serial);
        identity.issued_at = signed.server_time;
        identity.renew_at = answer.renew_at;
        identity.expires_at = answer.expires_at;
    }

    pub(super) fn signers_changed(&mut self, signed: &Verified) {
        let Some(identity) = &mut self.state.registration.identity else { return };
        if let Some(signers_pem) = &signed.signers_pem {
            signers_pem.clone_into(&mut identity.signers_pem);
            identity.signer_serial = signed.signer_serial;
        }
    }
}

fn count(counter: &mut Counter, outcome: &Outcome, now: Timestamp) {
    counter.last_answer = Some(now);
    counter.last_result = Some(result_word(outcome));
    counter.last_failure = outcome.as_ref().err().map(ToString::to_string);
    if outcome.is_ok() {
        counter.good += 1;
        counter.good_at = Some(now);
        counter.failures = 0;
    } else {
        counter.failed += 1;
        counter.failed_at = Some(now);
        counter.failures += 1;
    }
    let silent = matches!(outcome, Err(DeviceError::Unreachable(_)));
    counter.silences = if silent { counter.silences + 1 } else { 0 };
}

// device-protocol.md 1.4: `NO REPLY` and the status names are PROVEN by GENIE's counters.
fn result_word(outcome: &Outcome) -> String {
    match outcome {
        Ok(_) => "OK".to_owned(),
        Err(DeviceError::Refused { status, .. }) => status.name().to_owned(),
        Err(DeviceError::Unreachable(_)) => "NO REPLY".to_owned(),
        Err(DeviceError::BadAnswer(_)) => "INVALID STATUS CODE".to_owned(),
        Err(DeviceError::NotNow(_) | DeviceError::Host(_) | DeviceError::Usage(_)) => {
            "BUILD REQUEST ERROR".to_owned()
        }
    }
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
        issued_at: signed.server_time,
        renew_at: answer.renew_at,
        expires_at: answer.expires_at,
    }
}
