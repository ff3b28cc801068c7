//! One product of a fleet: a device, its part in the plan, and what it does wrong on purpose.

use super::broken;
use super::fault::Fault;
use super::pattern::Moment;
use super::plan::{Plan, Planned};
use super::tally::{Tally, Verdict};
use super::time::Time;
use crate::crypto::keys::PrivateKey;
use crate::device::client::Client;
use crate::device::machine::{Action, AuthorizationState, Event, Exchange, Outcome};
use crate::device::prepared::Prepared;
use crate::device::state::{Product, Settings, State};
use crate::device::{Device, DeviceError};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Instant;

/// How far a skewed clock is off: more than the hour that a server allows.
const OFF: TimeDelta = TimeDelta::hours(2);
/// How many messages one product sends at one instant by itself: certificate, use, a retry.
const AT_ONCE: usize = 4;

/// What a product is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Register, over an earlier registration if so.
    Register(bool),
    /// Set what is in use and report it.
    Report,
    /// What is due, and what has changed.
    Due,
    /// De-register.
    Leave,
}

/// What all products share while they act.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) client: Client,
    pub(super) plan: Arc<Plan>,
    pub(super) time: Time,
    pub(super) moment: Moment,
}

/// A product of a fleet.
#[derive(Debug)]
pub(super) struct Member {
    device: Device,
    planned: Planned,
}

impl Member {
    /// The product that the plan has there; `None` if it has no such kind.
    pub(super) fn new(
        plan: &Plan,
        at: &Planned,
        key: PrivateKey,
        settings: &Settings,
    ) -> Option<Self> {
        let (profile, _) = plan.spec.mix.get(at.kind)?;
        let mut profile = profile.clone();
        let mut product = Product::of(&profile, &at.serial);
        if !profile.hostname.contains("{serial}") {
            product.hostname = Some(format!("{}-{:06}", profile.hostname, at.number));
        }
        // Ten thousand copies of what nobody asks for would be most of the memory.
        profile.licenses = Vec::new();
        profile.title = String::new();
        let mut device = Device::with_key(profile, product, key);
        settings.clone_into(device.settings_mut());
        Some(Self { device, planned: at.clone() })
    }

    pub(super) fn state(&self) -> &State {
        self.device.state()
    }

    fn has(&self, fault: Fault) -> bool {
        self.planned.fault == Some(fault)
    }

    /// Whether it is still there when so much of the run is over, of 1000, and wants to renew.
    pub(super) fn goes_on(&self, progress: u64) -> bool {
        let gone = self.has(Fault::SwitchedOff) && progress > self.planned.off_at;
        self.registered() && !gone && !self.has(Fault::Silent)
    }

    /// Whether it de-registers at the end: whoever was switched off does not.
    pub(super) fn leaves(&self) -> bool {
        self.registered() && !self.has(Fault::SwitchedOff)
    }

    fn registered(&self) -> bool {
        self.state().registration.identity.is_some()
    }

