//! The state machine of an agent: a pure function of a state, an event and an instant.
//!
//! [`step`] settles what time has brought, finds the row of [`TABLE`] for the event, and does
//! what it says. It sends nothing: what is to be sent is an [`Action`].
// device-protocol.md 3.3 (classic mode).

mod answers;
mod code;
mod export;
mod host;
mod reservation;
mod retry;
mod rules;
mod standing;
mod table;
mod time;

pub use export::{Export, ExportCommand, Key, Wanted};
pub use reservation::{Ask, Refusal};
pub use rules::version_of;
pub use standing::{AuthorizationState, RegistrationState, Standing};
pub use table::{Kind, Row, Rule, TABLE, Verdict};

use super::DeviceError;
use super::exchange::Verified;
use super::notices::Notice;
use super::state::State;
use crate::domain::host::{Command, Refusal as HostRefusal};
use crate::domain::time::Timestamp;
use crate::protocol::answers::AnswerBody;
use crate::protocol::third_party::ThirdPartyKey;
use serde::{Deserialize, Serialize};

/// What an agent asks of the server; one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// To be registered.
    Registration,
    /// Whether what is in use is covered.
    Authorization,
    /// The next identity certificate.
    IdCertRenew,
    /// Vouchers for a third party.
    ThirdPartyKey,
    /// A key for an export-restricted license, or the end of one.
    ExportKey,
    /// To be forgotten.
    Deregistration,
}

impl Exchange {
    /// All.
    pub const ALL: [Self; 6] = [
        Self::Registration,
        Self::Authorization,
        Self::IdCertRenew,
        Self::ThirdPartyKey,
        Self::ExportKey,
        Self::Deregistration,
    ];
}

/// How an exchange went.
pub type Outcome = Result<(AnswerBody, Verified), DeviceError>;

/// What happens to an agent.
#[derive(Clone, Debug)]
pub enum Event {
    /// The user registers with a token.
    Register {
        /// The registration token.
        token: String,
        /// Whether to replace an earlier registration.
        force: bool,
    },
    /// The product uses so many licenses of these tags from now on; 0 releases.
    Use(Vec<(String, u64)>),
    /// The user renews the authorization.
    RenewAuthorization,
    /// The user renews the identity certificate.
    RenewIdentity,
    /// The product wants vouchers for a third party.
    AskKey(ThirdPartyKey),
    /// The user requests, returns or cancels an export authorization key.
    Export(ExportCommand),
    /// The user de-registers.
    Deregister,
    /// The user does something about a reservation.
    Reserve(Ask),
    /// Somebody does something with users, meetings or host licenses.
    Host(Command),
    /// An answer came, or none.
    Answered(Exchange, Outcome),
    /// Time has passed.
    Tick,
    /// A timer may be due: send what is.
    Due,
    /// The product's clock was set.
    ClockSet,
}

/// What the agent wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send a message of this kind and report how it went.
    Send(Exchange),
    /// Tell the user; it stands in the log already.
    Tell(Notice),
}

/// Why the agent does not do what it is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// Numbers 40 of XE-YANG.
    // device-protocol.md 2.5 (PROVEN): refused by the device itself.
    #[error("Already registered. Use force to register again.")]
    AlreadyRegistered,
    /// In the words of IOS.
    // device-protocol.md 2.5 (PROVEN).
    #[error("Smart Agent not registered")]
    NotRegistered,
    /// 53, 55 and 56 of XE-YANG: one message at a time.
    #[error("{}", in_progress(*.0))]
    InProgress(Exchange),
    /// 151, 160 and 161 of XR-YANG.
    // device-protocol.md 2.7 (PROVEN: the numbers; the words are ours).
    #[error("An export authorization request or return is in progress: cancel it first.")]
    ExportPending,
    /// Nothing waits to be tried again.
    #[error("There is no export authorization request or return to cancel.")]
    NoExportPending,
    /// The server would refuse it too.
    #[error("The product holds an export authorization key: return it first.")]
    HoldsExportKeys,
    /// An answer to nothing that was asked, or not any more.
    #[error("the answer is to nothing that was asked")]
    NotAsked,
    /// The product is no meetings server with users.
    #[error("The product has no users and no host licenses.")]
    NoHosts,
    /// The use of a license follows from who has a host license.
    #[error("The use of {license} follows from the users who hold one: it is not set by hand.")]
    FollowsUsers {
        /// Its title.
        license: String,
    },
    /// A rule of host licenses says no.
    #[error(transparent)]
    Host(#[from] HostRefusal),
    /// Because of a reservation, or of a code of one.
    #[error(transparent)]
    Reservation(#[from] Refusal),
}

fn in_progress(exchange: Exchange) -> &'static str {
    match exchange {
        Exchange::Registration => "A registration is in progress.",
        Exchange::Authorization => "An authorization is in progress.",
        Exchange::IdCertRenew => "A renewal of the registration is in progress.",
        Exchange::ThirdPartyKey => "A request for a third-party key is in progress.",
        Exchange::ExportKey => "An export authorization request or return is in progress.",
        Exchange::Deregistration => "A de-registration is in progress.",
    }
}

impl From<NotNow> for DeviceError {
    fn from(reason: NotNow) -> Self {
        match reason {
            NotNow::Host(refusal) => Self::Host(refusal),
            reason => Self::NotNow(reason.to_string()),
        }
    }
}

/// One step: the state after `event` at `now`, and what is to be done about it.
///
/// Time passes first, whatever the event; that part stays even if the event is refused.
pub fn step(state: State, event: Event, now: Timestamp) -> (State, Result<Vec<Action>, NotNow>) {
    let mut step = Step { state, now, actions: Vec::new() };
    step.pass(matches!(event, Event::ClockSet));
    let row = table::find(Standing::of(&step.state), Kind::of(&event));
    match row.and_then(|row| row.rule.apply(&mut step, event)) {
        Ok(()) => {
            step.settle_hosts();
            (step.state, Ok(step.actions))
        }
        Err(refusal) => (step.state, Err(refusal)),
    }
}

/// A step that is being made.
pub struct Step {
    state: State,
    now: Timestamp,
    actions: Vec<Action>,
}

impl Step {
    fn send(&mut self, exchange: Exchange) {
        self.state.waiting_for = Some(exchange);
        if exchange == Exchange::Authorization {
            // What is in use now stands in the message.
            self.state.authorization.changed = false;
        }
        let counter = self.state.counters.entry(exchange).or_default();
        counter.sent += 1;
        counter.last_sent = Some(self.now);
        self.actions.push(Action::Send(exchange));
    }

    fn tell(&mut self, notice: Notice) {
        self.tell_at(self.now, notice);
    }

    fn tell_at(&mut self, at: Timestamp, notice: Notice) {
        self.state.log.push(at, notice.clone());
        self.actions.push(Action::Tell(notice));
    }
}

#[cfg(test)]
mod tests;
