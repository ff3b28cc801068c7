//! Meetings: who scheduled them, who hosts, who may stand in.

use super::{Dated, Decision, Email, Happening, Holding, How, Kind, Reason, Refusal, Server};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// The longest topic, in characters (ours).
const LONGEST_TOPIC: usize = 120;
/// The longest meeting (ours).
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// How many meetings are open at once on one server (ours).
const MOST_OPEN: usize = 5000;
/// How long a meeting is that begins at once (ours).
pub(super) const AT_ONCE_MINUTES: i64 = 60;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// By which it is known.
    pub number: u64,
    /// What it is about.
    pub topic: String,
    /// Who is to host it.
    pub host: Email,
    /// Who hosts when the host is absent.
    pub alternate: Option<Email>,
    /// Who has put it into the calendar.
    pub scheduler: Email,
    /// From when it can be started.
    pub starts: Timestamp,
    /// When it is over at the latest.
    pub ends: Timestamp,
    /// How far it is.
    pub phase: Phase,
}

/// How far a meeting is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Phase {
    /// Not started.
    Scheduled,
    /// Under way.
    Running {
        /// Who hosts.
        by: Email,
        /// Since when.
        since: Timestamp,
    },
    /// Over.
    Ended {
        /// Since when.
        at: Timestamp,
    },
    /// Nobody has started it in time.
    Missed,
}

impl Phase {
    /// Whether nothing happens to it any more.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Missed)
    }
}

/// A meeting to be scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMeeting {
    /// What it is about.
    pub topic: String,
    /// Who is to host it.
    pub host: Email,
    /// Who hosts when the host is absent.
    pub alternate: Option<Email>,
    /// Who schedules it; none = the host.
    pub scheduler: Option<Email>,
    /// From when; none = from now.
    pub starts: Option<Timestamp>,
    /// How long, in minutes.
    pub minutes: i64,
}

impl Server {
    /// The meetings that somebody hosts now.
    pub fn running(&self, email: &Email) -> impl Iterator<Item = &Meeting> {
        let hosts = move |meeting: &&Meeting| match &meeting.phase {
            Phase::Running { by, .. } => by == email,
            Phase::Scheduled | Phase::Ended { .. } | Phase::Missed => false,
        };
        self.meetings.values().filter(hosts)
    }

    /// Nobody needs a license for scheduling: that is asked when the meeting begins.
    pub(super) fn schedule(
        &mut self,
        new: NewMeeting,
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        let meeting = self.planned(new, now)?;
        let (number, host) = (meeting.number, meeting.host.clone());
        self.last_meeting = number;
        self.meetings.insert(number, meeting);
        Ok(vec![Dated { at: now, what: Happening::MeetingScheduled { meeting: number, host } }])
    }

    fn planned(&self, new: NewMeeting, now: Timestamp) -> Result<Meeting, Refusal> {
        let scheduler = new.scheduler.unwrap_or_else(|| new.host.clone());
        if !self.user(&scheduler)?.active {
            return Err(Refusal::conflict(format!(
                "{scheduler} is deactivated: he schedules none."
            )));
        }
        for email in [Some(&new.host), new.alternate.as_ref()].into_iter().flatten() {
            self.may_host(email)?;
        }
        if new.alternate.as_ref() == Some(&new.host) {
            return Err(Refusal::invalid("alternate", "it must be somebody else than the host"));
        }
        let topic = new.topic.trim();
        let length = topic.chars().count();
        if length == 0 || length > LONGEST_TOPIC || topic.contains(char::is_control) {
            return Err(Refusal::invalid("topic", "it must be a text of 1 to 120 characters"));
        }
        let long = TimeDelta::try_minutes(new.minutes).unwrap_or(TimeDelta::zero());
        if new.minutes < 1 || long > LONGEST || long == TimeDelta::zero() {
            let problem = format!("{} must be from 1 to 1440", new.minutes);
            return Err(Refusal::invalid("minutes", problem));
        }
        let starts = new.starts.unwrap_or(now);
        if starts + long <= now {
            return Err(Refusal::invalid("starts", "the meeting must not be over already"));
        }
        if self.meetings.values().filter(|meeting| !meeting.phase.is_over()).count() >= MOST_OPEN {
            return Err(Refusal::conflict("5000 meetings are open: end some of them first."));
        }
        Ok(Meeting {
            number: self.last_meeting + 1,
            topic: topic.to_owned(),
            host: new.host,
            alternate: new.alternate,
            scheduler,
            starts,
            ends: starts + long,
            phase: Phase::Scheduled,
        })
    }

