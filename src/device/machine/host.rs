//! Host licenses of a meetings server, and what they have to do with Smart Licensing: how the
//! licensing stands decides who may host, and who holds a license is what is reported.

use super::{Event, NotNow, Step};
use crate::device::notices::Notice;
use crate::device::state::{Evaluation, State};
use crate::domain::host::{Command, Dated, Server, Situation};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;

/// The license that is used by hosting, by its short name in profiles.
const HOST: &str = "host";

impl State {
    /// The entitlement tag of host licenses.
    pub fn host_tag(&self) -> Option<&str> {
        self.profile.feature(HOST).map(|feature| feature.tag.as_str())
    }

    /// How the licensing stands for hosts.
    fn situation(&self, now: Timestamp) -> Situation {
        if let Some(installed) = &self.reservation.installed {
            let limit = self.host_tag().and_then(|tag| installed.limit(tag, now));
            return Situation::Reserved { limit };
        }
        if self.registration.identity.is_some() {
            return Situation::Registered;
        }
        if self.evaluation_left(now) <= TimeDelta::zero() {
            return Situation::Over { since: now };
        }
        Situation::Evaluation { ends: self.evaluation_ends() }
    }

    /// When time alone changes how the licensing stands.
    fn next_stand(&self) -> Option<Timestamp> {
        let seen = self.last_seen?;
        let identity = self.registration.identity.as_ref();
        let installed = self.reservation.installed.as_ref();
        [
            identity.map(|identity| identity.expires_at),
            self.evaluation_ends(),
            installed.and_then(|installed| installed.next_change(seen)),
        ]
        .into_iter()
        .flatten()
        .filter(|due| *due > seen)
        .min()
    }
}

impl Step {
    /// Lets time pass until now. For a meetings server in due order, each thing at its own
    /// instant: a certificate that expires, then the evaluation that ran on from there.
    pub(super) fn pass(&mut self, clock_set: bool) {
        let until = self.now;
        if self.state.hosts.is_some() && !clock_set {
            while let Some(due) = self.state.next_stand().filter(|due| *due < until) {
                self.now = due;
                self.pass_time(false);
                self.settle_hosts();
            }
            self.now = until;
        }
        self.pass_time(clock_set);
        self.settle_hosts();
    }

    /// What time does to host licenses, then how the licensing stands.
    pub(super) fn settle_hosts(&mut self) {
        let Some(mut hosts) = self.state.hosts.take() else { return };
        let told = hosts.settle(self.now);
        if hosts.is_smart() {
            hosts.stand(self.state.situation(self.now));
        }
        self.state.hosts = Some(hosts);
        self.tell_hosts(told);
    }

    /// Somebody does something; the use that follows from it is reported.
    // F-HL-17.
    pub(super) fn host(&mut self, event: Event) -> Result<(), NotNow> {
        let Event::Host(command) = event else { return Ok(()) };
        let hosts = self.state.hosts.as_mut().ok_or(NotNow::NoHosts)?;
        let upgrade = matches!(command, Command::Upgrade(_));
        let told = hosts.apply(command, self.now)?;
        let release = hosts.release.to_string();
        if upgrade {
            // F-HL-20: the evaluation of the later release is a new one.
            self.state.evaluation = Evaluation::default();
            self.state.product.version = release;
        }
        self.tell_hosts(told);
        self.report_hosts();
        self.settle_evaluation();
        Ok(())
    }

    fn report_hosts(&mut self) {
        let Some(hosts) = self.state.hosts.as_ref().filter(|hosts| hosts.is_smart()) else {
            return;
        };
        let (count, tag) = (hosts.holders(), self.state.host_tag().map(str::to_owned));
        let Some(tag) = tag else { return };
        let known = self.state.usage.get(&tag).map_or(0, |usage| usage.count);
        if count != known {
            self.use_licenses(Event::Use(vec![(tag, count)]));
        }
    }

    fn tell_hosts(&mut self, told: Vec<Dated>) {
        for Dated { at, what } in told {
            self.tell_at(at, Notice::Host { happening: what });
        }
    }

    /// What the user sets by hand.
    pub(super) fn use_by_hand(&mut self, event: Event) -> Result<(), NotNow> {
        self.by_hand(&event)?;
        self.use_licenses(event);
        Ok(())
    }

    /// Host licenses in use follow from the users.
    pub(super) fn by_hand(&self, event: &Event) -> Result<(), NotNow> {
        let Event::Use(counts) = event else { return Ok(()) };
        let counted = self.state.hosts.as_ref().is_some_and(Server::is_smart);
        let tag = self.state.host_tag().filter(|_| counted);
        if counts.iter().any(|(used, _)| Some(used.as_str()) == tag) {
            let feature = self.state.profile.feature(HOST);
            let license = feature.map_or("the license", |feature| &feature.title).to_owned();
            return Err(NotNow::FollowsUsers { license });
        }
        Ok(())
    }
}
