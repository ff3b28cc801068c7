//! Virtual accounts: walls inside a Smart Account, each with its own pool.

use super::error::{Error, Result};
use super::id::{OnPremUid, SmartAccountId, VirtualAccountId};
use super::people::Scope;
use super::time::Timestamp;

/// The longest name of a virtual account, in characters (ours; A-MSA-11).
pub const NAME_LIMIT: usize = 100;

/// A virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualAccount {
    /// Identity.
    pub id: VirtualAccountId,
    /// The number that the REST API and page addresses show.
    pub number: i64,
    /// Its Smart Account.
    pub account: SmartAccountId,
    /// The virtual account it is nested in.
    pub parent: Option<VirtualAccountId>,
    /// The name.
    pub name: Name,
    /// Free text.
    pub description: String,
    /// Who can see it.
    pub access: Access,
    /// Orders without a virtual account land here; exactly one per Smart Account.
    pub is_default: bool,
    /// The satellite it is attached to (A-TOK-13); such an account is run from there.
    pub satellite: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The On-Prem that it is attached to; it has the name above.
    pub on_prem: Option<OnPremUid>,
    /// On a satellite: the virtual account of CSSM whose licenses and product instances it has.
    pub upstream: Option<VirtualAccountId>,
}

/// Access level (documented; `commerceAccessLevel` of rest-api V1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody with a role in the Smart Account sees it.
    Public,
    /// Only people with a role on it see it.
    Private,
}

impl Access {
    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::Private => "PRIVATE",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Public, Self::Private].into_iter().find(|a| a.name().eq_ignore_ascii_case(text))
    }
}

/// A valid name: 1 to 100 characters, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks the rules of A-MSA-11.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        let length = name.chars().count();
        if length == 0 {
            return Err(Error::invalid("name", "a name is needed"));
        }
        if length > NAME_LIMIT {
            let problem = format!("{length} characters; the limit is {NAME_LIMIT}");
            return Err(Error::invalid("name", problem));
        }
        if name.chars().any(char::is_control) {
            return Err(Error::invalid("name", "control characters are not allowed"));
        }
        Ok(Self(name.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names share when they count as the same: case and blanks are ignored.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

/// The comparison key of any text that names a virtual account.
pub fn key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl VirtualAccount {
    /// Fails when the account is run from a satellite and the caller wants a token (A-TOK-13).
    pub fn may_issue_tokens(&self) -> Result<()> {
        match &self.satellite {
            None => Ok(()),
            Some(satellite) => Err(Error::Conflict(format!(
                "Virtual account {} belongs to the On-Prem {satellite}; create its registration \
                 tokens there.",
                self.name.as_str()
            ))),
        }
    }

    /// Fails when the account's product instances are a satellite's (A-PIN-09; 2.6).
    pub fn may_hold_instances(&self) -> Result<()> {
        match &self.satellite {
            None => Ok(()),
            Some(satellite) => Err(Error::Conflict(format!(
                "Virtual account {} belongs to the On-Prem {satellite}; its product instances and \
                 reservations are managed there.",
                self.name.as_str()
            ))),
        }
    }

    /// Fails when the account can never be the default one (A-VAS-04).
    pub fn may_be_default(&self) -> Result<()> {
        match &self.satellite {
            None => Ok(()),
            Some(satellite) => Err(Error::Conflict(format!(
                "Virtual account {} belongs to the On-Prem {satellite} and cannot be the default.",
                self.name.as_str()
            ))),
        }
    }

    /// Fails when its contents cannot go to that other one.
    pub fn may_be_emptied_into(&self, to: &Self) -> Result<()> {
        if self.id == to.id {
            return Err(Error::invalid("to", "choose another virtual account"));
        }
        for va in [self, to] {
            if let Some(satellite) = &va.satellite {
                let name = va.name.as_str();
                return Err(Error::Conflict(format!(
                    "{name} belongs to the On-Prem {satellite}; product instances are moved there."
                )));
            }
        }
        Ok(())
    }

    /// Fails with the list of what stands in the way of deleting it (A-MSA-04).
    pub fn may_be_deleted(&self, contents: &Contents) -> Result<()> {
        let name = self.name.as_str();
        if self.is_default {
            return Err(Error::Conflict(format!(
                "{name} is the default virtual account; make another one the default first."
            )));
        }
        if let Some(satellite) = &self.satellite {
            return Err(Error::Conflict(format!("{name} belongs to the On-Prem {satellite}.")));
        }
        if contents.is_empty() {
            return Ok(());
        }
        Err(Error::Conflict(format!("{name} still holds {contents}; move or remove them first.")))
    }
}

/// What a virtual account holds, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Sum of the quantities of its license lines.
    pub licenses: i64,
    /// Product instances.
    pub instances: i64,
    /// Registration tokens that still work.
    pub tokens: i64,
    /// Virtual accounts nested in it.
    pub children: i64,
}

impl Contents {
    /// Whether nothing stands in the way of deleting.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl std::fmt::Display for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [
            (self.licenses, "license"),
            (self.instances, "product instance"),
            (self.tokens, "active token"),
            (self.children, "nested virtual account"),
        ];
        let words: Vec<String> = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, noun)| format!("{n} {noun}{}", if *n == 1 { "" } else { "s" }))
            .collect();
        f.write_str(&words.join(", "))
    }
}

