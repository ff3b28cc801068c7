//! Registration Status, View/Edit: renew, register again, leave.

use super::frame::{Frame, Tab};
use super::licenses::TokenForm;
use super::outcome::{self, Outcome};
use super::reserved::Reserved;
use super::standing::Standing;
use crate::device::DeviceError;
use crate::device::machine::Event;
use crate::facade::visit::{Answer, LICENSING, Sent, Signed, Visit};
use crate::web::pages::view::{Flash, Tone};
use actix_web::http::StatusCode;
use askama::Template;

const HERE: &str = "/system/licenses/registration";

#[derive(Template, Clone, Debug)]
#[template(path = "device/registration.html")]
struct RegistrationPage {
    frame: Frame,
    standing: Standing,
    reserved: Reserved,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/reregister.html")]
struct ReregisterPage {
    frame: Frame,
    form: TokenForm,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/deregister.html")]
struct DeregisterPage {
    frame: Frame,
    standing: Standing,
}

fn frame(visit: &Visit) -> Frame {
    Frame::of(visit, Tab::System)
}

/// The page.
pub async fn page(Signed(visit): Signed) -> Answer {
    let (standing, reserved) =
        visit.facade.live.look(|state, now| (Standing::of(state, now), Reserved::of(state, now)));
    let page = RegistrationPage { frame: frame(&visit), standing, reserved };
    Ok(visit.render(StatusCode::OK, &page))
}

/// *Renew Registration Now*.
pub async fn renew(Sent { visit, .. }: Sent) -> Answer {
    let outcome = outcome::of(visit.facade.live.ask_in_turn(Event::RenewIdentity).await).await;
    Ok(visit.go(HERE, Some(outcome.flash("The registration is renewed."))))
}

/// Asks for the token of another registration.
pub async fn form(Signed(visit): Signed) -> Answer {
    let form = TokenForm { may_overwrite: true, ..TokenForm::default() };
    Ok(visit.render(StatusCode::OK, &ReregisterPage { frame: frame(&visit), form }))
}

/// Registers again.
pub async fn reregister(Sent { visit, fields }: Sent) -> Answer {
    let show = |form| {
        let page = ReregisterPage { frame: frame(&visit), form };
        Ok(visit.render(StatusCode::BAD_REQUEST, &page))
    };
    let event = match TokenForm::read(&fields, true) {
        Ok(event) => event,
        Err(form) => return show(form),
    };
    match outcome::of(visit.facade.live.ask_in_turn(event).await).await {
        Outcome::Failed(error) => show(TokenForm::refused(&fields, true, &error)),
        outcome => Ok(visit.go(HERE, Some(outcome.flash("The product is registered again.")))),
    }
}

/// Asks whether to leave.
pub async fn question(Signed(visit): Signed) -> Answer {
    let standing = visit.facade.live.look(Standing::of);
    Ok(visit.render(StatusCode::OK, &DeregisterPage { frame: frame(&visit), standing }))
}

/// *Yes*: leaves.
pub async fn deregister(Sent { visit, .. }: Sent) -> Answer {
    let outcome = outcome::of(visit.facade.live.ask_in_turn(Event::Deregister).await).await;
    let flash = match &outcome {
        Outcome::Failed(error) if !matches!(error, DeviceError::NotNow(_)) => unconfirmed(error),
        outcome => outcome.flash("The product is de-registered. Its licenses are free again."),
    };
    Ok(visit.go(LICENSING, Some(flash)))
}

/// The registration is gone here whatever the server says.
// device-protocol.md 2.5 (PROVEN).
fn unconfirmed(error: &DeviceError) -> Flash {
    let text = format!(
        "The product has forgotten its registration, but the server has not confirmed it and may \
         still list the product instance: remove it there. {}",
        outcome::reason(error)
    );
    Flash { tone: Tone::Attention, text }
}
