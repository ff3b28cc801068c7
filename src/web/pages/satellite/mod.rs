//! Pages of the satellite (SSM On-Prem).

use super::ask::Ask;
use super::frame::Frame;
use super::help;
use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get};
use askama::Template;

/// The routes of the portal.
pub fn configure(routes: &mut ServiceConfig) {
    routes.route("/", get().to(not_registered)).route("/login", get().to(not_registered));
}

/// Says that nobody can sign in yet, and why.
pub async fn not_registered(ask: Ask) -> HttpResponse {
    ask.visit.render(&NotRegisteredPage { frame: ask.frame() })
}

/// The satellite before any of its local accounts is registered.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/not_registered.html")]
pub struct NotRegisteredPage {
    /// The frame.
    pub frame: Frame,
}
