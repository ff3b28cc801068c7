//! The system event log of a satellite: who signed in, and what was set (B-ADM-26).

use super::id::SystemEventId;
use super::time::Timestamp;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal in $area:ident),+ $(,)?) => {
        /// What kind of fact it is; the code is stored and exported.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum SystemEventKind { $($(#[$doc])* $name),+ }

        impl SystemEventKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stored code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What it belongs to.
            pub fn area(self) -> Area {
                match self { $(Self::$name => Area::$area),+ }
            }

            /// The kind of that code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

kinds! {
    /// A person signed in.
    SignedIn = "signed_in" in Logins,
    /// A person signed out.
    SignedOut = "signed_out" in Logins,
    /// A session ended because its person has begun another one.
    SessionEnded = "session_ended" in Logins,
    /// Somebody has forgotten a password, or a name that nobody has.
    ResetRequested = "password_reset_requested" in Failures,
    /// A wrong password, or a person who may not sign in.
    SignInFailed = "sign_in_failed" in Failures,
    /// Too many wrong passwords.
    UserLocked = "user_locked" in Failures,
    /// A System Admin ended a lock.
    UserUnlocked = "user_unlocked" in Users,
    /// A user was created.
    UserCreated = "user_created" in Users,
    /// A user's names, mail address or role changed.
    UserChanged = "user_changed" in Users,
    /// A user cannot sign in any more.
    UserDisabled = "user_disabled" in Users,
    /// A user can sign in again.
    UserEnabled = "user_enabled" in Users,
    /// A user was removed.
    UserRemoved = "user_removed" in Users,
    /// A group of users was created.
    GroupCreated = "group_created" in Users,
    /// A group's name, description or members changed.
    GroupChanged = "group_changed" in Users,
    /// A group of users was removed.
    GroupRemoved = "group_removed" in Users,
    /// A password was set.
    PasswordChanged = "password_changed" in Users,
    /// Rules or switches of the system changed.
    SettingsChanged = "settings_changed" in Settings,
    /// A local account was asked for.
    AccountRequested = "account_requested" in Accounts,
    /// A request for a local account was rejected.
    AccountRejected = "account_rejected" in Accounts,
    /// A local account was registered with CSSM.
    AccountRegistered = "account_registered" in Accounts,
    /// A local account was deactivated.
    AccountDeactivated = "account_deactivated" in Accounts,
    /// A local account was activated again.
    AccountActivated = "account_activated" in Accounts,
    /// A local account was deleted.
    AccountDeleted = "account_deleted" in Accounts,
    /// Somebody asked for access to a local account.
    AccessRequested = "access_requested" in Accounts,
    /// Somebody got access to a local account.
    AccessGranted = "access_granted" in Accounts,
    /// A request for access was declined.
    AccessDeclined = "access_declined" in Accounts,
    /// A local account synchronized with CSSM.
    Synchronized = "synchronized" in Synchronization,
    /// A synchronization failed.
    SyncFailed = "synchronization_failed" in Synchronization,
    /// A synchronization is late.
    Overdue = "synchronization_overdue" in Synchronization,
    /// A file of CSSM was refused.
    FileRefused = "file_refused" in Synchronization,
    /// An API client was created.
    ClientCreated = "client_created" in Api,
    /// An API client was revoked.
    ClientRevoked = "client_revoked" in Api,
}

/// Groups of kinds, by which the log is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Who came and went.
    Logins,
    /// Who was kept out.
    Failures,
    /// The list of users.
    Users,
    /// Rules and switches.
    Settings,
    /// Local accounts.
    Accounts,
    /// What was exchanged with CSSM.
    Synchronization,
    /// API clients.
    Api,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Logins,
        Self::Failures,
        Self::Users,
        Self::Settings,
        Self::Accounts,
        Self::Synchronization,
        Self::Api,
    ];

    /// The word on pages and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Logins => "Logins",
            Self::Failures => "Failures",
            Self::Users => "Users",
            Self::Settings => "Settings",
            Self::Accounts => "Accounts",
            Self::Synchronization => "Synchronization",
            Self::Api => "API",
        }
    }

    /// The area of that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.name() == name)
    }

    /// The codes that belong to it.
    pub fn codes(self) -> Vec<&'static str> {
        let kinds = SystemEventKind::ALL.iter().filter(|kind| kind.area() == self);
        kinds.map(|kind| kind.code()).collect()
    }
}

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemEvent {
    /// Its identity; later ones are greater.
    pub id: SystemEventId,
    /// When.
    pub at: Timestamp,
    /// What kind of fact.
    pub kind: SystemEventKind,
    /// The fact in a sentence.
    pub message: String,
    /// Who caused it: a login name, also one that nobody has.
    pub actor: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-ADM-26: every kind can be found by its area, and no code stands twice.
    #[test]
    fn every_kind_has_one_area_and_one_code() {
        let found: usize = Area::ALL.iter().map(|area| area.codes().len()).sum();
        assert_eq!(found, SystemEventKind::ALL.len());
        for kind in SystemEventKind::ALL {
            assert_eq!(SystemEventKind::parse(kind.code()), Some(*kind));
            assert!(kind.area().codes().contains(&kind.code()));
        }
        for area in Area::ALL {
            assert_eq!(Area::parse(area.name()), Some(area));
        }
    }
}
