//! Registration tokens: the dialogs around one.

use super::general::TokenRow;
use super::inventory::{VaHeader, VaTab};
use super::place::Inside;
use crate::domain;
use crate::domain::people::Permission;
use crate::domain::token::{self, Days, NewToken};
use crate::engine;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, act, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::Field;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use askama::Template;

/// The form for a new token.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/new.html")]
pub struct NewTokenPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account, which cannot be changed here.
    pub header: VaHeader,
    /// What the token is like.
    pub token: TokenFields,
    /// Whether the terms are accepted, and what to say if not.
    pub terms: bool,
    /// Beside the terms.
    pub terms_error: Option<String>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// What a token is like, as a form asks for it.
#[derive(Clone, Debug)]
pub struct TokenFields {
    /// Free text.
    pub description: Field,
    /// Whole days.
    pub expire_after: Field,
    /// Registrations; empty means unlimited.
    pub max_uses: Field,
    /// The export check box; `None` hides it (the account is not entitled).
    pub export_controlled: Option<bool>,
}

/// A command line to paste, with what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// `Register the simulated product dev-1`.
    pub purpose: String,
    /// The line itself.
    pub line: String,
}

/// A token in full, right after it was made or later.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/show.html")]
pub struct TokenPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// The token.
    pub token: TokenRow,
    /// Whether it was made just now.
    pub created: bool,
    /// What to do with it next.
    pub commands: Vec<Command>,
}

/// The empty form for a new token.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::General).await?;
        inside.require(Permission::ManageTokens)?;
        inside.row.virtual_account.may_issue_tokens()?;
        Ok(NewTokenPage::empty(inside))
    })
    .await
}

impl NewTokenPage {
    fn empty(inside: Inside) -> Self {
        Self {
            token: TokenFields::empty(inside.overview.account.export_entitled),
            terms: false,
            terms_error: None,
            refused: None,
            frame: inside.frame,
            header: inside.header,
        }
    }
}

impl TokenFields {
    /// The fields as they are offered; an account that is entitled has the export box ticked.
    pub fn empty(entitled: bool) -> Self {
        Self {
            description: Field::default(),
            expire_after: Field::of(Days::DEFAULT.get().to_string()),
            max_uses: Field::default(),
            export_controlled: entitled.then_some(true),
        }
    }

    /// The fields as they were sent, every broken rule beside its field.
    pub fn typed(fields: &Fields, entitled: bool) -> Self {
        let field = |name, broken: Option<domain::Error>| {
            let typed = Field::of(fields.get(name));
            broken.map_or(typed.clone(), |error| typed.refused(&problem(&error)))
        };
        let (description, days) = (fields.get("description"), fields.get("expire_after"));
        let uses = fields.get("max_uses");
        Self {
            description: field("description", token::parse_description(description).err()),
            expire_after: field("expire_after", Days::parse(days).err()),
            max_uses: field("max_uses", token::parse_max_uses(uses).err()),
            export_controlled: entitled.then_some(fields.yes("export_controlled")),
        }
    }
}

/// Creates a token, or shows the form again with what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let inside = ask.inside(VaTab::General).await?;
        let Ok(new) = check(fields) else { return Ok(again(ask, inside, fields, None)) };
        let (who, va) = (&ask.visit.who, inside.va());
        match ask.engine().create_token(who, ask.domain(), va, new).await {
            Ok(token) => Ok(ask.go(&inside.to(&format!("tokens/{}?created=yes", token.id)))),
            Err(error) => Ok(again(ask, inside, fields, Some(&error))),
        }
    })
    .await
}

/// A token in full.
pub async fn one(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (inside, view) = find(&ask).await?;
        let token = TokenRow::of(&view, true, ask.now());
        let commands = commands(&ask.origin, &view);
        let created = ask.query.yes("created");
        Ok(TokenPage { frame: inside.frame, header: inside.header, token, created, commands })
    })
    .await
}

/// A token as a text file.
pub async fn download(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let id = ask.token()?;
        let token = ask.engine().token(&ask.visit.who, ask.domain(), id).await?.token;
        let text = format!(
            "{}\n\n# Registration token of a Syncom lab; not Cisco's, worthless outside the lab.\n\
             # Valid until {}.\n",
            token.text, token.expires_at
        );
        let name = format!("attachment; filename=\"registration-token-{id}.txt\"");
        Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
            .insert_header((CONTENT_DISPOSITION, name))
            .body(text))
    })
    .await
}

/// Asks before a token is revoked.
pub async fn ask_revoke(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (inside, view) = find(&ask).await?;
        let consequence = "No product can register with it any more. Products that registered \
                           with it stay registered.";
        Ok(question(inside, &view, "Revoke", consequence))
    })
    .await
}

