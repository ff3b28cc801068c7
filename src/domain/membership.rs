//! Who holds which role in a local account: people, and groups of them (B-LWS-08).

use super::error::{Error, Result};
use super::id::{RoleId, UserGroupId, UserId, VirtualAccountId};
use super::people::{Actor, Assignment, Permission, Role};
use super::system::line;
use super::virtual_account::Tree;

/// Roles that are given in a local account: those of CSSM but the Approver, because agreements are
/// accepted there (documented; features 4.2).
pub const ROLES: [Role; 6] = [
    Role::SmartAccountAdministrator,
    Role::SmartAccountUser,
    Role::SmartAccountViewer,
    Role::VirtualAccountAdministrator,
    Role::VirtualAccountUser,
    Role::VirtualAccountViewer,
];

/// Who can hold a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User(UserId),
    /// Everybody in a group.
    Group(UserGroupId),
}

/// A role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its identity.
    pub id: RoleId,
    /// Who holds it.
    pub holder: Holder,
    /// The login name, or the name of the group.
    pub name: String,
    /// The role and where it reaches.
    pub assignment: Assignment,
}

/// The role of that name, for the whole account or for one virtual account of it.
///
/// # Errors
/// Names the field: `role`, or `virtual_account` when role and place do not go together.
pub fn role(name: &str, at: Option<VirtualAccountId>) -> Result<Role> {
    let role = ROLES
        .into_iter()
        .find(|role| role.name() == name)
        .ok_or_else(|| Error::invalid("role", format!("'{name}' is no role of a local account")))?;
    match (role.is_virtual(), at) {
        (true, None) => {
            let problem = format!("the role {name} is for one local virtual account; choose it");
            Err(Error::invalid("virtual_account", problem))
        }
        (false, Some(_)) => {
            let problem = format!("the role {name} is for the whole local account");
            Err(Error::invalid("virtual_account", problem))
        }
        (true, Some(_)) | (false, None) => Ok(role),
    }
}

/// Fails unless the person may give or take that role: where it reaches, they have to manage roles
/// themselves, so that nobody gives more than they have.
///
/// # Errors
/// Says what they may not do where.
pub fn allow(actor: &Actor, given: &Assignment, tree: &Tree, account: &str) -> Result<()> {
    let manage = Permission::ManageRoles;
    let Some(at) = given.virtual_account else {
        return actor.require(manage, &tree.account_scope(account));
    };
    for va in tree.all() {
        let scope = tree.scope(va);
        if va.id == at || (given.nested && scope.path.contains(&at)) {
            actor.require(manage, &scope)?;
        }
    }
    Ok(())
}

/// Whether the person manages roles anywhere in the account.
pub fn manages_any(actor: &Actor, tree: &Tree, account: &str) -> bool {
    let manage = Permission::ManageRoles;
    actor.may(manage, &tree.account_scope(account))
        || tree.all().iter().any(|va| actor.may(manage, &tree.scope(va)))
}

/// Fails if nobody is left who can sign in and administers the whole account, where somebody was.
///
/// # Errors
/// Says what has to come first.
pub fn keeps_administrator(account: &str, before: usize, after: usize) -> Result<()> {
    if before == 0 || after > 0 {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "Nobody would be {} of {account} any more; give the role to somebody else first.",
        Role::SmartAccountAdministrator.name()
    )))
}

/// A group of a satellite's users (B-ADM-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroup {
    /// Its identity.
    pub id: UserGroupId,
    /// What it is called; no two groups differ by case alone.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Its members, by login name.
    pub members: Vec<(UserId, String)>,
}

/// Checks the name of a group: 1 to 64 characters (ours).
///
/// # Errors
/// Says what is wrong with it.
pub fn group_name(text: &str) -> Result<String> {
    line("name", text, 64)
}

