//! What people do with a meetings server.

use super::{
    CapacityLicense, Dated, Email, GraceUpgrade, Happening, How, Managed, NewMeeting, NewUser,
    Refusal, Release, Role, Server, Size,
};
use crate::domain::time::Timestamp;
use std::collections::BTreeSet;

/// The most users that one server knows (ours).
const MOST_USERS: usize = 20_000;
/// The most that are named in one command (ours).
const MOST_AT_ONCE: usize = 1000;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Add users that are managed here.
    Add(Vec<NewUser>),
    /// Make the users of the directory be these: others of it are deactivated.
    Synchronize(Vec<NewUser>),
    /// Activate a user.
    Activate(Email),
    /// Deactivate a user: the license is released.
    Deactivate(Email),
    /// *Reserve license* for each of these.
    Reserve(Vec<Email>),
    /// Let a user host, or only attend.
    SetRole(Email, Role),
    /// Install permanent licenses (classic).
    Buy(u64),
    /// Install demonstration licenses: how many, for how many days (classic).
    Demonstrate(u64, u64),
    /// End the trial before its time (classic; ours, for lessons).
    EndTrial,
    /// Set when grace licenses turn into permanent ones.
    SetGraceUpgrade(GraceUpgrade),
    /// Schedule a meeting.
    Schedule(NewMeeting),
    /// Start a meeting with those who are present.
    Start(u64, Vec<Email>),
    /// End a meeting.
    End(u64),
    /// Each of these hosts a meeting that begins now.
    MeetNow(Vec<Email>),
    /// Install a license of the system.
    Install(CapacityLicense),
    /// Another size.
    Resize(Size),
    /// Another data centre joins, with its users.
    Join(String, Vec<NewUser>),
    /// A later release.
    Upgrade(Release),
}

impl Command {
    /// Whether it is part of license management, which works always.
    fn is_licensing(&self) -> bool {
        match self {
            Self::Buy(_)
            | Self::Demonstrate(..)
            | Self::Install(_)
            | Self::Upgrade(_)
            | Self::SetGraceUpgrade(_) => true,
            Self::Add(_)
            | Self::Synchronize(_)
            | Self::Activate(_)
            | Self::Deactivate(_)
            | Self::Reserve(_)
            | Self::SetRole(..)
            | Self::EndTrial
            | Self::Schedule(_)
            | Self::Start(..)
            | Self::End(_)
            | Self::MeetNow(_)
            | Self::Resize(_)
            | Self::Join(..) => false,
        }
    }
}

impl Server {
    /// Does one thing now: whole, or not at all. What time has done until then comes first.
    ///
    /// # Errors
    /// Why not; only time has passed.
    pub fn apply(&mut self, command: Command, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        let mut told = self.settle(now);
        let mut after = self.clone();
        told.extend(after.act(command, now)?);
        *self = after;
        Ok(told)
    }

    fn act(&mut self, command: Command, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        if let Some(closed) = self.closed().filter(|_| !command.is_licensing()) {
            return Err(closed.into());
        }
        match command {
            Command::Add(users) => self.add(&users, now),
            Command::Synchronize(users) => self.synchronize(&users, now),
            Command::Activate(email) => self.activate(&email, now),
            Command::Deactivate(email) => self.deactivate(&email, now),
            Command::Reserve(emails) => self.reserve(&emails, now),
            Command::SetRole(email, role) => self.set_role(&email, role, now),
            Command::Buy(count) => self.buy(count, now),
            Command::Demonstrate(count, days) => self.demonstrate(count, days, now),
            Command::EndTrial => self.end_trial_now(now),
            Command::SetGraceUpgrade(upgrade) => Ok(self.set_grace_upgrade(upgrade, now)),
            Command::Schedule(meeting) => self.schedule(meeting, now),
            Command::Start(number, present) => self.start(number, &present, now),
            Command::End(number) => self.end(number, now),
            Command::MeetNow(hosts) => {
                several("users", hosts.len())?;
                self.meet_now(&hosts, now)
            }
            Command::Install(license) => self.install(license, now),
            Command::Resize(size) => self.resize(size, now),
            Command::Join(name, users) => {
                no_twins(&users)?;
                self.room_for(users.len())?;
                self.join(&name, &users, now)
            }
            Command::Upgrade(release) => self.upgrade(release, now),
        }
    }

    fn room_for(&self, more: usize) -> Result<(), Refusal> {
        if self.users.len() + more > MOST_USERS {
            let problem = format!("there would be more than {MOST_USERS}");
            return Err(Refusal::invalid("users", problem));
        }
        Ok(())
    }

    fn add(&mut self, users: &[NewUser], now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        several("users", users.len())?;
        no_twins(users)?;
        self.room_for(users.len())?;
        let mut told = Vec::new();
        for new in users {
            if self.users.contains_key(&new.email) {
                return Err(Refusal::conflict(format!("{} is a user already.", new.email)));
            }
            told.extend(self.add_one(new, Managed::Local, now)?);
        }
        Ok(told)
    }

