//! Keys for export-restricted licenses: requested, returned, given up.
// device-protocol.md 2.7: the three commands, and that a failed request or return is tried again
// by itself until it is cancelled, are DOCUMENTED; status and times are those of XR-YANG.

use super::{Event, Exchange, NotNow, Step};
use crate::device::DeviceError;
use crate::device::notices::Notice;
use crate::device::state::Attempt;
use crate::device::timers::Timer;
use crate::device::words;
use crate::domain::time::Timestamp;
use crate::protocol::answers::AnswerBody;
use crate::protocol::export_key::{Action, ExportKey};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the user wants with export authorization keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportCommand {
    /// A key for the license of that tag.
    Request(String),
    /// To give it back.
    Return(String),
    /// Not to try any more what has failed so far.
    Cancel,
}

/// The keys of a product and what it is about to do with one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// The keys by entitlement tag.
    pub keys: BTreeMap<String, Key>,
    /// The request, return or cancellation that has no good answer yet.
    pub pending: Option<Pending>,
    /// How the last request went.
    pub last_request: Option<Attempt>,
    /// How the last return went.
    pub last_return: Option<Attempt>,
}

/// An export authorization key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What the server calls the license.
    pub name: Option<String>,
    /// Since when the product has it.
    pub granted_at: Timestamp,
}

/// A wish without a good answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// What for.
    pub action: Wanted,
    /// The entitlement tag.
    pub license: String,
    /// How often it has failed in a row.
    pub attempts: u32,
    /// When to try again; none while a message is under way.
    pub next_attempt: Option<Timestamp>,
}

/// The action of a wish, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A key.
    Request,
    /// To give one back.
    Return,
    /// To wait no longer.
    Cancel,
}

impl Export {
    /// The message for what is pending.
    pub(in crate::device) fn message(&self) -> Option<ExportKey> {
        let pending = self.pending.as_ref()?;
        let action = match pending.action {
            Wanted::Request => Action::Request,
            Wanted::Return => Action::Return,
            Wanted::Cancel => Action::Cancel,
        };
        Some(ExportKey { action, license: pending.license.clone() })
    }

    /// When it is due to be sent again.
    pub(in crate::device) fn next_attempt(&self) -> Option<Timestamp> {
        self.pending.as_ref().and_then(|pending| pending.next_attempt)
    }
}

impl Step {
    /// One wish at a time; cancelling ends the one that waits.
    pub(super) fn export(&mut self, event: Event) -> Result<(), NotNow> {
        let Event::Export(command) = event else { return Ok(()) };
        let pending = self.state.export.pending.take();
        let (action, license) = match (command, &pending) {
            (ExportCommand::Request(license), None) => (Wanted::Request, license),
            (ExportCommand::Return(license), None) => (Wanted::Return, license),
            (ExportCommand::Request(_) | ExportCommand::Return(_), Some(_)) => {
                self.state.export.pending = pending;
                return Err(NotNow::ExportPending);
            }
            (ExportCommand::Cancel, None) => return Err(NotNow::NoExportPending),
            // Only requests wait at the server too.
            (ExportCommand::Cancel, Some(waiting)) if waiting.action == Wanted::Return => {
                let license = waiting.license.clone();
                self.tell(Notice::ExportCancelled { license });
                return Ok(());
            }
            (ExportCommand::Cancel, Some(waiting)) => (Wanted::Cancel, waiting.license.clone()),
        };
        self.state.export.pending =
            Some(Pending { action, license, attempts: 0, next_attempt: None });
        self.send(Exchange::ExportKey);
        Ok(())
    }

    /// Whether the pending wish is due.
    pub(super) fn export_is_due(&self) -> bool {
        self.state.export.next_attempt().is_some_and(|next| next <= self.now)
    }

    /// A product that holds keys does not leave.
    pub(super) fn deregister(&mut self, _: Event) -> Result<(), NotNow> {
        if !self.state.export.keys.is_empty() {
            return Err(NotNow::HoldsExportKeys);
        }
        self.send(Exchange::Deregistration);
        Ok(())
    }

    pub(super) fn export_answered(&mut self, event: Event) {
        let Ok((AnswerBody::ExportKey(answer), signed)) = self.answered(event) else { return };
        self.signers_changed(&signed);
        let Some(pending) = self.state.export.pending.take() else { return };
        let license = pending.license;
        self.note_attempt(pending.action, None);
        let notice = match (answer.granted_at, pending.action) {
            (Some(_), _) => Notice::ExportKeyReceived { license: license.clone() },
            (None, Wanted::Return) => Notice::ExportKeyReturned { license: license.clone() },
            (None, Wanted::Request | Wanted::Cancel) => {
                Notice::ExportCancelled { license: license.clone() }
            }
        };
        if let Some(since) = answer.granted_at {
            let key = Key { name: answer.display_name, granted_at: since.0 };
            self.state.export.keys.insert(license.clone(), key);
        } else {
            self.state.export.keys.remove(&license);
        }
        // Whether it is covered is another matter now.
        if self.state.usage.contains_key(&license) {
            self.state.authorization.changed = true;
        }
        self.tell(notice);
    }

    /// Only a refusal that names a time is tried again: that of a license that is not free.
    pub(super) fn export_refused(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        let Some(mut pending) = self.state.export.pending.take() else { return };
        self.note_attempt(pending.action, Some(&error));
        let asked = error.retry_after();
        if asked > TimeDelta::zero() && pending.action == Wanted::Request {
            pending.attempts += 1;
            let pause = self.state.timers.get(Timer::ExportRetry).max(asked);
            pending.next_attempt = Some(self.now + pause + self.spread(Exchange::ExportKey, pause));
            self.state.export.pending = Some(pending);
        } else if pending.action == Wanted::Return && words::names_field(&error, "license") {
            // It was returned before, and only the answer was lost.
            self.state.export.keys.remove(&pending.license);
        }
        self.tell(Notice::ExportKeyRefused { reason: error.to_string() });
    }

    /// No answer that could be believed: all three wishes are tried again.
    pub(super) fn export_lost(&mut self, event: Event) {
        let Err(error) = self.answered(event) else { return };
        let Some(mut pending) = self.state.export.pending.take() else { return };
        self.note_attempt(pending.action, Some(&error));
        pending.attempts += 1;
        let asked = error.retry_after();
        pending.next_attempt = Some(self.retry(Exchange::ExportKey, pending.attempts, asked));
        self.state.export.pending = Some(pending);
        self.tell(Notice::ExportKeyRefused { reason: error.to_string() });
    }

    fn note_attempt(&mut self, action: Wanted, failure: Option<&DeviceError>) {
        let attempt = Attempt { at: self.now, failure: failure.map(ToString::to_string) };
        let export = &mut self.state.export;
        match action {
            Wanted::Request | Wanted::Cancel => export.last_request = Some(attempt),
            Wanted::Return => export.last_return = Some(attempt),
        }
    }
}