/// Asks before the row of a token is removed.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (inside, view) = find(&ask).await?;
        let consequence = "The token disappears from the list; the event log keeps its history.";
        Ok(question(inside, &view, "Remove", consequence))
    })
    .await
}

/// Revokes a token.
pub async fn revoke(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let token = ask.engine().revoke_token(&ask.visit.who, ask.domain(), ask.token()?).await?;
        Ok(ask.done(&list(ask), format!("Token {} is revoked.", named(&token))))
    })
    .await
}

/// Removes the row of a token.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, id) = (&ask.visit.who, ask.token()?);
        let token = ask.engine().token(who, ask.domain(), id).await?.token;
        ask.engine().remove_token(who, ask.domain(), id).await?;
        Ok(ask.done(&list(ask), format!("Token {} is removed.", named(&token))))
    })
    .await
}

async fn find(ask: &Ask) -> Result<(Inside, engine::TokenView), Failure> {
    let view = ask.engine().token(&ask.visit.who, ask.domain(), ask.token()?).await?;
    let inside = ask.inside_of(view.virtual_account.number, VaTab::General).await?;
    Ok((inside, view))
}

fn list(ask: &Ask) -> String {
    format!("{}/inventory/{}/general", ask.base(), ask.va_text())
}

fn named(token: &token::Token) -> String {
    match token.description.as_str() {
        "" => token.short(),
        description => format!("“{description}”"),
    }
}

fn question(inside: Inside, view: &engine::TokenView, verb: &str, rest: &str) -> ConfirmPage {
    let row = TokenRow::of(view, true, view.token.created_at);
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    ConfirmPage {
        title: format!("{verb} registration token"),
        facts: vec![
            fact(labels::token::TOKEN, &row.short),
            fact(labels::token::DESCRIPTION, &row.description),
            fact(labels::token::STATUS, &row.status.text),
            fact(labels::token::USES, &row.uses),
        ],
        consequence: rest.to_owned(),
        refused: false,
        blockers: vec![],
        action: inside.to(&format!("tokens/{}/{}", row.id, verb.to_lowercase())),
        button: format!("{verb} token {}", named(&view.token)),
        destroys: true,
        topic: help::TOKENS,
        cancel: inside.to("general"),
        frame: inside.frame,
    }
}

/// What was sent, as the rules allow it.
pub fn check(fields: &Fields) -> Result<NewToken, domain::Error> {
    let terms = domain::Error::invalid("terms", TERMS);
    if !fields.yes("terms") {
        return Err(terms);
    }
    Ok(NewToken {
        description: token::parse_description(fields.get("description"))?,
        days: Days::parse(fields.get("expire_after"))?,
        max_uses: token::parse_max_uses(fields.get("max_uses"))?,
        export_allowed: fields.yes("export_controlled"),
    })
}

/// What is said beside the box that was not ticked.
pub const TERMS: &str = "A token is created only when the terms are accepted.";

/// The form once more: everything as typed, every broken rule beside its field.
fn again(
    ask: &Ask,
    inside: Inside,
    fields: &Fields,
    error: Option<&engine::Error>,
) -> HttpResponse {
    let terms = fields.yes("terms");
    let page = NewTokenPage {
        token: TokenFields::typed(fields, inside.overview.account.export_entitled),
        terms,
        terms_error: (!terms).then(|| TERMS.to_owned()),
        refused: error.map(message),
        frame: inside.frame,
        header: inside.header,
    };
    let code = error.map_or(StatusCode::BAD_REQUEST, |error| status(error).0);
    ask.visit.render_with(code, &page)
}

/// The rule alone: it stands beside its field already.
pub fn problem(error: &domain::Error) -> String {
    match error {
        domain::Error::Invalid { problem, .. } => problem.clone(),
        other => other.to_string(),
    }
}

/// What to do with a token that works.
pub fn commands(origin: &str, view: &engine::TokenView) -> Vec<Command> {
    if view.status != token::Status::Active {
        return Vec::new();
    }
    let token = &view.token.text;
    let command = |purpose: &str, line: String| Command { purpose: purpose.to_owned(), line };
    vec![
        command(
            "Fetch the lab's CA certificate.",
            format!("curl -so ca.pem {origin}/_syncom/ca.pem"),
        ),
        command(
            "Make a simulated product that trusts it.",
            format!("syncom device new --url {origin} --ca ca.pem"),
        ),
        command("Register it with this token.", format!("syncom device register '{token}'")),
    ]
}
