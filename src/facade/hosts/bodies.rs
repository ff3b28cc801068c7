//! Bodies of the calls: strict JSON, turned into what is to be done.

use crate::domain::Timestamp;
use crate::domain::host::{
    CapacityLicense, Command, Email, GraceUpgrade, License, NewMeeting, NewUser, Refusal, Release,
    Role, Server, Size,
};
use crate::facade::faults::Fault;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads a body.
///
/// # Errors
/// It is no JSON, lacks a member, or has one that is not known or of the wrong kind.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::invalid("body", error.to_string()))
}

/// Users to be known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// Them.
    pub users: Vec<NewUser>,
}

/// Users by their address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Them.
    pub users: Vec<Email>,
}

/// Who is present when a meeting begins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Present {
    /// They.
    pub present: Vec<Email>,
}

/// One change of a user.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    active: Option<bool>,
    role: Option<Role>,
}

impl Change {
    /// What is to be done.
    pub fn command(self, email: Email) -> Result<Command, Fault> {
        match (self.active, self.role) {
            (Some(true), None) => Ok(Command::Activate(email)),
            (Some(false), None) => Ok(Command::Deactivate(email)),
            (None, Some(role)) => Ok(Command::SetRole(email, role)),
            (Some(_), Some(_)) | (None, None) => {
                Err(Fault::invalid("body", "give one of active and role"))
            }
        }
    }
}

/// A meeting.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    topic: String,
    host: Email,
    alternate: Option<Email>,
    scheduler: Option<Email>,
    starts: Option<String>,
    #[serde(default = "an_hour")]
    minutes: i64,
}

fn an_hour() -> i64 {
    60
}

impl Scheduled {
    /// What is to be done.
    pub fn command(self) -> Result<Command, Fault> {
        let Self { topic, host, alternate, scheduler, starts, minutes } = self;
        let starts = starts.map(|text| {
            Timestamp::parse(&text).ok_or_else(|| {
                Fault::invalid("starts", format!("'{text}' must be like 2026-01-05T09:00:00Z"))
            })
        });
        let starts = starts.transpose()?;
        let meeting = NewMeeting { topic, host, alternate, scheduler, starts, minutes };
        Ok(Command::Schedule(meeting))
    }
}

/// What can be installed.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Installable {
    Permanent,
    Demonstration,
    MdcSmall,
    MdcMedium,
    MdcLarge,
    ExtendedCapacity,
}

/// Licenses to be installed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installed {
    kind: Installable,
    count: Option<u64>,
    days: Option<u64>,
    major: Option<u32>,
}

impl Installed {
    /// What is to be done.
    pub fn command(self, server: &Server) -> Result<Command, Fault> {
        let missing = |field: &str| Fault::invalid(field, "it is missing: must be a whole number");
        let spare = |field: &str| Fault::invalid(field, "it does not belong to this kind");
        let of_system = |license| -> Result<Command, Fault> {
            match (self.count, self.days) {
                (Some(_), _) => Err(spare("count")),
                (_, Some(_)) => Err(spare("days")),
                (None, None) => {
                    let major = self.major.unwrap_or(server.release.major);
                    Ok(Command::Install(CapacityLicense { license, major }))
                }
            }
        };
        let count = || self.count.ok_or_else(|| missing("count"));
        match (self.kind, self.days, self.major) {
            (Installable::MdcSmall, _, _) => of_system(License::MdcSmall),
            (Installable::MdcMedium, _, _) => of_system(License::MdcMedium),
            (Installable::MdcLarge, _, _) => of_system(License::MdcLarge),
            (Installable::ExtendedCapacity, _, _) => of_system(License::ExtendedCapacity),
            (_, _, Some(_)) => Err(spare("major")),
            (Installable::Permanent, Some(_), _) => Err(spare("days")),
            (Installable::Permanent, None, _) => Ok(Command::Buy(count()?)),
            (Installable::Demonstration, days, _) => {
                Ok(Command::Demonstrate(count()?, days.ok_or_else(|| missing("days"))?))
            }
        }
    }
}

/// Settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Of host licenses.
    pub grace_upgrade: GraceUpgrade,
}

/// Another size.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resized {
    /// To it.
    pub size: Size,
}

/// A data centre that joins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    /// Its name.
    pub name: String,
    /// Its users; `hosts` marks those who hold a host license there.
    #[serde(default)]
    pub users: Vec<NewUser>,
}

/// A later release.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upgraded {
    /// To it.
    pub release: Release,
}

/// The number of a meeting in an address.
///
/// # Errors
/// It is none.
pub fn number(text: &str) -> Result<u64, Fault> {
    let number = text.parse::<u64>().ok().filter(|_| text.chars().all(|c| c.is_ascii_digit()));
    number.ok_or_else(|| Fault::invalid("meeting", format!("'{text}' must be a whole number")))
}

/// The address of a user in an address.
///
/// # Errors
/// It is none.
pub fn email(text: &str) -> Result<Email, Refusal> {
    Email::parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::host::Profile;

    fn install(text: &str) -> Result<Command, String> {
        let server = Server::new(Profile::Cwms4Smart);
        let read: Installed = read(text.as_bytes()).map_err(|error| error.to_string())?;
        read.command(&server).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_installed_names_its_members() {
        assert_eq!(install(r#"{"kind":"permanent","count":3}"#), Ok(Command::Buy(3)));
        let given = install(r#"{"kind":"demonstration","count":3,"days":30}"#);
        assert_eq!(given, Ok(Command::Demonstrate(3, 30)));
        let mdc = CapacityLicense { license: License::MdcSmall, major: 4 };
        assert_eq!(install(r#"{"kind":"mdc_small"}"#), Ok(Command::Install(mdc)));
        for (wrong, words) in [
            (r#"{"kind":"permanent"}"#, "count: it is missing"),
            (r#"{"kind":"permanent","count":3,"days":1}"#, "days: it does not belong"),
            (r#"{"kind":"permanent","count":3,"major":4}"#, "major: it does not belong"),
            (r#"{"kind":"demonstration","count":3}"#, "days: it is missing"),
            (r#"{"kind":"mdc_small","count":1}"#, "count: it does not belong"),
            (r#"{"kind":"golden"}"#, "unknown variant `golden`, expected one of"),
            (r#"{"kind":"permanent","count":-1}"#, "invalid value: integer `-1`"),
            (r#"{"kind":"permanent","counts":1}"#, "unknown field `counts`"),
            ("[", "EOF while parsing"),
        ] {
            let error = install(wrong).unwrap_err();
            assert!(error.contains(words), "{wrong}: {error}");
        }
    }

    #[test]
    fn one_thing_at_a_time_is_changed() {
        let ann = || email("ann@lab.example").unwrap();
        let change = |text: &str| read::<Change>(text.as_bytes()).unwrap().command(ann());
        assert_eq!(change(r#"{"active":false}"#).unwrap(), Command::Deactivate(ann()));
        assert!(change("{}").is_err() && change(r#"{"active":true,"role":"host"}"#).is_err());
        assert!(number("-1").is_err() && number("1x").is_err());
        let early = r#"{"topic":"t","host":"a@x","starts":"soon"}"#;
        let error = read::<Scheduled>(early.as_bytes()).unwrap().command().unwrap_err();
        assert!(error.to_string().starts_with("starts: 'soon' must be like"), "{error}");
    }
}
