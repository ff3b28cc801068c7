//! The Message of the Day of a satellite (B-ADM-12): what everybody reads before signing in, and
//! who has signed in afterwards.

use super::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The longest text, in characters (ours).
pub const LONGEST: usize = 2_000;

/// The Message of the Day; off, nobody sees anything of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// Whether it is shown.
    pub on: bool,
    /// On the login page; may be empty.
    pub before: String,
    /// On the first page after signing in; may be empty.
    pub after: String,
}

impl Greeting {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Names the text that is too long or cannot be shown, or `before` when nothing is to be shown.
    pub fn parse(on: bool, before: &str, after: &str) -> Result<Self> {
        let greeting = Self { on, before: text("before", before)?, after: text("after", after)? };
        if on && greeting.before.is_empty() && greeting.after.is_empty() {
            return Err(Error::invalid("before", "one of the two texts is needed to show it"));
        }
        Ok(greeting)
    }

    /// What the login page shows.
    pub fn at_login(self) -> Option<String> {
        Some(self.before).filter(|text| self.on && !text.is_empty())
    }

    /// What the first page shows.
    pub fn at_home(self) -> Option<String> {
        Some(self.after).filter(|text| self.on && !text.is_empty())
    }
}

fn text(field: &'static str, typed: &str) -> Result<String> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    let length = text.chars().count();
    if length > LONGEST {
        return Err(Error::invalid(field, format!("{length} characters; at most {LONGEST}")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Error::invalid(field, "control characters other than new lines are not shown"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-ADM-12: bounded texts, shown only where and when they are meant.
    #[test]
    fn a_greeting_is_shown_where_it_belongs() {
        let both = Greeting::parse(true, " Only for the lab.\r\nLeave now. ", "Welcome").unwrap();
        assert_eq!(both.clone().at_login().unwrap(), "Only for the lab.\nLeave now.");
        assert_eq!(both.at_home().unwrap(), "Welcome");
        let off = Greeting::parse(false, "Only for the lab.", "").unwrap();
        assert_eq!((off.clone().at_login(), off.at_home()), (None, None));
        assert_eq!(Greeting::parse(true, "", "Welcome").unwrap().at_login(), None);
        let long = "x".repeat(LONGEST + 1);
        for (before, after, told) in [
            (" ", "", "before: one of the two texts is needed to show it"),
            (&long[..], "", "before: 2001 characters; at most 2000"),
            ("a", "b\u{7}", "after: control characters other than new lines are not shown"),
        ] {
            assert_eq!(Greeting::parse(true, before, after).unwrap_err().to_string(), told);
        }
    }
}
