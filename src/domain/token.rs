//! Registration tokens: what a product shows once, to be let in.

use super::error::{Error, Result};
use super::id::{SmartAccountId, TokenId, VirtualAccountId};
use super::time::Timestamp;
use thiserror::Error as ThisError;

/// The longest description, in characters (ours; A-TOK-05).
pub const DESCRIPTION_LIMIT: usize = 256;

/// How many characters of a token's beginning and of its end stand in lists (ours).
const SHORT_START: usize = 6;
const SHORT_END: usize = 8;

/// The escaped line break that every token text ends with.
const LINE_BREAK: &str = "%0A";

/// A registration token (features A-TOK-01 to -17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Identity.
    pub id: TokenId,
    /// Its Smart Account.
    pub account: SmartAccountId,
    /// Products registered with it land in this virtual account.
    pub virtual_account: VirtualAccountId,
    /// The opaque text that is copied to the product.
    pub text: String,
    /// Free text.
    pub description: String,
    /// Copied to every product instance registered with it (A-TOK-08).
    pub export_allowed: bool,
    /// `None` = unlimited.
    pub max_uses: Option<i64>,
    /// Registrations accepted so far (A-TOK-15).
    pub uses: i64,
    /// Login name of the creator.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// From this instant on it does not work.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When time ends it; `None` once it has ended, so that a clock that goes back does not
    /// revive it (AS-49).
    pub due_at: Option<Timestamp>,
}

/// The state of a token at an instant (A-TOK-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It lets products in.
    Active,
    /// Its days are over.
    Expired,
    /// A person revoked it.
    Revoked,
    /// Its uses are used up.
    Exhausted,
}

impl Status {
    /// The word on pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::Exhausted => "Exhausted",
        }
    }
}

/// Why a token does not let a product in. Device texts: `protocol::error_codes`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// Nobody issued this text.
    #[error("The token '{0}' is not valid.")]
    Unknown(String),
    /// A person revoked it.
    #[error("The token '{0}' has been revoked.")]
    Revoked(String),
    /// Its days are over.
    #[error("The token '{0}' has expired.")]
    Expired(String),
    /// Its uses are used up.
    #[error("The token '{0}' has reached its maximum number of uses ({1}).")]
    Exhausted(String, i64),
}

impl Token {
    /// The state at `now`; a revoked token stays revoked after its last day.
    pub fn status(&self, now: Timestamp) -> Status {
        if self.revoked_at.is_some() {
            Status::Revoked
        } else if now >= self.expires_at || self.due_at.is_none() {
            Status::Expired
        } else if self.max_uses.is_some_and(|max| self.uses >= max) {
            Status::Exhausted
        } else {
            Status::Active
        }
    }

    /// Takes one use of the token, or says why it cannot be taken.
    pub fn redeem(&self, now: Timestamp) -> Result<Self, Refusal> {
        match self.status(now) {
            Status::Active => Ok(Self { uses: self.uses + 1, ..self.clone() }),
            Status::Revoked => Err(Refusal::Revoked(self.text.clone())),
            Status::Expired => Err(Refusal::Expired(self.text.clone())),
            Status::Exhausted => Err(Refusal::Exhausted(self.text.clone(), self.uses)),
        }
    }

    /// Revokes it; registered products stay registered (A-TOK-12).
    pub fn revoke(&self, now: Timestamp) -> Result<Self> {
        match self.status(now) {
            Status::Active | Status::Exhausted => {
                Ok(Self { revoked_at: Some(now), due_at: None, ..self.clone() })
            }
            Status::Expired => Err(Error::Conflict("The token has expired already.".into())),
            Status::Revoked => Err(Error::Conflict("The token is revoked already.".into())),
        }
    }

    /// Whether its row may be removed: only after its life (A-TOK-10).
    pub fn may_be_removed(&self, now: Timestamp) -> Result<()> {
        match self.status(now) {
            Status::Active => {
                Err(Error::Conflict("The token still works; revoke it before removing it.".into()))
            }
            Status::Revoked | Status::Expired | Status::Exhausted => Ok(()),
        }
    }

    /// What stands in lists and events: the first characters, as people know them
    /// from other portals, and the last ones. Tokens made in the same minute begin alike.
    pub fn short(&self) -> String {
        let text = self.text.strip_suffix(LINE_BREAK).unwrap_or(&self.text);
        let letters: Vec<char> = text.chars().collect();
        if letters.len() <= SHORT_START + SHORT_END {
            return text.to_owned();
        }
        let start: String = letters.iter().take(SHORT_START).collect();
        let end: String = letters.iter().skip(letters.len() - SHORT_END).collect();
        format!("{start}…{end}")
    }
}

/// What a person asks for when creating a token, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// Free text.
    pub description: String,
    /// Whole days, 1 to 365.
    pub days: Days,
    /// `None` = unlimited.
    pub max_uses: Option<i64>,
    /// Whether products may use export-controlled functionality.
    pub export_allowed: bool,
}

/// The life of a token: 1 to 365 whole days (documented; A-TOK-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(u64);

impl Days {
    /// The default of the form.
    pub const DEFAULT: Self = Self(30);
    const FIELD: &'static str = "expire_after";

    /// From a number.
    pub fn new(days: i64) -> Result<Self> {
        match u64::try_from(days) {
            Ok(days @ 1..=365) => Ok(Self(days)),
            _ => Err(Error::invalid(
                Self::FIELD,
                format!("{days} is outside the rule: whole days from 1 to 365"),
            )),
        }
    }

    /// From what was typed.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        text.parse().ok().map_or_else(
            || {
                let shown = if text.is_empty() { "nothing" } else { text };
                let problem = format!("{shown} is not a whole number of days from 1 to 365");
                Err(Error::invalid(Self::FIELD, problem))
            },
            Self::new,
        )
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

