//! The question before an action that cannot be taken back.

use super::frame::Frame;
use super::help::Topic;
use askama::Template;

/// What a confirmation page is about to do.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/confirm.html")]
pub struct ConfirmPage {
    /// The frame.
    pub frame: Frame,
    /// `Revoke registration token`.
    pub title: String,
    /// What it is about: name and value, one per row.
    pub facts: Vec<(String, String)>,
    /// What happens, and what does not.
    pub consequence: String,
    /// Whether it cannot be done; then there is no button.
    pub refused: bool,
    /// What stands in the way, with counts.
    pub blockers: Vec<Blocker>,
    /// Where the form goes.
    pub action: String,
    /// The button names what it does to what.
    pub button: String,
    /// Whether something is lost.
    pub destroys: bool,
    /// What explains it.
    pub topic: Topic,
    /// Back to where one came from.
    pub cancel: String,
}

/// One thing that keeps an action from being possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// `140 licenses`.
    pub what: String,
    /// Where one can see and change that.
    pub href: Option<String>,
}
