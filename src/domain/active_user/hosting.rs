//! Sessions that were hosted: which of them are meetings, and whom they make an Active User
//! (F-AU-01 to -05).

use super::contract::Contract;
use super::person::{Outside, Person};
use super::text;
use super::variant::Counting;
use crate::domain::coded::coded;
use crate::domain::id::{ContractId, PersonId};
use crate::domain::{Error, Result, Timestamp};

coded! {
    /// Kinds of sessions; all of them count (F-AU-03).
    SessionType {
        /// Webex Meetings.
        Meetings = "meetings",
        /// Webex Training.
        Training = "training",
        /// Webex Events.
        Events = "events",
        /// Webex Support.
        Support = "support",
    }
}

coded! {
    /// How a session was started (F-AU-02).
    Launch {
        /// In Webex Meetings or the Webex app.
        App = "app",
        /// By phone with a personal conferencing number, with or without an app.
        Phone = "phone",
        /// From a space of two people; a meeting only if it was scheduled.
        OneOnOne = "one_on_one",
    }
}

coded! {
    /// Where a session ran.
    Deployment {
        /// In the cloud.
        Cloud = "cloud",
        /// On the customer's own servers.
        OnPremises = "on_premises",
    }
}

coded! {
    /// Whether a session makes somebody an Active User, or why it does not.
    Verdict {
        /// It does.
        Counted = "counted",
        /// It was an unscheduled one-on-one: no meeting.
        NoMeeting = "no_meeting",
        /// Its host is a contractor who does not count.
        Contractor = "contractor",
        /// Its host is of an affiliate that is not on the order.
        Affiliate = "affiliate",
    }
}

/// One session, as it was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosting {
    /// The contract.
    pub contract: ContractId,
    /// What the report calls it; a session is taken once.
    pub session: String,
    /// Who scheduled it; that makes nobody an Active User.
    pub scheduled_by: Option<PersonId>,
    /// Whose session it is.
    pub host: PersonId,
    /// Who ran it instead of the host.
    pub alternate: Option<PersonId>,
    /// Its kind.
    pub session_type: SessionType,
    /// How it was started.
    pub launch: Launch,
    /// Whether it was scheduled.
    pub scheduled: bool,
    /// Where it ran.
    pub deployment: Deployment,
    /// When it began: the month it belongs to is that of its start (F-AU-31).
    pub started_at: Timestamp,
}

impl Hosting {
    /// The same with its name checked.
    pub fn checked(mut self) -> Result<Self> {
        self.session = text("sessions", &self.session)?;
        Ok(self)
    }

    /// Who really hosted it.
    pub fn hosted_by(&self) -> PersonId {
        self.alternate.unwrap_or(self.host)
    }

    /// Whether it is a meeting.
    pub fn is_meeting(&self) -> bool {
        match self.launch {
            Launch::App | Launch::Phone => true,
            Launch::OneOnOne => self.scheduled,
        }
    }

    /// Whether it makes `host`, who hosted it, an Active User.
    pub fn verdict(&self, contract: &Contract, host: &Person) -> Verdict {
        match host.standing.counts(&contract.affiliates) {
            Ok(()) if self.is_meeting() => Verdict::Counted,
            Ok(()) => Verdict::NoMeeting,
            Err(Outside::Contractor) => Verdict::Contractor,
            Err(Outside::Affiliate) => Verdict::Affiliate,
        }
    }

    /// What its host is counted under in a month: an Active User is a person, or a person at a
    /// place of deployment (F-AU-05).
    pub fn slot(&self, counting: Counting) -> &'static str {
        match counting {
            Counting::Persons => "any",
            Counting::PersonsPerDeployment => self.deployment.code(),
        }
    }

    /// The month that it belongs to, if the contract runs then.
    pub fn month(&self, contract: &Contract) -> Result<i64> {
        let (months, from) = (contract.months(), contract.term_begins());
        let number = months.number_at(self.started_at).filter(|_| self.started_at.date() >= from);
        let until = contract.term_ends();
        number.filter(|_| self.started_at.date() < until).ok_or_else(|| {
            let (session, at) = (&self.session, self.started_at);
            let problem = format!(
                "{session} began at {at}, and the term runs from {from} to the day before {until}"
            );
            Error::invalid("sessions", problem)
        })
    }
}