/// Login names as they are typed: one on a line, or with commas; each once.
pub fn login_names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(['\n', ',', ';']).map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::SmartAccountId;
    use crate::domain::time::Timestamp;
    use crate::domain::virtual_account::{Access, Name, VirtualAccount};
    use uuid::Uuid;

    const ACCOUNT: SmartAccountId = SmartAccountId(Uuid::from_u128(1));

    fn place(number: u128) -> VirtualAccountId {
        VirtualAccountId(Uuid::from_u128(number))
    }

    /// 5 holds 6, beside them stands 7.
    fn tree() -> Tree {
        let va = |number: u128, parent: Option<u128>| VirtualAccount {
            id: place(number),
            number: 1,
            account: ACCOUNT,
            parent: parent.map(place),
            name: Name::parse(&format!("Line {number}")).unwrap(),
            description: String::new(),
            access: Access::Public,
            is_default: false,
            satellite: None,
            on_prem: None,
            upstream: None,
            created_at: Timestamp::parse("2026-01-05T09:00:00Z").unwrap(),
        };
        Tree::new(ACCOUNT, vec![va(5, None), va(6, Some(5)), va(7, None)])
    }

    fn given(role: Role, at: Option<u128>, nested: bool) -> Assignment {
        Assignment { role, account: ACCOUNT, virtual_account: at.map(place), nested }
    }

    fn actor(own: Assignment) -> Actor {
        Actor {
            id: UserId(Uuid::from_u128(9)),
            name: "nina".into(),
            email: String::new(),
            assignments: vec![own],
            system_role: None,
            only: None,
        }
    }

    /// B-LWS-08, features 4.2: account administrators give every role, those of a local virtual
    /// account only what reaches no further than they do, all others nothing.
    #[test]
    fn nobody_gives_more_than_they_have() {
        use Role as R;
        let allowed = |own: Assignment, role, at, nested| {
            allow(&actor(own), &given(role, at, nested), &tree(), "Plant A").is_ok()
        };
        let whole = || given(R::SmartAccountAdministrator, None, false);
        assert!(allowed(whole(), R::SmartAccountAdministrator, None, false));
        assert!(allowed(whole(), R::VirtualAccountUser, Some(5), true));
        let plain = || given(R::VirtualAccountAdministrator, Some(5), false);
        let nested = || given(R::VirtualAccountAdministrator, Some(5), true);
        assert!(allowed(plain(), R::VirtualAccountAdministrator, Some(5), false));
        assert!(!allowed(plain(), R::VirtualAccountUser, Some(5), true));
        assert!(allowed(nested(), R::VirtualAccountUser, Some(5), true));
        assert!(allowed(nested(), R::VirtualAccountUser, Some(6), false));
        for own in [plain(), nested()] {
            assert!(!allowed(own.clone(), R::SmartAccountViewer, None, false));
            assert!(!allowed(own, R::VirtualAccountViewer, Some(7), false));
        }
        for role in [R::SmartAccountUser, R::SmartAccountViewer, R::SmartAccountApprover] {
            let own = given(role, None, false);
            assert!(!manages_any(&actor(own.clone()), &tree(), "Plant A"));
            assert!(!allowed(own, R::VirtualAccountViewer, Some(7), false));
        }
        assert!(manages_any(&actor(plain()), &tree(), "Plant A"));
    }

    /// B-LWS-08: roles and places go together, and unknown ones are named.
    #[test]
    fn a_role_fits_its_place() {
        let five = Some(place(5));
        assert_eq!(role("Smart Account User", None).unwrap(), Role::SmartAccountUser);
        assert_eq!(role("Virtual Account User", five).unwrap(), Role::VirtualAccountUser);
        for (name, at, told) in [
            ("Smart Account User", five, "virtual_account: the role Smart Account User is for the"),
            ("Virtual Account User", None, "virtual_account: the role Virtual Account User is for"),
            ("Smart Account Approver", None, "role: 'Smart Account Approver' is no role"),
            ("root", None, "role: 'root' is no role of a local account"),
        ] {
            let refused = role(name, at).unwrap_err().to_string();
            assert!(refused.starts_with(told), "{refused}");
        }
    }

    /// B-LWS-08: the last administrator stays; where there was none, nothing is in the way.
    #[test]
    fn the_last_administrator_of_an_account_stays() {
        assert!(keeps_administrator("Plant A", 1, 1).is_ok());
        assert!(keeps_administrator("Plant A", 0, 0).is_ok());
        let refused = keeps_administrator("Plant A", 2, 0).unwrap_err().to_string();
        assert!(refused.starts_with("Nobody would be Smart Account Administrator of Plant A"));
    }

    /// B-LWS-08: one on a line or with commas, each once.
    #[test]
    fn names_are_read_as_they_are_typed() {
        assert_eq!(login_names("nina, sam\nolga\r\n ;nina"), ["nina", "sam", "olga"]);
        assert!(login_names(" \n,").is_empty());
        assert!(group_name(" ").is_err() && group_name(&"x".repeat(65)).is_err());
    }
}
