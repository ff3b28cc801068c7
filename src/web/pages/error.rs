//! What a person sees when a page cannot be shown.

use super::frame::Frame;
use askama::Template;

/// A page that says what went wrong and where to go from there.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The frame, without an account when none is known.
    pub frame: Frame,
    /// The HTTP status.
    pub status: u16,
    /// The name of the problem: `Page not found`.
    pub title: String,
    /// What happened and which rule says so.
    pub message: String,
    /// What to try next, with its address and its label.
    pub way_out: Option<(String, String)>,
}
