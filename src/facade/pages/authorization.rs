//! Authorization Status, View/Edit: what is covered, and renew.

use super::frame::{Frame, Tab};
use super::outcome;
use super::standing::Standing;
use crate::device::machine::Event;
use crate::facade::visit::{Answer, Sent, Signed};
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Template, Clone, Debug)]
#[template(path = "device/authorization.html")]
struct AuthorizationPage {
    frame: Frame,
    standing: Standing,
}

/// The page.
pub async fn page(Signed(visit): Signed) -> Answer {
    let standing = visit.facade.live.look(Standing::of);
    let frame = Frame::of(&visit, Tab::System);
    Ok(visit.render(StatusCode::OK, &AuthorizationPage { frame, standing }))
}

/// *Renew Authorization Now*.
pub async fn renew(Sent { visit, .. }: Sent) -> Answer {
    let outcome = outcome::of(visit.facade.live.ask_in_turn(Event::RenewAuthorization).await).await;
    let flash = outcome.flash("The authorization is renewed.");
    Ok(visit.go("/system/licenses/authorization", Some(flash)))
}
