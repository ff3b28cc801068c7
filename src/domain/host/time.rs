//! What time alone does to licenses and meetings: each at its own instant, in due order.

use super::{Dated, Email, Happening, Holding, How, Kind, Phase, Server, Situation};
use crate::domain::time::Timestamp;

/// How many meetings that are over are remembered (ours).
const REMEMBERED: usize = 200;

/// What falls due. The order decides between things that are due together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Trial,
    Demonstration(u32),
    Grace(Email),
    Meeting(u64),
}

impl Server {
    /// Lets time pass until now; the first time, the server is installed.
    pub fn settle(&mut self, now: Timestamp) -> Vec<Dated> {
        let mut told = Vec::new();
        if self.installed_at.is_none() {
            self.installed_at = Some(now);
            let what = Happening::Installed { release: self.release };
            told.push(Dated { at: now, what });
        }
        while let Some((at, due)) = self.next().filter(|(at, _)| *at <= now) {
            match due {
                Due::Trial => told.extend(self.end_trial(at)),
                Due::Demonstration(number) => told.extend(self.end_demonstration(number, at)),
                Due::Grace(email) => told.extend(self.expire(&email, at)),
                Due::Meeting(number) => told.extend(self.meeting_due(number, at)),
            }
        }
        told
    }

    /// How the licensing stands from now on.
    pub fn stand(&mut self, situation: Situation) {
        // A server that has been closed stays closed since then.
        if let (Situation::Over { .. }, Situation::Over { .. }) = (self.situation, situation) {
            return;
        }
        self.situation = situation;
    }

    /// When something is due next.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.next().map(|(at, _)| at)
    }

    /// Whether hosts get trial licenses.
    pub fn in_trial(&self) -> bool {
        if self.is_smart() {
            return matches!(self.situation, Situation::Evaluation { .. });
        }
        !self.trial_over
    }

    /// When the trial ends.
    pub fn trial_ends(&self) -> Option<Timestamp> {
        if self.is_smart() {
            let Situation::Evaluation { ends } = self.situation else { return None };
            return ends;
        }
        let days = self.profile.rules().trial_days;
        self.installed_at.filter(|_| !self.trial_over).map(|at| at.plus_days(days))
    }

    fn next(&self) -> Option<(Timestamp, Due)> {
        let trial = self.trial_ends().map(|at| (at, Due::Trial));
        let demonstrations =
            self.demonstrations.iter().map(|given| (given.until, Due::Demonstration(given.number)));
        let graces = self.users.iter().filter_map(|(email, user)| {
            let license = user.license.filter(|license| license.kind == Kind::Grace)?;
            Some((license.until?, Due::Grace(email.clone())))
        });
        let open = self.meetings.values().filter(|meeting| !meeting.phase.is_over());
        let meetings = open.map(|meeting| (meeting.ends, Due::Meeting(meeting.number)));
        trial.into_iter().chain(demonstrations).chain(graces).chain(meetings).min()
    }

    /// The trial ends: the first in it get the permanent licenses that are free, the next ones
    /// are in grace as far as that goes, the others' licenses have expired.
    // F-HL-02 and -03; the hand-over is ours. Of a smart server, assignments stay.
    pub(super) fn end_trial(&mut self, at: Timestamp) -> Vec<Dated> {
        let mut told = vec![Dated { at, what: Happening::TrialEnded }];
        if self.is_smart() {
            self.situation = Situation::Over { since: at };
            return told;
        }
        self.trial_over = true;
        while let Some(email) = self.oldest(Kind::Trial) {
            let pool = self.pool();
            let days = self.profile.rules().grace_days;
            if pool.free > 0 {
                told.extend(self.give(&email, Holding::permanent(at), How::TrialEnd, at));
            } else if pool.bought > 0 && pool.of(Kind::Grace) < pool.grace_limit {
                let until = Some(at.plus_days(days));
                let grace = Holding { kind: Kind::Grace, until, ..Holding::permanent(at) };
                told.extend(self.give(&email, grace, How::TrialEnd, at));
            } else {
                told.extend(self.expire(&email, at));
            }
        }
        told
    }

    /// F-HL-04: it ends assigned or not; what remains is what was there before it.
    fn end_demonstration(&mut self, number: u32, at: Timestamp) -> Vec<Dated> {
        let ended: u64 =
            self.demonstrations.iter().filter(|d| d.number == number).map(|d| d.count).sum();
        self.demonstrations.retain(|given| given.number != number);
        let mut told = vec![Dated { at, what: Happening::DemonstrationEnded { count: ended } }];
        let of = |license: &Holding| license.demonstration == Some(number);
        let holders = self.users.iter().filter(|(_, user)| user.license.as_ref().is_some_and(of));
        for email in holders.map(|(email, _)| email.clone()).collect::<Vec<_>>() {
            told.extend(self.expire(&email, at));
        }
        told
    }

    /// F-HL-07, F-HL-11.
    fn expire(&mut self, email: &Email, at: Timestamp) -> Vec<Dated> {
        let Some(user) = self.users.get_mut(email) else { return Vec::new() };
        let Some(license) = user.license else { return Vec::new() };
        user.license = Some(Holding { kind: Kind::Expired, ..Holding::permanent(at) });
        let what = Happening::Expired { email: email.clone(), license: license.kind };
        vec![Dated { at, what }]
    }

    /// A meeting ends when it was planned to, started or not.
    fn meeting_due(&mut self, number: u64, at: Timestamp) -> Option<Dated> {
        let meeting = self.meetings.get_mut(&number)?;
        let (phase, what) = match meeting.phase {
            Phase::Scheduled => (Phase::Missed, Happening::MeetingMissed { meeting: number }),
            Phase::Running { .. } => {
                (Phase::Ended { at }, Happening::MeetingEnded { meeting: number })
            }
            Phase::Ended { .. } | Phase::Missed => return None,
        };
        meeting.phase = phase;
        self.forget_meetings();
        Some(Dated { at, what })
    }

    /// The oldest that are over make room.
    pub(super) fn forget_meetings(&mut self) {
        let over = self.meetings.values().filter(|meeting| meeting.phase.is_over());
        let over: Vec<u64> = over.map(|meeting| meeting.number).collect();
        for number in over.iter().take(over.len().saturating_sub(REMEMBERED)) {
            self.meetings.remove(number);
        }
    }
}
