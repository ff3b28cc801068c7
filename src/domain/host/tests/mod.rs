//! Rules by example, and rules that hold whatever happens.

mod capacity;
mod properties;
mod rules;
mod vectors;

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@lab.example")).unwrap()
}

/// A server at an instant that a test moves.
#[derive(Clone)]
struct Lab {
    server: Server,
    now: Timestamp,
    told: Vec<Dated>,
}

impl Lab {
    /// A fresh one.
    fn fresh(profile: Profile, now: &str) -> Self {
        let mut server = Server::new(profile);
        let told = server.settle(at(now));
        Self { server, now: at(now), told }
    }

    /// A classic one behind its trial, with so many permanent licenses, the first of which are
    /// assigned to `p1`, `p2` and so on; and others without any license.
    fn classic(now: &str, bought: u64, assigned: usize, others: &[&str]) -> Self {
        let mut lab = Self::fresh(Profile::Cwms2Classic, "2025-01-01T00:00:00Z");
        lab.now = at(now);
        lab.done(Command::Buy(bought));
        let hosts: Vec<String> = (1..=assigned).map(|n| format!("p{n}")).collect();
        lab.users(hosts.iter().map(String::as_str));
        lab.users(others.iter().copied());
        if assigned > 0 {
            lab.done(Command::Reserve(hosts.iter().map(|name| email(name)).collect()));
        }
        lab
    }

    /// A smart one that stands like that, with so many users `u1`, `u2` and so on.
    fn smart(now: &str, situation: Situation, users: usize) -> Self {
        let mut lab = Self::fresh(Profile::Cwms4Smart, now);
        lab.server.stand(situation);
        let users: Vec<String> = (1..=users).map(|n| format!("u{n}")).collect();
        lab.users(users.iter().map(String::as_str));
        lab
    }

    fn users<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let new: Vec<NewUser> = names.map(|name| NewUser::of(email(name))).collect();
        if !new.is_empty() {
            self.done(Command::Add(new));
        }
    }

    fn tries(&mut self, command: Command) -> Result<(), Refusal> {
        self.told = self.server.apply(command, self.now)?;
        Ok(())
    }

    fn done(&mut self, command: Command) {
        let told = format!("{command:?}");
        self.tries(command).unwrap_or_else(|no| panic!("{told}: {no}"));
    }

    fn no(&mut self, command: Command) -> Refusal {
        let before = self.server.clone();
        let no = self.tries(command).unwrap_err();
        assert_eq!(self.server, before, "a refusal changes nothing");
        no
    }

    /// Hosts a meeting of one's own.
    fn hosts(&mut self, name: &str) -> Result<(), Refusal> {
        self.tries(Command::MeetNow(vec![email(name)]))
    }

    fn until(&mut self, now: &str) {
        self.now = at(now);
        self.told = self.server.settle(self.now);
    }

    fn kind(&self, name: &str) -> Option<Kind> {
        self.server.held(self.server.user(&email(name)).unwrap()).map(|held| held.kind)
    }

    fn of(&self, kind: Kind) -> u64 {
        self.server.pool().of(kind)
    }

    fn tells(&self, words: &str) -> bool {
        self.told.iter().any(|dated| dated.what.to_string().contains(words))
    }
}
