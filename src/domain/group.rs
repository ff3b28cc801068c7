//! High-availability groups: the units that stand behind one product instance.

use super::instance::Udi;
use super::registration::Refusal;
use std::collections::BTreeSet;

/// The most units of a group (ours).
pub const MEMBERS_LIMIT: usize = 64;

/// What a unit does in its group (proven; XE-YANG and tech-support outputs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It talks to us.
    Active,
    /// It takes over.
    Standby,
    /// Any other.
    Member,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Active, Self::Standby, Self::Member];

    /// The word on the wire and on pages, also the stored code.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Standby => "Standby",
            Self::Member => "Member",
        }
    }

    /// The role of that word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == text)
    }
}

/// A unit of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it does.
    pub role: Role,
    /// The device.
    pub udi: Udi,
}

/// Checks the group that a device registers with; an empty one is none.
///
/// Exactly one unit is Active, and it is the device itself; at most one is Standby; no device
/// stands there twice (ours).
pub fn check(own: &Udi, members: &[Member]) -> Result<(), Refusal> {
    if members.is_empty() {
        return Ok(());
    }
    let (mut seen, mut taken) = (BTreeSet::new(), Vec::new());
    for (index, member) in members.iter().enumerate() {
        let wrong = |name: &str, problem: &str| Refusal::Group {
            field: format!("ha_members[{index}].{name}"),
            problem: problem.to_owned(),
        };
        member.udi.check().map_err(|refusal| wrong("sudi", &refusal.to_string()))?;
        if member.role != Role::Member {
            if taken.contains(&member.role) {
                let problem = format!("must not be {} twice", member.role.name());
                return Err(wrong("role", &problem));
            }
            taken.push(member.role);
        }
        if !seen.insert(member.udi.key()) {
            return Err(wrong("sudi", "must not be listed twice"));
        }
        if member.role == Role::Active && member.udi.key() != own.key() {
            return Err(wrong("sudi", "of the Active must be that of the header"));
        }
    }
    if taken.contains(&Role::Active) {
        return Ok(());
    }
    Err(Refusal::Group {
        field: "ha_members".to_owned(),
        problem: "must name one Active: the product itself".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn udi(serial: &str) -> Udi {
        Udi { pid: Some("SIM".into()), serial: Some(serial.into()), ..Udi::default() }
    }

    fn told(group: &[(Role, &str)]) -> Result<(), String> {
        let members: Vec<Member> =
            group.iter().map(|(role, serial)| Member { role: *role, udi: udi(serial) }).collect();
        check(&udi("1"), &members).map_err(|refusal| refusal.to_string())
    }

    /// A-PIN-04, device-protocol 2.2: one Active, which is the device, and at most one Standby.
    #[test]
    fn a_group_has_one_active_and_at_most_one_standby() {
        use Role::{Active, Member, Standby};
        assert_eq!(told(&[]), Ok(()));
        assert_eq!(told(&[(Active, "1")]), Ok(()));
        assert_eq!(told(&[(Member, "4"), (Active, "1"), (Standby, "2"), (Member, "3")]), Ok(()));
        for (group, wanted) in [
            (&[(Standby, "2")][..], "ha_members: must name one Active: the product itself"),
            (&[(Active, "1"), (Active, "1")], "ha_members[1].role: must not be Active twice"),
            (
                &[(Active, "1"), (Standby, "2"), (Standby, "3")],
                "ha_members[2].role: must not be Standby twice",
            ),
            (&[(Active, "1"), (Member, "1")], "ha_members[1].sudi: must not be listed twice"),
            (&[(Active, "2")], "ha_members[0].sudi: of the Active must be that of the header"),
        ] {
            assert_eq!(told(group).unwrap_err(), wanted);
        }
    }
}
