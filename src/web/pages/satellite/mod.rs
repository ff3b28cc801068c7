//! Pages of the satellite (SSM On-Prem).

use super::frame::Frame;
use super::help;
use askama::Template;

/// The satellite before any of its local accounts is registered.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/not_registered.html")]
pub struct NotRegisteredPage {
    /// The frame.
    pub frame: Frame,
    /// The portal of the site that would register it.
    pub upstream: Option<String>,
}