    /// F-HL-06: the directory says who is there; what happens to whom it drops is ours.
    fn synchronize(&mut self, users: &[NewUser], now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        no_twins(users)?;
        self.room_for(users.len())?;
        let mut told = Vec::new();
        let listed: BTreeSet<&Email> = users.iter().map(|new| &new.email).collect();
        let of_directory = self.users.iter().filter(|(_, user)| user.managed == Managed::Remote);
        let dropped = of_directory.filter(|(email, user)| user.active && !listed.contains(email));
        for email in dropped.map(|(email, _)| email.clone()).collect::<Vec<_>>() {
            told.extend(self.switch_off(&email, now)?);
        }
        for new in users {
            let Some(known) = self.users.get_mut(&new.email) else {
                told.extend(self.add_one(new, Managed::Remote, now)?);
                continue;
            };
            known.managed = Managed::Remote;
            let at = now;
            match (known.active, new.active) {
                (true, false) => told.extend(self.switch_off(&new.email, now)?),
                (false, true) => {
                    known.active = true;
                    let email = new.email.clone();
                    told.push(Dated { at, what: Happening::Activated { email } });
                }
                (true, true) | (false, false) => {}
            }
        }
        Ok(told)
    }

    fn activate(&mut self, email: &Email, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        self.is_local(email)?;
        let user = self.user_mut(email)?;
        if user.active {
            return Err(Refusal::conflict(format!("{email} is active already.")));
        }
        user.active = true;
        Ok(vec![Dated { at: now, what: Happening::Activated { email: email.clone() } }])
    }

    /// F-HL-01, F-HL-10: the license is released, and nobody gets it by that.
    fn deactivate(&mut self, email: &Email, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        self.is_local(email)?;
        if !self.user(email)?.active {
            return Err(Refusal::conflict(format!("{email} is deactivated already.")));
        }
        self.switch_off(email, now)
    }

    fn switch_off(&mut self, email: &Email, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        let released = self.kind_of(email);
        let user = self.user_mut(email)?;
        user.active = false;
        user.license = None;
        let what = Happening::Deactivated { email: email.clone(), released };
        let mut told = vec![Dated { at: now, what }];
        if !self.is_smart() && self.grace_upgrade == GraceUpgrade::Automatic {
            told.extend(self.help_grace(How::Deactivation, now));
        }
        Ok(told)
    }

    fn is_local(&self, email: &Email) -> Result<(), Refusal> {
        match self.user(email)?.managed {
            Managed::Local => Ok(()),
            Managed::Remote => Err(Refusal::conflict(format!(
                "{email} is managed in the directory: what it says is taken over when it is \
                 synchronized."
            ))),
        }
    }

    fn reserve(&mut self, emails: &[Email], now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        several("users", emails.len())?;
        let mut told = Vec::new();
        for email in emails {
            let decision = self.decide_reserve(email, now)?;
            told.extend(self.take(email, &decision, How::Reserved, now));
        }
        Ok(told)
    }

    /// A license ends only with a deactivation, so its holder stays a host (ours).
    fn set_role(
        &mut self,
        email: &Email,
        role: Role,
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        let user = self.user_mut(email)?;
        if user.role == role {
            return Err(Refusal::conflict(format!("{email} has that role already.")));
        }
        if role == Role::AttendeeOnly && user.license.is_some() {
            return Err(Refusal::conflict(format!(
                "{email} holds a host license, which only a deactivation releases: deactivate first."
            )));
        }
        user.role = role;
        Ok(vec![Dated { at: now, what: Happening::RoleSet { email: email.clone(), role } }])
    }

    fn end_trial_now(&mut self, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        if self.is_smart() || self.trial_over {
            return Err(Refusal::conflict("There is no trial that could be ended."));
        }
        Ok(self.end_trial(now))
    }

    fn set_grace_upgrade(&mut self, upgrade: GraceUpgrade, now: Timestamp) -> Vec<Dated> {
        self.grace_upgrade = upgrade;
        let automatic = upgrade == GraceUpgrade::Automatic;
        let mut told = vec![Dated { at: now, what: Happening::GraceUpgradeSet { automatic } }];
        if automatic && !self.is_smart() {
            told.extend(self.help_grace(How::Deactivation, now));
        }
        told
    }
}

fn several(field: &'static str, named: usize) -> Result<(), Refusal> {
    if (1..=MOST_AT_ONCE).contains(&named) {
        return Ok(());
    }
    Err(Refusal::invalid(field, format!("{named} are named: must be from 1 to {MOST_AT_ONCE}")))
}

fn no_twins(users: &[NewUser]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    match users.iter().find(|new| !seen.insert(&new.email)) {
        None => Ok(()),
        Some(twin) => {
            let problem = format!("{} is named twice: must be once", twin.email);
            Err(Refusal::invalid("users", problem))
        }
    }
}
