//! From the users and devices of a cluster to license types.

use super::{Counts, FlexType, Model};
use crate::domain::coded::coded;
use crate::domain::error::{Error, Result};
use std::collections::{HashMap, HashSet};

/// Devices of a person that one license covers (documented: up to ten, F-FU-08).
const DEVICES: i64 = 10;
/// The most users, and the most devices, of one cluster (ours).
const LARGEST_CLUSTER: usize = 100_000;

/// A user of a cluster, as its agent tells of them.
#[expect(clippy::struct_excessive_bools, reason = "each is a feature of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Who, on this cluster; not kept.
    pub id: String,
    /// Whether a directory number belongs to them.
    pub directory_number: bool,
    /// Single Number Reach.
    pub single_number_reach: bool,
    /// Extension Mobility.
    pub extension_mobility: bool,
    /// A mailbox.
    pub voicemail: bool,
}

impl Person {
    /// Whether something is configured that one device for calls has no use for.
    fn has_more(&self) -> bool {
        self.voicemail || self.single_number_reach
    }

    /// Whether the person counts without any device.
    fn counts_alone(&self) -> bool {
        self.has_more() || self.directory_number || self.extension_mobility
    }
}

coded! {
    /// What a device is.
    DeviceKind {
        /// A telephone on a desk or a wall.
        DeskPhone = "desk_phone",
        /// An analog port: a telephone, a fax.
        Analog = "analog",
        /// An application on a computer.
        SoftPhone = "soft_phone",
        /// An application on a smartphone or tablet.
        Mobile = "mobile",
        /// A room system.
        TelePresence = "telepresence",
    }
}

impl DeviceKind {
    /// Whether it is a hard endpoint.
    fn is_hard(self) -> bool {
        matches!(self, Self::DeskPhone | Self::Analog)
    }
}

/// A device of a cluster, as its agent tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name there; not kept.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Whose it is.
    pub owner: Option<String>,
}

/// What is configured on a cluster on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayUse {
    /// Its users.
    pub users: Vec<Person>,
    /// Its devices.
    pub devices: Vec<Device>,
}

/// What users and devices come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classified {
    /// So many of each license type.
    pub counts: Counts,
    /// Applications without an owner, and users with nothing: no license is for them (ours).
    pub uncounted: i64,
}

/// The devices of one person.
#[derive(Clone, Copy, Default)]
struct Owned {
    devices: i64,
    beyond_analog: bool,
}

impl DayUse {
    /// Fails unless every name is there once and every owner is a user.
    pub fn check(&self) -> Result<()> {
        for (field, length) in [("users", self.users.len()), ("devices", self.devices.len())] {
            if length > LARGEST_CLUSTER {
                let problem = format!("{length} entries; {LARGEST_CLUSTER} are the most");
                return Err(Error::invalid(field, problem));
            }
        }
        let users = once("users", "id", self.users.iter().map(|user| user.id.as_str()))?;
        once("devices", "name", self.devices.iter().map(|device| device.name.as_str()))?;
        for (place, device) in self.devices.iter().enumerate() {
            if let Some(owner) = device.owner.as_deref().filter(|owner| !users.contains(owner)) {
                let problem = format!("entry {place}: the owner '{owner}' is none of the users");
                return Err(Error::invalid("devices", problem));
            }
        }
        Ok(())
    }

    /// The license types that they need under a model (F-FU-08 to -10, F-FU-22).
    pub fn classify(&self, model: Model) -> Classified {
        let mut found = Classified::default();
        let mut people: HashMap<&str, Owned> = HashMap::new();
        for device in &self.devices {
            match (device.kind, &device.owner) {
                // Every room system counts, whoever's it is.
                (DeviceKind::TelePresence, _) => found.counts.telepresence += 1,
                (kind, Some(owner)) => {
                    let of = people.entry(owner).or_default();
                    of.devices += 1;
                    of.beyond_analog |= kind != DeviceKind::Analog;
                }
                (kind, None) if kind.is_hard() => *found.counts.of(ownerless(model)) += 1,
                (_, None) => found.uncounted += 1,
            }
        }
        for user in &self.users {
            let of = people.get(user.id.as_str()).copied().unwrap_or_default();
            if of.devices == 0 && !user.counts_alone() {
                found.uncounted += 1;
                continue;
            }
            let kind = of_person(model, user, of);
            *found.counts.of(kind) += blocks(of.devices);
        }
        found
    }
}

fn once<'a>(
    field: &'static str,
    what: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<HashSet<&'a str>> {
    let mut known = HashSet::new();
    for (place, name) in names.enumerate() {
        if name.trim().is_empty() {
            return Err(Error::invalid(field, format!("entry {place}: {what} is empty")));
        }
        if !known.insert(name) {
            let problem = format!("entry {place}: {what} '{name}' is there twice");
            return Err(Error::invalid(field, problem));
        }
    }
    Ok(known)
}

/// Named User has no Common Area; what belongs to nobody takes its lowest tier (ours).
fn ownerless(model: Model) -> FlexType {
    match model {
        Model::Flex20 | Model::EnterpriseAgreement => FlexType::CommonArea,
        Model::NamedUser => FlexType::Access,
    }
}

