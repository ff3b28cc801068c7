//! What there is of licenses, and who has it. Nothing derived is kept.

use super::{Dated, Email, Happening, Holding, How, Kind, Managed, Refusal, Server, count};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The most that is bought or given at once (ours).
const MOST: u64 = 100_000;
/// The longest demonstration, in days (ours).
const LONGEST_DEMONSTRATION: u64 = 3650;

/// Licenses of a demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demonstration {
    /// By which holders name it.
    pub number: u32,
    /// How many.
    pub count: u64,
    /// Until when, assigned or not.
    pub until: Timestamp,
}

/// The pool at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Permanent licenses.
    pub bought: u64,
    /// Those that nobody has.
    pub free: u64,
    /// Demonstration licenses.
    pub demonstration: u64,
    /// Those that nobody has.
    pub demonstration_free: u64,
    /// How many users may be in grace.
    pub grace_limit: u64,
    /// Holders that are managed here.
    pub local: u64,
    /// Holders that are managed in the directory.
    pub remote: u64,
    assigned: [u64; Kind::ALL.len()],
}

impl Pool {
    /// How many users hold a license of that kind.
    pub fn of(&self, kind: Kind) -> u64 {
        let at = Kind::ALL.iter().position(|known| *known == kind);
        at.and_then(|at| self.assigned.get(at)).copied().unwrap_or_default()
    }

    /// How many users hold a valid license.
    pub fn valid(&self) -> u64 {
        Kind::ALL.into_iter().filter(|kind| *kind != Kind::Expired).map(|kind| self.of(kind)).sum()
    }
}

impl Server {
    /// The pool now.
    pub fn pool(&self) -> Pool {
        let mut pool = Pool {
            bought: self.bought,
            demonstration: self.demonstrations.iter().map(|given| given.count).sum(),
            grace_limit: self.profile.rules().grace_limit,
            ..Pool::default()
        };
        for user in self.users.values() {
            let Some(held) = self.held(user) else { continue };
            let at = Kind::ALL.iter().position(|known| *known == held.kind);
            if let Some(sum) = at.and_then(|at| pool.assigned.get_mut(at)) {
                *sum += 1;
            }
            match user.managed {
                Managed::Local => pool.local += 1,
                Managed::Remote => pool.remote += 1,
            }
        }
        pool.free = self.bought.saturating_sub(pool.of(Kind::Permanent));
        pool.demonstration_free = pool.demonstration.saturating_sub(pool.of(Kind::Demonstration));
        pool
    }

    /// The demonstration with the latest end that has a license left, and how many are in all.
    pub(super) fn free_demonstration(&self) -> Option<(Demonstration, u64)> {
        let left = |given: &&Demonstration| self.of_demonstration(given.number) < given.count;
        let free = self.pool().demonstration_free;
        self.demonstrations
            .iter()
            .filter(left)
            .max_by_key(|given| (given.until, given.number))
            .map(|given| (*given, free))
    }

    pub(super) fn of_demonstration(&self, number: u32) -> u64 {
        let of = |license: &Holding| license.demonstration == Some(number);
        count(self.users.values().filter(|user| user.license.as_ref().is_some_and(of)).count())
    }

    /// Permanent licenses are bought: those longest in grace get them, then they are free.
    // F-HL-09 (seed 004, documented).
    pub(super) fn buy(&mut self, licenses: u64, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        self.only_classic()?;
        amount("count", licenses, MOST)?;
        self.bought += licenses;
        let what = Happening::Bought { count: licenses, bought: self.bought };
        let mut told = vec![Dated { at: now, what }];
        told.extend(self.help_grace(How::Purchase, now));
        Ok(told)
    }

    /// The vendor gives licenses for some days.
    pub(super) fn demonstrate(
        &mut self,
        licenses: u64,
        days: u64,
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        self.only_classic()?;
        amount("count", licenses, MOST)?;
        amount("days", days, LONGEST_DEMONSTRATION)?;
        let until = now.plus_days(days);
        self.last_demonstration += 1;
        let number = self.last_demonstration;
        self.demonstrations.push(Demonstration { number, count: licenses, until });
        let what = Happening::DemonstrationGiven { count: licenses, until };
        Ok(vec![Dated { at: now, what }])
    }

    fn only_classic(&self) -> Result<(), Refusal> {
        if self.is_smart() {
            return Err(Refusal::conflict(
                "Licenses of this release are not installed here: what the virtual account holds \
                 counts, and the product registers to use it.",
            ));
        }
        Ok(())
    }

    /// Those longest in grace get the permanent licenses that are free.
    pub(super) fn help_grace(&mut self, how: How, now: Timestamp) -> Vec<Dated> {
        let mut told = Vec::new();
        while self.pool().free > 0 {
            let Some(email) = self.oldest(Kind::Grace) else { break };
            told.extend(self.give(&email, Holding::permanent(now), how, now));
        }
        told
    }

    /// Who has held a license of that kind for the longest; the address decides between equals.
    pub(super) fn oldest(&self, kind: Kind) -> Option<Email> {
        let of_kind = self.users.iter().filter_map(|(email, user)| {
            let license = user.license.filter(|license| license.kind == kind)?;
            Some((license.since, email))
        });
        of_kind.min().map(|(_, email)| email.clone())
    }

    /// Puts a license into somebody's hands; whatever was there before is released.
    pub(super) fn give(
        &mut self,
        email: &Email,
        license: Holding,
        how: How,
        now: Timestamp,
    ) -> Vec<Dated> {
        let Some(user) = self.users.get_mut(email) else { return Vec::new() };
        user.license = Some(license);
        let kept = if self.is_smart() {
            self.users.get(email).and_then(|user| self.held(user))
        } else {
            None
        };
        let (kind, until) =
            kept.map_or((license.kind, license.until), |held| (held.kind, held.until));
        let what = Happening::Assigned { email: email.clone(), license: kind, until, how };
        let mut told = vec![Dated { at: now, what }];
        if license.kind == Kind::Grace {
            let pool = self.pool();
            let what =
                Happening::GraceWarning { used: pool.of(Kind::Grace), limit: pool.grace_limit };
            told.push(Dated { at: now, what });
        }
        told
    }
}

/// A number from 1 to the most.
fn amount(field: &'static str, number: u64, most: u64) -> Result<(), Refusal> {
    if (1..=most).contains(&number) {
        return Ok(());
    }
    Err(Refusal::invalid(field, format!("{number} must be from 1 to {most}")))
}
