//! Local accounts that are asked for (B-ACC-02, B-ACC-04).

use super::{AccountRow, HERE, REQUESTS, rows, tabs};
use crate::domain::on_prem::Mode;
use crate::domain::{self, Error};
use crate::engine::{self, AccountWish};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::labels::local_account as label;
use crate::web::pages::paging::cut;
use crate::web::pages::satellite::access::{self, AccessRow};
use crate::web::pages::satellite::admin::frame;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use crate::web::pages::view::{Choice, Pager};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

use super::Deed;

/// The list of requests.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/accounts/requests.html")]
pub struct RequestsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// What waits for a decision, by name.
    pub rows: Vec<AccountRow>,
    /// Requests for access to accounts that are there.
    pub access: Vec<AccessRow>,
    /// Where one is.
    pub pager: Pager,
}

/// What waits for a decision.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let waiting = rows(&ask).await?.into_iter().filter(AccountRow::waits).collect();
        let (rows, pager) = cut(&ask, waiting, AccountRow::key, "request")?;
        let access = access::rows(&ask).await?.into_iter().filter(|row| row.may_decide).collect();
        let frame = frame(&ask, HERE).await?;
        Ok(RequestsPage { frame, tabs: tabs(REQUESTS), rows, access, pager })
    })
    .await
}

/// The form of a new account.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, new_page(&ask, &Fields::default())).await
}

/// Asks for it, or says what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match request(ask, fields).await {
            Ok(name) => Ok(ask.done(REQUESTS, format!("{name} waits to be registered."))),
            Err(error) => refused(ask, &error, new_page(ask, fields)).await,
        }
    })
    .await
}

async fn new_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let frame = frame(ask, HERE).await?;
    Ok(wish_page(frame, fields, ("New Account", "Create Request", "/admin/accounts/new", HERE)))
}

/// Asks for what the fields say; the name of the local account.
pub async fn request(ask: &Ask, fields: &Fields) -> engine::Result<String> {
    let wish = wish(fields)?;
    Ok(ask.engine().request_local_account(&ask.visit.who, wish).await?.name)
}

fn wish(fields: &Fields) -> domain::Result<AccountWish> {
    let part = |key| fields.get(key).to_owned();
    let mode = fields.some("mode").unwrap_or_else(|| Mode::default().code());
    let mode = Mode::parse(mode)
        .ok_or_else(|| Error::invalid("mode", format!("'{mode}' is no mode of local accounts")))?;
    Ok(AccountWish {
        name: part("name"),
        smart_account: part("smart_account"),
        virtual_accounts: part("virtual_account"),
        email: part("email"),
        message: part("message"),
        mode,
    })
}

/// The form of a local account.
pub fn wish_page(frame: Frame, fields: &Fields, (title, button, action, cancel): Said) -> FormPage {
    FormPage {
        frame,
        title: title.into(),
        lead: "A System Administrator registers it with CSSM, or rejects it.".into(),
        action: action.into(),
        inputs: inputs(fields),
        refused: None,
        button: button.into(),
        cancel: cancel.into(),
        topic: help::ACCOUNT_REQUESTS,
    }
}

/// Title and button of a form, where it goes, and where one goes back to.
type Said = (&'static str, &'static str, &'static str, &'static str);

fn inputs(fields: &Fields) -> Vec<Input> {
    let input = |key, label, kind| Input::new(key, label, kind, fields.get(key));
    let chosen = fields.some("mode").unwrap_or_else(|| Mode::default().code());
    let mode = |mode: Mode| Choice::new(mode.code(), label::mode(mode), mode.code() == chosen);
    vec![
        input("name", label::NAME, Kind::Line("text"))
            .hint("1 to 100 characters; addresses hold it, and it cannot be changed."),
        input("smart_account", label::SMART_ACCOUNT, Kind::Line("text"))
            .hint("Its name in CSSM, exactly as it is written there."),
        input("mode", label::MODE, Kind::Choice(Mode::ALL.map(mode).into())),
        input("virtual_account", label::VIRTUAL_ACCOUNT, Kind::Lines).hint(
            "Its name in CSSM; it is made if there is none of that name. Several, one on each \
             line, in the classic mode alone.",
        ),
        input("email", label::EMAIL, Kind::Line("email")),
        input("message", label::MESSAGE, Kind::Lines)
            .hint("Optional; for whoever decides, at most 1,000 characters."),
    ]
}
