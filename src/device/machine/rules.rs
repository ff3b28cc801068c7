//! What users and timers set off.

use super::{Event, Exchange, RegistrationState, Step};
use crate::device::notices::Notice;
use crate::device::state::{Pending, Usage};
use crate::device::timers::Timer;

impl Step {
    /// Registration begins.
    pub(super) fn register(&mut self, event: Event) {
        let Event::Register { token, force } = event else { return };
        let token = token.trim().to_owned();
        self.state.registration.pending =
            Some(Pending { token, force, attempts: 0, next_attempt: None });
        self.send(Exchange::Registration);
    }

    /// Sets counts; 0 stays listed until the server has been told. A registered agent reports
    /// a change at once, or as soon as it may.
    pub(super) fn use_licenses(&mut self, event: Event) {
        let Event::Use(counts) = event else { return };
        for (tag, count) in counts {
            let usage = self.state.usage.entry(tag.clone()).or_insert_with(|| Usage {
                version: version_of(&tag).map(str::to_owned),
                ..Usage::default()
            });
            if usage.count != count {
                usage.count = count;
                self.tell(Notice::Usage { tag, count });
            }
        }
        if self.state.registration.identity.is_none() {
            self.state.usage.retain(|_, usage| usage.count > 0);
        } else if self.state.waiting_for.is_none() {
            self.send(Exchange::Authorization);
        } else {
            self.state.authorization.changed = true;
        }
        self.settle_evaluation();
    }

    pub(super) fn renew_authorization(&mut self, _: Event) {
        self.send(Exchange::Authorization);
    }

    pub(super) fn renew_identity(&mut self, _: Event) {
        self.send(Exchange::IdCertRenew);
    }

    pub(super) fn ask_key(&mut self, event: Event) {
        let Event::AskKey(request) = event else { return };
        self.state.key_request = Some(request);
        self.send(Exchange::ThirdPartyKey);
    }

    /// A registration that reached no server is given up.
    pub(super) fn stop_trying(&mut self, _: Event) {
        self.state.registration.pending = None;
        self.state.registration.failure = None;
    }

    /// Sends the one thing that is due: registration, then certificate, then authorization, then
    /// what is wanted with an export authorization key.
    pub(super) fn due(&mut self, _: Event) {
        let now = self.now;
        let pending = self.state.registration.pending.as_ref();
        let registering = self.state.registration_state() == RegistrationState::Retry;
        if let Some(next) = pending.and_then(|pending| pending.next_attempt) {
            if registering && next <= now {
                self.send(Exchange::Registration);
            }
            return;
        }
        let Some(identity) = &self.state.registration.identity else { return };
        if identity.renew_at <= now {
            self.send(Exchange::IdCertRenew);
        } else if self.state.authorization.changed
            || self.state.authorization.next_attempt.is_some_and(|next| next <= now)
        {
            self.send(Exchange::Authorization);
        } else if self.export_is_due() {
            self.send(Exchange::ExportKey);
        }
    }

    /// The product's own cadence, if it has one: not later than the server asks for.
    pub(super) fn reporting(&self) -> Option<crate::domain::time::Timestamp> {
        let every = self.state.timers.get(Timer::Reporting);
        (every > chrono::TimeDelta::zero()).then(|| self.now + every)
    }
}

/// The version inside an entitlement tag: `…,<version>_<uuid>`.
pub fn version_of(tag: &str) -> Option<&str> {
    let (_, rest) = tag.rsplit_once(',')?;
    rest.split_once('_').map(|(version, _)| version).filter(|version| !version.is_empty())
}
