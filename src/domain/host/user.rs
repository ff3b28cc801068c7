//! The people of a meetings server.

use super::{Holding, Refusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest address and the longest name, in characters (ours).
pub const LONGEST: usize = 120;

/// An address: by it a user is known. Lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = |problem: &str| {
            let shown: String = text.trim().chars().take(60).collect();
            Refusal::invalid("email", format!("'{shown}' {problem}"))
        };
        let email = text.trim().to_lowercase();
        let Some((name, domain)) = email.split_once('@') else {
            return Err(wrong("must be an address such as ann@lab.example"));
        };
        let fits = |part: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || ['.', '-', '_', '+'].contains(&c);
            !part.is_empty() && part.chars().all(plain) && !part.starts_with('.')
        };
        if !fits(name) || !fits(domain) {
            return Err(wrong("must be letters, digits and . - _ + around one @"));
        }
        if email.len() > LONGEST {
            return Err(wrong("is too long: must have at most 120 characters"));
        }
        Ok(Self(email))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a user may do in meetings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Host, when there is a license.
    #[default]
    Host,
    /// Attend, and schedule for others (F-HL-15).
    AttendeeOnly,
}

/// Where a user, and so the license, is managed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Managed {
    /// On this data centre (F-HL-05).
    #[default]
    Local,
    /// In the directory (F-HL-06): whom it drops is deactivated here, and nobody else does that.
    Remote,
}

/// Somebody whom the server knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// For people.
    pub name: String,
    /// What he may do.
    pub role: Role,
    /// Whether the account is active.
    pub active: bool,
    /// Where it is managed.
    pub managed: Managed,
    /// What he holds; never without being active.
    pub license: Option<Holding>,
}

/// Somebody who is to be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The address.
    pub email: Email,
    /// For people; empty = what stands before the @.
    #[serde(default)]
    pub name: String,
    /// What he may do.
    #[serde(default)]
    pub role: Role,
    /// Whether the account is active.
    #[serde(default = "yes")]
    pub active: bool,
    /// Whether he holds a host license where he comes from.
    #[serde(default)]
    pub hosts: bool,
}

fn yes() -> bool {
    true
}

impl NewUser {
    /// An active host of that address.
    pub fn of(email: Email) -> Self {
        Self { email, name: String::new(), role: Role::Host, active: true, hosts: false }
    }

    /// Reads one line of an import: an address, or an address, a comma and a name.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(line: &str) -> Result<Self, Refusal> {
        let (email, name) = line.split_once(',').unwrap_or((line, ""));
        Ok(Self { name: name.trim().to_owned(), ..Self::of(Email::parse(email)?) })
    }

    /// The user that it becomes.
    pub(super) fn user(&self, managed: Managed) -> Result<User, Refusal> {
        if self.name.chars().count() > LONGEST || self.name.contains(char::is_control) {
            let problem = format!("of {}: must be at most 120 printable characters", self.email);
            return Err(Refusal::invalid("name", problem));
        }
        let before = self.email.as_str().split('@').next().unwrap_or_default();
        let name = if self.name.is_empty() { before } else { &self.name };
        let (role, active) = (self.role, self.active);
        Ok(User { name: name.to_owned(), role, active, managed, license: None })
    }
}