/// The license of a person. Access is for one analog port with nothing beside it (ours: the sources
/// call it dial tone); Professional for several devices, a mailbox or Single Number Reach.
fn of_person(model: Model, user: &Person, owned: Owned) -> FlexType {
    let dial_tone =
        owned.devices == 1 && !owned.beyond_analog && !user.has_more() && !user.extension_mobility;
    match model {
        Model::EnterpriseAgreement | Model::NamedUser if dial_tone => FlexType::Access,
        Model::Flex20 | Model::EnterpriseAgreement => FlexType::KnowledgeWorker,
        Model::NamedUser if owned.devices > 1 || user.has_more() => FlexType::Professional,
        Model::NamedUser => FlexType::Enhanced,
    }
}

/// One license covers ten devices; each further block that is begun needs one more (F-FU-22).
fn blocks(devices: i64) -> i64 {
    ((devices + DEVICES - 1) / DEVICES).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str, kind: DeviceKind, owner: Option<&str>) -> Device {
        Device { name: name.into(), kind, owner: owner.map(str::to_owned) }
    }

    /// `ann` as told, with so many devices of a kind.
    fn ann(with: &Person, kind: DeviceKind, devices: usize) -> DayUse {
        let devices = (0..devices).map(|n| device(&format!("d{n}"), kind, Some("ann")));
        DayUse {
            users: vec![Person { id: "ann".into(), ..with.clone() }],
            devices: devices.collect(),
        }
    }

    fn found(used: &DayUse, model: Model) -> String {
        used.check().unwrap();
        let all = used.classify(model);
        let words = FlexType::ALL.into_iter().map(|kind| (kind.name(), all.counts.get(kind)));
        let words = words.chain([("nothing", all.uncounted)]).filter(|(_, count)| *count > 0);
        words.map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
    }

    fn nobody() -> Person {
        Person::default()
    }

    /// FU-7, FU-8, F-FU-08, F-FU-09, F-FU-10, F-FU-22, F-FU-06: who needs which license under which model.
    #[test]
    fn users_and_devices_are_classified() {
        use DeviceKind as K;
        let alone = |kind| DayUse { users: vec![], devices: vec![device("x", kind, None)] };
        let mobility = Person { extension_mobility: true, ..nobody() };
        let number = Person { directory_number: true, ..nobody() };
        let reach = Person { single_number_reach: true, ..nobody() };
        let mailbox = Person { voicemail: true, ..nobody() };
        let kw = |n: i64| format!("{n} Knowledge Worker");
        let one = |text: &str| format!("1 {text}");
        for (used, flex, nu, ea) in [
            (ann(&nobody(), K::DeskPhone, 1), kw(1), one("Enhanced"), kw(1)),
            (ann(&nobody(), K::DeskPhone, 10), kw(1), one("Professional"), kw(1)),
            (ann(&nobody(), K::DeskPhone, 11), kw(2), "2 Professional".into(), kw(2)),
            (ann(&nobody(), K::DeskPhone, 21), kw(3), "3 Professional".into(), kw(3)),
            (ann(&nobody(), K::Mobile, 1), kw(1), one("Enhanced"), kw(1)),
            (ann(&nobody(), K::Analog, 1), kw(1), one("Access"), one("Access")),
            (ann(&nobody(), K::Analog, 2), kw(1), one("Professional"), kw(1)),
            (ann(&mailbox, K::Analog, 1), kw(1), one("Professional"), kw(1)),
            (ann(&mailbox, K::DeskPhone, 0), kw(1), one("Professional"), kw(1)),
            (ann(&reach, K::DeskPhone, 0), kw(1), one("Professional"), kw(1)),
            (ann(&mobility, K::DeskPhone, 0), kw(1), one("Enhanced"), kw(1)),
            (ann(&number, K::DeskPhone, 0), kw(1), one("Enhanced"), kw(1)),
            (ann(&nobody(), K::DeskPhone, 0), one("nothing"), one("nothing"), one("nothing")),
            (alone(K::DeskPhone), one("Common Area"), one("Access"), one("Common Area")),
            (alone(K::Analog), one("Common Area"), one("Access"), one("Common Area")),
            (alone(K::SoftPhone), one("nothing"), one("nothing"), one("nothing")),
            (alone(K::TelePresence), one("TelePresence"), one("TelePresence"), one("TelePresence")),
        ] {
            let all = [Model::Flex20, Model::NamedUser, Model::EnterpriseAgreement];
            assert_eq!(all.map(|model| found(&used, model)), [flex, nu, ea], "{used:?}");
        }
    }

    /// F-FU-10: a room system counts once, and is not a device of its owner.
    #[test]
    fn an_owned_room_system_is_no_device_of_a_person() {
        let mut used = ann(&nobody(), DeviceKind::DeskPhone, 10);
        used.devices.push(device("EX90", DeviceKind::TelePresence, Some("ann")));
        assert_eq!(found(&used, Model::Flex20), "1 Knowledge Worker, 1 TelePresence");
    }

    /// F-FU-01: what cannot be is refused by its place.
    #[test]
    fn names_are_there_once_and_owners_are_users() {
        let phone = |name: &str, owner| device(name, DeviceKind::DeskPhone, owner);
        let user = |id: &str| Person { id: id.into(), ..nobody() };
        for (users, devices, why) in [
            (vec![user("a"), user("a")], vec![], "users: entry 1: id 'a' is there twice"),
            (vec![user(" ")], vec![], "users: entry 0: id is empty"),
            (vec![], vec![phone("p", None), phone("p", None)], "devices: entry 1: name 'p'"),
            (vec![], vec![phone("p", Some("b"))], "devices: entry 0: the owner 'b' is none"),
        ] {
            let refused = DayUse { users, devices }.check().unwrap_err().to_string();
            assert!(refused.starts_with(why), "{refused}");
        }
    }
}
