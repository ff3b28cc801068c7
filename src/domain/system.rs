//! The people of a satellite: their system roles, what those allow, and the guard rails between
//! them (B-ADM-01..03).

use super::error::{Error, Result};
use super::id::UserId;
use super::time::Timestamp;
use std::fmt;
use thiserror::Error as ThisError;

/// What a person may do with the satellite itself (documented; features 4.2). What they may do in
/// a local account, account roles say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemRole {
    /// Everything of the system.
    Admin,
    /// Daily work: settings, accounts, synchronization.
    Operator,
    /// Nothing but asking for an account.
    User,
}

impl SystemRole {
    /// All of them, the mightiest first.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Operator, Self::User];

    /// The name on pages (documented).
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "System Admin",
            Self::Operator => "System Operator",
            Self::User => "System User",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role matrix of the system (features 4.2).
    pub fn grants(self, permission: SystemPermission) -> bool {
        use SystemPermission as P;
        match self {
            Self::Admin => true,
            Self::Operator => matches!(
                permission,
                P::EnterAdministration
                    | P::ManageSettings
                    | P::ManageAccounts
                    | P::Synchronize
                    | P::RequestAccount
                    | P::ViewAccounts
            ),
            Self::User => permission == P::RequestAccount,
        }
    }
}

/// Something that a system role may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemPermission {
    /// See the Administration Workspace.
    EnterAdministration,
    /// Create and change users.
    ManageUsers,
    /// Security rules, certificates, API toolkit.
    ManageSecurity,
    /// Network, settings, syslog, message of the day, time.
    ManageSettings,
    /// Approve, reject, register, deactivate local accounts.
    ManageAccounts,
    /// Delete local accounts.
    DeleteAccounts,
    /// Synchronize now, schedules, files.
    Synchronize,
    /// Ask for an account or for access to one.
    RequestAccount,
    /// See what is in every local account.
    ViewAccounts,
}

impl SystemPermission {
    /// All of them, for tests that walk the matrix.
    pub const ALL: [Self; 9] = [
        Self::EnterAdministration,
        Self::ManageUsers,
        Self::ManageSecurity,
        Self::ManageSettings,
        Self::ManageAccounts,
        Self::DeleteAccounts,
        Self::Synchronize,
        Self::RequestAccount,
        Self::ViewAccounts,
    ];
}

impl fmt::Display for SystemPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EnterAdministration => "enter the Administration Workspace",
            Self::ManageUsers => "manage users",
            Self::ManageSecurity => "manage security and the API toolkit",
            Self::ManageSettings => "manage settings",
            Self::ManageAccounts => "manage local accounts",
            Self::DeleteAccounts => "delete local accounts",
            Self::Synchronize => "synchronize",
            Self::RequestAccount => "request a local account",
            Self::ViewAccounts => "see all local accounts",
        })
    }
}

/// Why the system says no.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// The caller's system role does not reach this far.
    #[error("{user} may not {permission}.")]
    Forbidden {
        /// Who asked.
        user: String,
        /// What was asked.
        permission: SystemPermission,
    },
    /// Without any active System Admin nobody could change anything (B-ADM-03).
    #[error("{0} is the last active System Admin; make another user a System Admin first.")]
    LastAdmin(String),
    /// Nobody changes the own system role (B-ADM-03).
    #[error("Nobody may change their own system role.")]
    OwnRole,
    /// Whoever removes themselves has no session to see it in.
    #[error("Nobody may disable or remove themselves.")]
    OwnUser,
    /// API access is switched off (B-ADM-21).
    #[error("API access is switched off; a System Admin can switch it on in the API toolkit.")]
    ApiOff,
    /// An API client beyond its local account (B-ADM-21).
    #[error("The API client {client} belongs to another local account than '{account}'.")]
    OtherAccount {
        /// What people call the client.
        client: String,
        /// What it asked for.
        account: String,
    },
}

