//! System, Smart Licenses, View More: everything about licenses in one place.

use super::frame::{Frame, Tab};
use super::outcome::{self, Outcome, exists_already, reason};
use super::standing::Standing;
use crate::device::machine::Event;
use crate::facade::visit::{Answer, Fields, LICENSING, Sent, Signed, Visit};
use crate::web::pages::view::Field;
use actix_web::http::StatusCode;
use askama::Template;

/// The form with a registration token.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// The token.
    pub token: Field,
    /// Whether the box *Overwrite product instance* is shown.
    pub may_overwrite: bool,
    /// Whether it is checked.
    pub overwrite: bool,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl TokenForm {
    /// What was typed, with the rule that it breaks.
    ///
    /// # Errors
    /// The form to be shown again.
    pub fn read(fields: &Fields, may_overwrite: bool) -> Result<Event, Self> {
        let token = fields.get("token").trim();
        let force = fields.get("overwrite") == "on";
        let form = Self { token: Field::of(token), may_overwrite, overwrite: force, refused: None };
        let broken = match token {
            "" => Some("paste the registration token of a virtual account"),
            token if token.contains(char::is_whitespace) => {
                Some("a token is one piece: it has no blanks and no line breaks inside")
            }
            token if token.len() > 1024 => Some("a token has at most 1024 characters"),
            _ => None,
        };
        match broken {
            Some(rule) => Err(Self { token: form.token.clone().refused(rule), ..form }),
            None => Ok(Event::Register { token: token.to_owned(), force }),
        }
    }

    /// The same form after a refusal. One that is about an existing product instance checks the
    /// box by itself.
    // Seed 003, Reregister, step 7 (DOC).
    pub fn refused(
        fields: &Fields,
        may_overwrite: bool,
        error: &crate::device::DeviceError,
    ) -> Self {
        let exists = exists_already(error);
        let next = if exists {
            " \"Overwrite product instance\" is checked now: send again to replace it."
        } else {
            ""
        };
        Self {
            token: Field::of(fields.get("token").trim()),
            may_overwrite: may_overwrite || exists,
            overwrite: exists || fields.get("overwrite") == "on",
            refused: Some(format!("{}{next}", reason(error))),
        }
    }
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/licenses.html")]
struct LicensesPage {
    frame: Frame,
    standing: Standing,
    form: TokenForm,
}

impl LicensesPage {
    fn of(visit: &Visit, form: TokenForm) -> Self {
        let standing = visit.facade.live.look(Standing::of);
        Self { frame: Frame::of(visit, Tab::System), standing, form }
    }
}

/// The page.
pub async fn page(Signed(visit): Signed) -> Answer {
    let page = LicensesPage::of(&visit, TokenForm::default());
    Ok(visit.render(StatusCode::OK, &page))
}

/// Registers with a token.
pub async fn register(Sent { visit, fields }: Sent) -> Answer {
    let show = |form| {
        let page = LicensesPage::of(&visit, form);
        Ok(visit.render(StatusCode::BAD_REQUEST, &page))
    };
    let event = match TokenForm::read(&fields, false) {
        Ok(event) => event,
        Err(form) => return show(form),
    };
    match outcome::of(visit.facade.live.ask_in_turn(event).await).await {
        Outcome::Failed(error) => show(TokenForm::refused(&fields, false, &error)),
        outcome => Ok(visit.go(LICENSING, Some(outcome.flash("The product is registered.")))),
    }
}
