//! The first login of a new satellite (B-SHL-02): language, password, host name, review.

use super::error::{Error, Result};
use super::id::UserId;
use serde::{Deserialize, Serialize};

/// The languages that there are (ours: others are not written yet).
pub const LANGUAGES: [&str; 1] = ["English"];

/// How far a first login has come. It is kept between its steps, so that nothing that was typed is
/// carried along by a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstLogin {
    /// Whose it is.
    pub user: UserId,
    /// The language that was chosen.
    pub language: Option<String>,
    /// Whether the start password was replaced.
    pub password: bool,
    /// The name by which the satellite is reached.
    pub host: Option<String>,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The language of the pages.
    Language,
    /// Another password than the start password.
    Password,
    /// The host common name.
    Host,
    /// All of it, before it is in effect.
    Review,
}

impl FirstLogin {
    /// One that begins.
    pub fn of(user: UserId) -> Self {
        Self { user, language: None, password: false, host: None }
    }

    /// The first step that is not done.
    pub fn next(&self) -> Step {
        match (&self.language, self.password, &self.host) {
            (None, ..) => Step::Language,
            (Some(_), false, _) => Step::Password,
            (Some(_), true, None) => Step::Host,
            (Some(_), true, Some(_)) => Step::Review,
        }
    }
}

/// Checks a language.
///
/// # Errors
/// Says which there are.
pub fn language(text: &str) -> Result<String> {
    let known = LANGUAGES.into_iter().find(|known| *known == text);
    known.map(str::to_owned).ok_or_else(|| {
        let all = LANGUAGES.join(", ");
        Error::invalid("language", format!("'{text}' is not there; there is: {all}"))
    })
}

/// Checks a host common name: a DNS name or an IPv4 address of at most 64 characters, which is what
/// a common name holds; in lower case.
///
/// # Errors
/// Says what is wrong with it.
pub fn host_name(text: &str) -> Result<String> {
    let name = text.trim().to_lowercase();
    let refuse = |problem: String| Err(Error::invalid("host", problem));
    if name.is_empty() {
        return refuse("it is needed".to_owned());
    }
    if name.chars().count() > 64 {
        return refuse(format!("{} characters; at most 64", name.chars().count()));
    }
    let fits = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let edges = !label.starts_with('-') && !label.ends_with('-');
        (1..=63).contains(&label.len()) && label.chars().all(inner) && edges
    };
    if name.split('.').all(fits) {
        return Ok(name);
    }
    refuse(format!("'{name}' is neither a host name such as ssm.lab.example nor an IPv4 address"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// B-SHL-02: the steps follow each other, and each can be done again.
    #[test]
    fn the_first_step_that_is_open_comes_next() {
        let mut first = FirstLogin::of(UserId(Uuid::from_u128(1)));
        assert_eq!(first.next(), Step::Language);
        first.host = Some("ssm.lab.example".into());
        first.language = Some("English".into());
        assert_eq!(first.next(), Step::Password);
        first.password = true;
        assert_eq!(first.next(), Step::Review);
        first.host = None;
        assert_eq!(first.next(), Step::Host);
    }

    /// B-SHL-02: what a certificate can name.
    #[test]
    fn a_host_common_name_is_one() {
        assert_eq!(host_name(" SSM.Lab.example ").unwrap(), "ssm.lab.example");
        assert_eq!(host_name("192.0.2.7").unwrap(), "192.0.2.7");
        let long = format!("{}.example", "x".repeat(57));
        for bad in ["", " ", "a b", "-a.b", "a..b", "a_b", "http://a", "a:8443", "::1", &long] {
            assert!(host_name(bad).is_err(), "{bad}");
        }
        assert_eq!(language("English").unwrap(), "English");
        assert!(language("Klingon").is_err());
    }
}