/// A person of a satellite, as the list of users shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemUser {
    /// Who it is.
    pub id: UserId,
    /// The login name.
    pub name: String,
    /// What can be changed.
    pub facts: UserFacts,
    /// A disabled person cannot sign in.
    pub disabled: bool,
    /// When they signed in last.
    pub last_login: Option<Timestamp>,
    /// The time before that: what the person is shown.
    pub previous_login: Option<Timestamp>,
    /// Wrong passwords in a row.
    pub failures: i64,
    /// Until when nobody gets in under this name.
    pub locked_until: Option<Timestamp>,
    /// Since when the password is what it is.
    pub password_changed_at: Option<Timestamp>,
    /// Whether it has to be changed before anything else.
    pub must_change_password: bool,
}

impl SystemUser {
    /// Whether the person can sign in and is a System Admin.
    pub fn is_active_admin(&self) -> bool {
        !self.disabled && self.facts.role == SystemRole::Admin
    }

    /// Whether the name is locked at that instant.
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

/// What the form of a user asks for (B-ADM-02); all of it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFacts {
    /// Mail address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// System role.
    pub role: SystemRole,
}

impl UserFacts {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Names the field that is empty, too long, or no mail address.
    pub fn parse(email: &str, first: &str, last: &str, role: &str) -> Result<Self> {
        Ok(Self {
            first_name: line("first_name", first, 64)?,
            last_name: line("last_name", last, 64)?,
            email: mail_address(email)?,
            role: SystemRole::parse(role).ok_or_else(|| {
                Error::invalid("role", format!("'{role}' is none of the system roles"))
            })?,
        })
    }
}

/// Checks a login name: 1 to 64 letters, digits and `. _ - @`, because it stands in logs and files
/// (ours).
///
/// # Errors
/// Says what is wrong with it.
pub fn login_name(text: &str) -> Result<String> {
    let name = line("username", text, 64)?;
    let fits = |c: char| c.is_alphanumeric() || ['.', '_', '-', '@'].contains(&c);
    match name.chars().find(|c| !fits(*c)) {
        None => Ok(name),
        Some(c) => Err(Error::invalid(
            "username",
            format!("'{c}' is not allowed; letters, digits and . _ - @ are"),
        )),
    }
}

/// One line of text that is not empty.
///
/// # Errors
/// Names the field and what is wrong with it.
pub fn line(field: &'static str, text: &str, longest: usize) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Error::invalid(field, "it is needed"));
    }
    if length > longest {
        return Err(Error::invalid(field, format!("{length} characters; at most {longest}")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "control characters are not allowed"));
    }
    Ok(text.to_owned())
}

fn mail_address(text: &str) -> Result<String> {
    let address = line("email", text, 254)?;
    let blank = address.contains(char::is_whitespace);
    match address.split_once('@') {
        Some((local, host)) if !blank && !local.is_empty() && !host.is_empty() => Ok(address),
        _ => Err(Error::invalid("email", format!("'{address}' is not like ann@lab.example"))),
    }
}

/// What is about to happen to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserStep {
    /// They get this role.
    Role(SystemRole),
    /// They cannot sign in any more.
    Disable,
    /// They are forgotten.
    Remove,
}

