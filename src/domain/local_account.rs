//! Local accounts of a satellite: asked for, registered with CSSM, given up.

use super::error::{Error, Result};
use super::id::{OnPremUid, SmartAccountId};
use super::on_prem::Mode;
use super::time::Timestamp;

/// What has become of a local account (B-ACC-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalState {
    /// Asked for; a System Administrator decides.
    Pending,
    /// Registered with CSSM.
    Active,
    /// Deactivated, with a reason.
    Inactive,
    /// CSSM does not know it any more, or its deadline has passed: it has to register again.
    Expired,
}

impl LocalState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Inactive, Self::Expired];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Expired => "expired",
        }
    }

    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Expired => "Expired",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What is left out of what goes up (B-SYN-09).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// Host names.
    pub host_names: bool,
    /// Host identifiers; agents of this protocol send no IP addresses, and these stand for them.
    pub addresses: bool,
    /// MAC addresses.
    pub macs: bool,
}

impl Privacy {
    const WORDS: [&'static str; 3] = ["hostname", "ip", "mac"];

    /// The stored text: the words of what is hidden.
    pub fn code(self) -> String {
        let hidden = [self.host_names, self.addresses, self.macs];
        let words = Self::WORDS.iter().zip(hidden).filter(|(_, hidden)| *hidden);
        words.map(|(word, _)| *word).collect::<Vec<_>>().join(",")
    }

    /// From the stored text.
    pub fn parse(code: &str) -> Option<Self> {
        let words: Vec<&str> = code.split(',').filter(|word| !word.is_empty()).collect();
        let [host_names, addresses, macs] = Self::WORDS.map(|word| words.contains(&word));
        let known = words.iter().all(|word| Self::WORDS.contains(word));
        known.then_some(Self { host_names, addresses, macs })
    }
}

/// Something that a satellite decides by itself, unless its local account is in the classic mode
///
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Which local virtual accounts there are.
    VirtualAccounts,
    /// What they are called.
    Names,
    /// In which of them licenses are.
    Licenses,
}

/// A local account (B-ACC-02).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAccount {
    /// Identity; every file names it. That of its last registration.
    pub uid: OnPremUid,
    /// The rows it has since it was registered.
    pub account: Option<SmartAccountId>,
    /// The small number in addresses and in the URL for products that report by policy.
    pub number: i64,
    /// Its name; REST paths and page addresses hold it.
    pub name: String,
    /// How its virtual accounts belong to those of CSSM.
    pub mode: Mode,
    /// What has become of it.
    pub state: LocalState,
    /// Why it was deactivated.
    pub reason: String,
    /// The Smart Account of CSSM, by name.
    pub smart_account: String,
    /// Its virtual accounts there, by name; one unless the mode is classic.
    pub virtual_accounts: Vec<String>,
    /// Where mails go.
    pub email: String,
    /// What the requester said.
    pub message: String,
    /// Who asked for it, a login name.
    pub requested_by: String,
    /// When.
    pub requested_at: Timestamp,
    /// The nonce of the registration file that waits for its authorization file; its identity
    /// from then on.
    pub registration_nonce: Option<uuid::Uuid>,
    /// When it was registered.
    pub registered_at: Option<Timestamp>,
    /// Whether that was by files: then it never uses the network by itself (B-SYN-04, -15).
    pub by_file: bool,
    /// What goes up without.
    pub privacy: Privacy,
    /// The credential for synchronization over the network.
    pub credential: Option<String>,
    /// When that ends (B-ACC-08).
    pub credential_ends: Option<Timestamp>,
}

impl LocalAccount {
    fn conflict(&self, problem: &str) -> Error {
        Error::Conflict(format!("Local account {} {problem}", self.name))
    }

    /// Its name and number together, as the URL for products that report by policy ends
    /// (proven: `SSMDemo-1`).
    pub fn tenant(&self) -> String {
        format!("{}-{}", self.name, self.number)
    }

    /// Fails where CSSM decides that: its virtual accounts are the local ones in the classic mode.
    pub fn may_decide(&self, what: Decision) -> Result<()> {
        if self.mode == Mode::OnPrem8 {
            return Ok(());
        }
        Err(self.conflict(match what {
            Decision::VirtualAccounts => {
                "is in classic mode: its virtual accounts are those that CSSM has attached to its \
                 On-Prem. None are made or deleted here; attach another one there."
            }
            Decision::Names => {
                "is in classic mode: its virtual accounts are called as in CSSM. Rename them there."
            }
            Decision::Licenses => {
                "is in classic mode: licenses are transferred between its virtual accounts in CSSM \
                 only, and arrive with the next synchronization."
            }
        }))
    }

    /// Fails unless it waits for a decision.
    pub fn must_be_pending(&self) -> Result<()> {
        match self.state {
            LocalState::Pending => Ok(()),
            other => Err(self.conflict(&format!("is {}, not Pending.", other.word()))),
        }
    }

    /// Fails unless it may register: at first, or again (B-ACC-12).
    pub fn may_register(&self) -> Result<()> {
        match self.state {
            LocalState::Pending | LocalState::Active | LocalState::Expired => Ok(()),
            LocalState::Inactive => Err(self.conflict("is Inactive; activate it first.")),
        }
    }

    /// Fails unless it works and may synchronize.
    pub fn must_be_active(&self) -> Result<()> {
        match self.state {
            LocalState::Active => Ok(()),
            LocalState::Pending => Err(self.conflict("is not registered.")),
            LocalState::Inactive => Err(self.conflict("is Inactive; activate it first.")),
            LocalState::Expired => {
                Err(self.conflict("has expired; it has to register with CSSM again."))
            }
        }
    }

    /// Fails unless it may be deleted: deactivated, empty, and CSSM knows that (B-ACC-10, -11).
    pub fn may_be_deleted(&self, instances: i64, untold: bool) -> Result<()> {
        if instances > 0 {
            return Err(self.conflict(&format!(
                "still has {instances} product instances; remove them, synchronize and deactivate \
                 it first."
            )));
        }
        if untold {
            return Err(self.conflict(
                "is not synchronized since product instances were removed; synchronize it first.",
            ));
        }
        match self.state {
            LocalState::Inactive | LocalState::Expired => Ok(()),
            LocalState::Pending => Err(self.conflict("is only asked for; reject the request.")),
            LocalState::Active => Err(self.conflict("is Active; deactivate it first.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-SYN-09: what is hidden is kept as words.
    #[test]
    fn privacy_comes_back() {
        for n in 0..8 {
            let privacy = Privacy { host_names: n & 1 > 0, addresses: n & 2 > 0, macs: n & 4 > 0 };
            assert_eq!(Privacy::parse(&privacy.code()), Some(privacy));
        }
        assert_eq!(Privacy::parse("hostname,shoe"), None);
    }
}
