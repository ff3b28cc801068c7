//! Which license somebody gets who hosts: the order of choice, and the reasons.

use super::{Email, Kind, Refusal, Server, Situation, User};
use crate::domain::time::Timestamp;

/// How many meetings one host runs at once, on one license.
// F-HL-12 (seeds 003 and 004, documented).
const AT_ONCE: usize = 2;

/// What happens if somebody hosts now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The license by which he hosts.
    pub kind: Kind,
    /// Until when that is valid; none = until he is deactivated.
    pub until: Option<Timestamp>,
    /// Which demonstration it comes from.
    pub demonstration: Option<u32>,
    /// Why this one.
    pub reason: Reason,
}

/// Why it is that license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// He holds it already.
    Holds {
        /// Since when.
        since: Timestamp,
    },
    /// Trial or evaluation: there are as many as one likes.
    Trial,
    /// A permanent one is free.
    Free {
        /// How many are.
        free: u64,
        /// Of how many.
        bought: u64,
    },
    /// No permanent one is, but one of a demonstration.
    Demonstration {
        /// How many are.
        free: u64,
    },
    /// None is free: beyond what was bought.
    Grace {
        /// How many permanent ones there are, all assigned.
        bought: u64,
        /// How many users are in grace so far.
        used: u64,
        /// How many may be.
        limit: u64,
    },
    /// Registered: the server of Smart Licensing says afterwards whether it is covered.
    Registered {
        /// How many licenses would be in use.
        in_use: u64,
    },
    /// By reservation.
    Reserved {
        /// How many licenses would be in use.
        in_use: u64,
        /// How many are reserved; none = all.
        limit: Option<u64>,
    },
}

impl Decision {
    fn new(kind: Kind, until: Option<Timestamp>, reason: Reason) -> Self {
        Self { kind, until, demonstration: None, reason }
    }
}

impl Server {
    /// What happens if that user hosts a meeting now.
    ///
    /// # Errors
    /// He may not, and why.
    pub fn decide(&self, email: &Email, now: Timestamp) -> Result<Decision, Refusal> {
        let user = self.able(email)?;
        if self.running(email).count() >= AT_ONCE {
            return Err(Refusal::TwoMeetings { email: email.clone() });
        }
        match self.holds(user) {
            Some(held) => {
                let reason = Reason::Holds { since: held.since };
                Ok(Decision::new(held.kind, held.until, reason))
            }
            None => self.choose(email, user, now),
        }
    }

    /// What *Reserve license* gives that user now.
    ///
    /// # Errors
    /// Nothing, and why.
    pub fn decide_reserve(&self, email: &Email, now: Timestamp) -> Result<Decision, Refusal> {
        let user = self.able(email)?;
        let held = self.holds(user);
        let in_trial = self.in_trial();
        if let Some(held) = held.filter(|held| self.is_smart() || held.kind == Kind::Permanent) {
            let kind = held.kind;
            return Err(Refusal::conflict(format!("{email} holds a {kind} license already.")));
        }
        if self.is_smart() {
            return self.choose(email, user, now);
        }
        if let Some(decision) = self.free_permanent() {
            return Ok(decision);
        }
        match held {
            None if in_trial => self.choose(email, user, now),
            // Nobody is put into grace by hand (ours): that comes by hosting.
            Some(_) | None => {
                let why = format!("all {} permanent licenses are assigned", self.bought);
                Err(Refusal::NoLicense { email: email.clone(), why })
            }
        }
    }

    /// Somebody who may host if there is a license.
    pub(super) fn able(&self, email: &Email) -> Result<&User, Refusal> {
        let user = self.user(email)?;
        if let Some(closed) = self.closed() {
            return Err(closed.into());
        }
        self.may_host(email)?;
        Ok(user)
    }

    /// Somebody whose account lets him host.
    pub(super) fn may_host(&self, email: &Email) -> Result<(), Refusal> {
        let user = self.user(email)?;
        if !user.active {
            return Err(Refusal::Deactivated { email: email.clone() });
        }
        match user.role {
            super::Role::Host => Ok(()),
            super::Role::AttendeeOnly => Err(Refusal::AttendeeOnly { email: email.clone() }),
        }
    }

    /// F-HL-08: in a trial a trial license; else a permanent one, then one of a demonstration
    /// (its place is ours), then grace.
    fn choose(&self, email: &Email, user: &User, now: Timestamp) -> Result<Decision, Refusal> {
        if self.is_smart() {
            return self.choose_smart(email);
        }
        if self.in_trial() {
            return Ok(Decision::new(Kind::Trial, self.trial_ends(), Reason::Trial));
        }
        if let Some(decision) = self.free_permanent() {
            return Ok(decision);
        }
        // An expired license is followed by a permanent one alone.
        if let Some(expired) = user.license.filter(|license| license.kind == Kind::Expired) {
            return Err(Refusal::Expired { email: email.clone(), since: expired.since });
        }
        if let Some((demonstration, free)) = self.free_demonstration() {
            let reason = Reason::Demonstration { free };
            let decision = Decision::new(Kind::Demonstration, Some(demonstration.until), reason);
            return Ok(Decision { demonstration: Some(demonstration.number), ..decision });
        }
        self.grace(email, now)
    }

    fn free_permanent(&self) -> Option<Decision> {
        let pool = self.pool();
        let (free, bought) = (pool.free, pool.bought);
        let reason = Reason::Free { free, bought };
        (free > 0).then(|| Decision::new(Kind::Permanent, None, reason))
    }

    /// F-HL-03: only beside permanent licenses, none of them free, and a limited number.
    fn grace(&self, email: &Email, now: Timestamp) -> Result<Decision, Refusal> {
        let pool = self.pool();
        let (bought, used, limit) = (pool.bought, pool.of(Kind::Grace), pool.grace_limit);
        let why = match (bought, used >= limit) {
            (0, _) => "no permanent license is installed".to_owned(),
            (_, true) => format!(
                "all {bought} permanent licenses are assigned, and all {limit} grace licenses too"
            ),
            (_, false) => {
                let until = now.plus_days(self.profile.rules().grace_days);
                let reason = Reason::Grace { bought, used, limit };
                return Ok(Decision::new(Kind::Grace, Some(until), reason));
            }
        };
        Err(Refusal::NoLicense { email: email.clone(), why })
    }

    /// F-HL-17, F-HL-18: as the licensing stands.
    fn choose_smart(&self, email: &Email) -> Result<Decision, Refusal> {
        let in_use = self.holders() + 1;
        match self.situation {
            Situation::Evaluation { ends } => Ok(Decision::new(Kind::Trial, ends, Reason::Trial)),
            Situation::Registered => {
                Ok(Decision::new(Kind::Permanent, None, Reason::Registered { in_use }))
            }
            Situation::Reserved { limit } if limit.is_none_or(|limit| in_use <= limit) => {
                Ok(Decision::new(Kind::Permanent, None, Reason::Reserved { in_use, limit }))
            }
            Situation::Reserved { limit } => {
                let reserved = limit.unwrap_or_default();
                let why = format!("{} of {reserved} reserved licenses are assigned", in_use - 1);
                Err(Refusal::NoLicense { email: email.clone(), why })
            }
            Situation::Over { .. } => Err(super::Closed::EvaluationOver.into()),
        }
    }
}