/// The guard rails of B-ADM-03: `others` counts the active System Admins besides `user`.
///
/// # Errors
/// Says which rail stands in the way.
pub fn allow(step: UserStep, user: &SystemUser, by: UserId, others: usize) -> Result<(), Refusal> {
    let keeps = step == UserStep::Role(SystemRole::Admin);
    if user.is_active_admin() && !keeps && others == 0 {
        return Err(Refusal::LastAdmin(user.name.clone()));
    }
    let own = user.id == by;
    match step {
        UserStep::Role(role) if own && role != user.facts.role => Err(Refusal::OwnRole),
        UserStep::Disable | UserStep::Remove if own => Err(Refusal::OwnUser),
        UserStep::Role(_) | UserStep::Disable | UserStep::Remove => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// features 4.2: the matrix, line by line.
    #[test]
    fn the_system_roles_grant_what_the_matrix_says() {
        use SystemPermission as P;
        let matrix = [
            (P::EnterAdministration, [true, true, false]),
            (P::ManageUsers, [true, false, false]),
            (P::ManageSecurity, [true, false, false]),
            (P::ManageSettings, [true, true, false]),
            (P::ManageAccounts, [true, true, false]),
            (P::DeleteAccounts, [true, false, false]),
            (P::Synchronize, [true, true, false]),
            (P::RequestAccount, [true, true, true]),
            (P::ViewAccounts, [true, true, false]),
        ];
        assert_eq!(matrix.map(|(permission, _)| permission), P::ALL);
        for (permission, expected) in matrix {
            let granted = SystemRole::ALL.map(|role| role.grants(permission));
            assert_eq!(granted, expected, "{permission:?}");
        }
    }

    fn user(number: u128, role: SystemRole, disabled: bool) -> SystemUser {
        SystemUser {
            id: UserId(Uuid::from_u128(number)),
            name: format!("user-{number}"),
            facts: UserFacts {
                email: "a@b".into(),
                first_name: "A".into(),
                last_name: "B".into(),
                role,
            },
            disabled,
            last_login: None,
            previous_login: None,
            failures: 0,
            locked_until: None,
            password_changed_at: None,
            must_change_password: false,
        }
    }

    /// B-ADM-03, AS-46: the last active System Admin stays one.
    #[test]
    fn the_last_active_admin_cannot_go() {
        use UserStep as S;
        let admin = user(1, SystemRole::Admin, false);
        let other = UserId(Uuid::from_u128(2));
        let last = Err(Refusal::LastAdmin("user-1".into()));
        for step in [S::Disable, S::Remove, S::Role(SystemRole::Operator)] {
            assert_eq!(allow(step, &admin, other, 0), last);
            assert_eq!(allow(step, &admin, other, 1), Ok(()));
        }
        assert_eq!(allow(S::Role(SystemRole::Admin), &admin, admin.id, 0), Ok(()));
        let asleep = user(3, SystemRole::Admin, true);
        assert_eq!(allow(S::Remove, &asleep, other, 1), Ok(()));
    }

    /// B-ADM-03: nobody raises, lowers, disables or removes themselves.
    #[test]
    fn nobody_changes_their_own_standing() {
        use UserStep as S;
        let olga = user(1, SystemRole::Operator, false);
        assert_eq!(allow(S::Role(SystemRole::Admin), &olga, olga.id, 1), Err(Refusal::OwnRole));
        assert_eq!(allow(S::Role(SystemRole::Operator), &olga, olga.id, 1), Ok(()));
        assert_eq!(allow(S::Disable, &olga, olga.id, 1), Err(Refusal::OwnUser));
        assert_eq!(allow(S::Remove, &olga, olga.id, 1), Err(Refusal::OwnUser));
    }

    /// B-ADM-02: each field is needed and named when it breaks its rule.
    #[test]
    fn each_field_of_a_user_is_needed() {
        let facts = |email: &str, first: &str, last: &str, role: &str| {
            UserFacts::parse(email, first, last, role).map_err(|error| error.to_string())
        };
        assert!(facts(" a@b.example ", "Olga", "Örn", "System Operator").is_ok());
        let refused = [
            (facts("a@b", " ", "B", "System User"), "first_name: it is needed"),
            (facts("a@b", "A", "", "System User"), "last_name: it is needed"),
            (facts("ab", "A", "B", "System User"), "email: 'ab' is not like ann@lab.example"),
            (facts("a@b", "A", "B", "root"), "role: 'root' is none of the system roles"),
        ];
        for (result, text) in refused {
            assert_eq!(result.unwrap_err(), text);
        }
        assert!(login_name("olga.örn-2@plant_a").is_ok());
        assert!(login_name("a b").is_err());
        assert!(login_name(&"x".repeat(65)).is_err());
    }
}