/// All virtual accounts of one Smart Account: finds by name and knows ancestors.
#[derive(Clone, Debug)]
pub struct Tree {
    account: SmartAccountId,
    all: Vec<VirtualAccount>,
}

impl Tree {
    /// From the rows of one Smart Account.
    pub fn new(account: SmartAccountId, all: Vec<VirtualAccount>) -> Self {
        Self { account, all }
    }

    /// All of them, in stored order.
    pub fn all(&self) -> &[VirtualAccount] {
        &self.all
    }

    /// By identity.
    pub fn get(&self, id: VirtualAccountId) -> Option<&VirtualAccount> {
        self.all.iter().find(|v| v.id == id)
    }

    /// By name, ignoring case and blanks.
    pub fn named(&self, name: &str) -> Option<&VirtualAccount> {
        let wanted = key(name);
        self.all.iter().find(|v| v.name.key() == wanted)
    }

    /// By the number in addresses.
    pub fn numbered(&self, number: i64) -> Option<&VirtualAccount> {
        self.all.iter().find(|v| v.number == number)
    }

    /// The default virtual account.
    pub fn default_account(&self) -> Option<&VirtualAccount> {
        self.all.iter().find(|v| v.is_default)
    }

    /// The place of a virtual account for the permission table. Into a private one, roles on
    /// the accounts above do not reach (A-VAS-03).
    pub fn scope(&self, at: &VirtualAccount) -> Scope {
        let mut path = vec![at.id];
        let mut above = if at.access == Access::Private { None } else { at.parent };
        while let Some(parent) = above.and_then(|id| self.get(id)) {
            // A cycle cannot be stored; should one appear, it must not hang us.
            if path.contains(&parent.id) {
                break;
            }
            path.push(parent.id);
            above = if parent.access == Access::Private { None } else { parent.parent };
        }
        Scope { account: self.account, path, name: format!("virtual account {}", at.name.as_str()) }
    }

    /// Checks that a virtual account may be nested there: not in itself, and not in one that
    /// is nested in it.
    pub fn may_be_nested(&self, va: &VirtualAccount, in_: &VirtualAccount) -> Result<()> {
        let mut above = Some(in_.id);
        let mut steps = 0;
        while let Some(parent) = above.and_then(|id| self.get(id)) {
            if parent.id == va.id {
                let (name, there) = (va.name.as_str(), in_.name.as_str());
                let problem =
                    format!("{name} cannot be nested in {there}: that is {name} or in it");
                return Err(Error::invalid("parent", problem));
            }
            steps += 1;
            if steps > self.all.len() {
                break;
            }
            above = parent.parent;
        }
        Ok(())
    }

    /// The whole Smart Account as a place.
    pub fn account_scope(&self, account_name: &str) -> Scope {
        Scope {
            account: self.account,
            path: Vec::new(),
            name: format!("Smart Account {account_name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AS-21, A-MSA-11: names are compared without case and blanks, and bounded.
    #[test]
    fn names_are_bounded_and_compared_without_case_and_blanks() {
        assert_eq!(Name::parse("berlin ").unwrap().key(), Name::parse("BER LIN").unwrap().key());
        assert!(Name::parse(&"x".repeat(100)).is_ok());
        for bad in ["", "   ", &"x".repeat(101), "a\u{7}b"] {
            assert!(Name::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Name::parse("München 東京").unwrap().as_str(), "München 東京");
    }

    /// A-MSA-04: the refusal lists the blockers with their counts.
    #[test]
    fn contents_are_told_in_words() {
        let contents = Contents { licenses: 140, instances: 2, tokens: 1, children: 0 };
        assert_eq!(contents.to_string(), "140 licenses, 2 product instances, 1 active token");
    }
}