/// Checks *Max. Number of Uses*: empty for unlimited, else at least 1 (A-TOK-07).
pub fn parse_max_uses(text: &str) -> Result<Option<i64>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(uses @ 1..=1_000_000_000) => Ok(Some(uses)),
        Ok(_) | Err(_) => Err(Error::invalid(
            "max_uses",
            format!(
                "{text} is not a whole number from 1 to 1,000,000,000; leave it empty for unlimited"
            ),
        )),
    }
}

/// Checks a description: at most 256 characters.
pub fn parse_description(text: &str) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    if length > DESCRIPTION_LIMIT {
        let problem = format!("{length} characters; the limit is {DESCRIPTION_LIMIT}");
        return Err(Error::invalid("description", problem));
    }
    Ok(text.to_owned())
}

/// Fails when tokens are wanted for no virtual account at all (A-TOK-16).
pub fn some_chosen(virtual_accounts: usize) -> Result<()> {
    match virtual_accounts {
        0 => Err(Error::invalid("virtual_accounts", "none is chosen; choose at least one")),
        _ => Ok(()),
    }
}

/// A token's text as we keep it. People paste it with blanks around it, and
/// some tools decode the line break at its end (`%0A`).
pub fn canonical_text(text: &str) -> String {
    let mut text = text.trim();
    while let Some(shorter) = text.strip_suffix(LINE_BREAK) {
        text = shorter.trim_end();
    }
    format!("{text}{LINE_BREAK}")
}

/// A registration token of a satellite; its text stays there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirroredToken {
    /// Identity on the satellite.
    pub id: TokenId,
    /// The virtual account here.
    pub virtual_account: VirtualAccountId,
    /// The local virtual account that it leads into.
    pub local_virtual_account: String,
    /// Beginning and end of its text.
    pub short: String,
    /// Free text.
    pub description: String,
    /// Whether it allows export-controlled functionality.
    pub export_allowed: bool,
    /// How often it may be used.
    pub max_uses: Option<i64>,
    /// How often it was used.
    pub uses: i64,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl MirroredToken {
    /// The state at an instant, as far as CSSM can tell.
    pub fn status(&self, now: Timestamp) -> Status {
        if self.revoked_at.is_some() {
            Status::Revoked
        } else if now >= self.expires_at {
            Status::Expired
        } else if self.max_uses.is_some_and(|most| self.uses >= most) {
            Status::Exhausted
        } else {
            Status::Active
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn token(max_uses: Option<i64>) -> Token {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        Token {
            id: TokenId(Uuid::from_u128(1)),
            account: SmartAccountId(Uuid::from_u128(2)),
            virtual_account: VirtualAccountId(Uuid::from_u128(3)),
            text: "abc".into(),
            description: String::new(),
            export_allowed: true,
            max_uses,
            uses: 0,
            created_by: "bob".into(),
            created_at: now,
            expires_at: now.plus_days(1),
            revoked_at: None,
            due_at: Some(now.plus_days(1)),
        }
    }

    /// AS-02, A-TOK-06, E-LIM-01: 1 to 365 whole days, nothing else.
    #[test]
    fn days_are_whole_and_from_1_to_365() {
        for bad in ["0", "366", "-1", "1.5", "", "abc", "99999999999999999999", "１"] {
            assert!(Days::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["1", "365", " 30 "] {
            assert!(Days::parse(good).is_ok(), "{good:?}");
        }
    }

    /// AS-03, A-TOK-07: the last millisecond works, the next does not.
    #[test]
    fn a_token_dies_at_its_instant() {
        let token = token(None);
        let last = Timestamp::from_millis(token.expires_at.millis() - 1).unwrap();
        assert!(token.redeem(last).is_ok());
        assert_eq!(token.redeem(token.expires_at), Err(Refusal::Expired("abc".into())));
    }

    /// AS-04, A-TOK-07, A-TOK-11: uses or days, whichever comes first.
    #[test]
    fn a_token_dies_with_its_last_use() {
        let token = token(Some(2));
        let now = token.created_at;
        let spent = token.redeem(now).unwrap().redeem(now).unwrap();
        assert_eq!(spent.status(now), Status::Exhausted);
        assert_eq!(spent.redeem(now), Err(Refusal::Exhausted("abc".into(), 2)));
    }

    /// A-TOK-10: an active token is revoked before its row goes.
    #[test]
    fn an_active_token_cannot_be_removed() {
        let token = token(None);
        let now = token.created_at;
        assert!(token.may_be_removed(now).is_err());
        let revoked = token.revoke(now).unwrap();
        assert!(revoked.may_be_removed(now).is_ok());
        assert!(revoked.revoke(now).is_err());
    }

    /// A-TOK-09: pasted with blanks, or with its line break decoded, it is the same token.
    #[test]
    fn a_pasted_token_is_known_in_every_form() {
        for pasted in ["abc%0A", " abc%0A\n", "abc", "abc\n", "abc%0A%0A"] {
            assert_eq!(canonical_text(pasted), "abc%0A", "{pasted:?}");
        }
    }

    /// A-TOK-02: tokens that begin alike are told apart by their ends.
    #[test]
    fn a_short_token_shows_both_ends() {
        let short = |text: &str| Token { text: text.into(), ..token(None) }.short();
        assert_eq!(short("MDE5YjhhM2Ut0000000000000000AbCdEfGh%0A"), "MDE5Yj…AbCdEfGh");
        assert_eq!(short("MDE5YjhhM2Ut0000000000000000AbCdEfGi%0A"), "MDE5Yj…AbCdEfGi");
        assert_eq!(short("abc%0A"), "abc");
    }
}