    /// When it has a message to send by itself.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        let registration = &self.state().registration;
        let pending = registration.pending.as_ref().and_then(|pending| pending.next_attempt);
        let renewal = registration.identity.as_ref().map(|identity| identity.renew_at);
        let asking = self.state().authorization.next_attempt.filter(|_| self.registered());
        [pending, renewal, asking].into_iter().flatten().min()
    }

    /// Whether what is in use is other than what was reported.
    pub(super) fn changed(&self, plan: &Plan, moment: Moment) -> bool {
        let used = |tag: &str| self.state().usage.get(tag).map_or(0, |usage| usage.count);
        self.counts(plan, moment).iter().any(|(tag, count)| used(tag) != *count)
    }

    /// Lets time pass until the end of the run.
    pub(super) fn settle(&mut self, now: Timestamp) {
        // A tick is never refused.
        let _ = self.device.step(Event::Tick, now);
    }

    /// What the server has to count, if it believes what the product does.
    pub(super) fn in_use(&self, now: Timestamp) -> Vec<(&str, u64)> {
        let state = self.state();
        if !self.registered()
            || state.authorization_state(now) == AuthorizationState::AuthorizationExpired
        {
            return Vec::new();
        }
        state.usage.iter().map(|(tag, usage)| (tag.as_str(), usage.count)).collect()
    }

    pub(super) async fn act(&mut self, act: Act, way: &Way, tally: &mut Tally) {
        match act {
            Act::Register(force) => {
                let token = self.token(&way.plan);
                self.set_off(Event::Register { token, force }, way, false, tally).await;
            }
            Act::Report => self.report(way, tally).await,
            Act::Due => self.due(way, tally).await,
            Act::Leave => self.set_off(Event::Deregister, way, false, tally).await,
        }
        self.device.forget_log();
    }

    fn token(&self, plan: &Plan) -> String {
        if self.has(Fault::WrongToken) {
            return format!("no-such-token-{}", self.planned.serial);
        }
        let tokens = &plan.spec.tokens;
        let at = usize::try_from(self.planned.number).unwrap_or(0) % tokens.len().max(1);
        tokens.get(at).cloned().unwrap_or_default()
    }

    fn counts(&self, plan: &Plan, moment: Moment) -> Vec<(String, u64)> {
        let (seed, who) = (&plan.spec.seed, &self.planned.serial);
        let uses = plan.uses.get(self.planned.kind).map(Vec::as_slice).unwrap_or_default();
        uses.iter()
            .map(|(tag, pattern)| {
                let who = format!("{who}/{tag}");
                (tag.clone(), pattern.count(moment, seed, &who))
            })
            .collect()
    }

    async fn report(&mut self, way: &Way, tally: &mut Tally) {
        if self.has(Fault::Broken) {
            self.set_off(Event::RenewAuthorization, way, true, tally).await;
        }
        let counts = self.counts(&way.plan, way.moment);
        self.set_off(Event::Use(counts), way, false, tally).await;
    }

    async fn due(&mut self, way: &Way, tally: &mut Tally) {
        if self.changed(&way.plan, way.moment) {
            self.report(way, tally).await;
        }
        for _ in 0..AT_ONCE {
            let now = way.time.now();
            if self.due_at().is_none_or(|due| due > now) {
                return;
            }
            let identity = self.state().registration.identity.as_ref();
            if identity.is_some_and(|identity| identity.renew_at > now) {
                self.report(way, tally).await;
            } else {
                self.set_off(Event::Due, way, false, tally).await;
            }
        }
    }

    /// An event with all that follows from it.
    async fn set_off(&mut self, event: Event, way: &Way, breaks: bool, tally: &mut Tally) {
        let off = if self.has(Fault::Skew) { OFF } else { TimeDelta::zero() };
        let now = way.time.now() + off;
        let mut step = self.device.step(event, now);
        while let Ok(actions) = step {
            let sends = |action: Action| match action {
                Action::Send(exchange) => Some(exchange),
                Action::Tell(_) => None,
            };
            let Some(exchange) = actions.into_iter().find_map(sends) else { return };
            let outcome = self.send(exchange, now, way, breaks, tally).await;
            step = self.device.step(Event::Answered(exchange, outcome), now);
        }
        if let Err(refusal) = step {
            tally.unexpected(format!("the product: {refusal}"), 1);
        }
    }

    async fn send(
        &mut self,
        exchange: Exchange,
        now: Timestamp,
        way: &Way,
        breaks: bool,
        tally: &mut Tally,
    ) -> Outcome {
        let prepared = match self.device.prepare(exchange, now) {
            Ok(prepared) => prepared,
            Err(error) => {
                tally.add(exchange, Verdict::Unexpected(error.to_string()), None);
                return Err(error);
            }
        };
        if breaks {
            let error = broken::send_half(&way.client, &prepared).await;
            tally.add(exchange, Verdict::Expected(Fault::Broken), None);
            return Err(error);
        }
        let replays = exchange == Exchange::Authorization && self.has(Fault::Replay);
        let again = replays.then(|| prepared.clone());
        let begin = Instant::now();
        let outcome = prepared.send(&way.client).await;
        let took = has_answer(&outcome).then(|| begin.elapsed());
        tally.add(exchange, self.verdict(exchange, &outcome), took);
        if let Some(again) = again.filter(|_| outcome.is_ok()) {
            replay(again, &way.client, tally).await;
        }
        outcome
    }

    /// What an outcome is for the plan: some products are to be refused.
    fn verdict(&self, exchange: Exchange, outcome: &Outcome) -> Verdict {
        let (fault, words) = match self.planned.fault {
            Some(fault @ Fault::WrongToken) if exchange == Exchange::Registration => {
                (fault, "token")
            }
            Some(fault @ Fault::Skew) => (fault, "Timestamp"),
            _ => {
                return match outcome {
                    Ok(_) => Verdict::Good,
                    Err(error) => Verdict::Unexpected(error.to_string()),
                };
            }
        };
        refusal(fault, words, outcome)
    }
}

/// Sends a message that was answered once more.
async fn replay(message: Prepared, client: &Client, tally: &mut Tally) {
    let begin = Instant::now();
    let outcome = message.send(client).await;
    let took = has_answer(&outcome).then(|| begin.elapsed());
    tally.add(Exchange::Authorization, refusal(Fault::Replay, "received before", &outcome), took);
}

/// A refusal in such words is what was meant; everything else is not.
fn refusal(fault: Fault, words: &str, outcome: &Outcome) -> Verdict {
    match outcome {
        Err(DeviceError::Refused { message, .. }) if message.contains(words) => {
            Verdict::Expected(fault)
        }
        Err(error) => Verdict::Unexpected(error.to_string()),
        Ok(_) => {
            Verdict::Unexpected(format!("a failure on purpose was accepted: {}", fault.name()))
        }
    }
}

fn has_answer(outcome: &Outcome) -> bool {
    match outcome {
        Ok(_) | Err(DeviceError::Refused { .. } | DeviceError::BadAnswer(_)) => true,
        Err(
            DeviceError::Unreachable(_)
            | DeviceError::NotNow(_)
            | DeviceError::Host(_)
            | DeviceError::Usage(_),
        ) => false,
    }
}