    /// Starts a meeting with those who are present: the host hosts, else the alternate host.
    // F-HL-13, F-HL-14 (seed 003, documented).
    pub(super) fn start(
        &mut self,
        number: u64,
        present: &[Email],
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        let by = self.hosting(number, present, now)?;
        let decision = self.decide(&by, now)?;
        let mut told = self.take(&by, &decision, How::Hosting, now);
        let meeting = self.meetings.get_mut(&number).ok_or(Refusal::NoMeeting(number))?;
        meeting.phase = Phase::Running { by: by.clone(), since: now };
        told.push(Dated { at: now, what: Happening::MeetingStarted { meeting: number, by } });
        Ok(told)
    }

    /// Who hosts that meeting if these are present.
    fn hosting(&self, number: u64, present: &[Email], now: Timestamp) -> Result<Email, Refusal> {
        let meeting = self.meetings.get(&number).ok_or(Refusal::NoMeeting(number))?;
        let over = |what: &str| Err(Refusal::conflict(format!("Meeting {number} {what}.")));
        match meeting.phase {
            Phase::Scheduled if meeting.starts > now => {
                let starts = meeting.starts.utc().format("%Y-%m-%d %H:%M");
                return over(&format!("begins at {starts}"));
            }
            Phase::Scheduled => {}
            Phase::Running { .. } => return over("is under way"),
            Phase::Ended { .. } | Phase::Missed => return over("is over"),
        }
        for email in present {
            self.user(email)?;
        }
        if present.contains(&meeting.host) {
            return Ok(meeting.host.clone());
        }
        let alternate = meeting.alternate.as_ref().filter(|email| present.contains(email));
        let Some(alternate) = alternate else {
            return over("cannot be started: neither its host nor its alternate host is present");
        };
        self.able(&meeting.host)?;
        if self.holds(self.user(&meeting.host)?).is_none() {
            return Err(Refusal::HostWithoutLicense { email: meeting.host.clone() });
        }
        Ok(alternate.clone())
    }

    /// What a decision puts into somebody's hands.
    pub(super) fn take(
        &mut self,
        email: &Email,
        decision: &Decision,
        how: How,
        now: Timestamp,
    ) -> Vec<Dated> {
        if matches!(decision.reason, Reason::Holds { .. }) {
            return Vec::new();
        }
        let license = if self.is_smart() {
            Holding::permanent(now)
        } else {
            let Decision { kind, until, demonstration, .. } = *decision;
            Holding { kind, since: now, until, demonstration }
        };
        self.give(email, license, how, now)
    }

    /// Ends a meeting that is under way.
    pub(super) fn end(&mut self, number: u64, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        let meeting = self.meetings.get_mut(&number).ok_or(Refusal::NoMeeting(number))?;
        if !matches!(meeting.phase, Phase::Running { .. }) {
            return Err(Refusal::conflict(format!("Meeting {number} is not under way.")));
        }
        meeting.phase = Phase::Ended { at: now };
        self.forget_meetings();
        Ok(vec![Dated { at: now, what: Happening::MeetingEnded { meeting: number } }])
    }

    /// Everybody of these hosts a meeting that begins now.
    pub(super) fn meet_now(
        &mut self,
        hosts: &[Email],
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        let mut told = Vec::new();
        for host in hosts {
            // Who may not host hears why, before anything about meetings.
            self.decide(host, now)?;
            let new = NewMeeting {
                topic: "Meet now".to_owned(),
                host: host.clone(),
                alternate: None,
                scheduler: None,
                starts: None,
                minutes: AT_ONCE_MINUTES,
            };
            told.extend(self.schedule(new, now)?);
            told.extend(self.start(self.last_meeting, std::slice::from_ref(host), now)?);
        }
        Ok(told)
    }

    /// Whether somebody holds a license of that kind; for what is told before deactivating.
    pub(super) fn kind_of(&self, email: &Email) -> Option<Kind> {
        self.users.get(email).and_then(|user| self.held(user)).map(|held| held.kind)
    }
}
