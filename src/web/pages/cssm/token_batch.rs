//! Registration tokens for several virtual accounts at once (A-TOK-16): terms,
//! details, review, tokens. The first three are addresses, so that one can go
//! back; only the last step changes something.

use super::inventory::in_tree_order;
use super::place::{forbidden, frame};
use super::tokens::{Command, TERMS, TokenFields, check, commands, problem};
use crate::domain;
use crate::domain::id::TokenId;
use crate::domain::people::Permission;
use crate::domain::token::{self, NewToken, Token};
use crate::engine::{self, Overview, TokenView, VaRef, VirtualAccountRow};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, act, show};
use crate::web::pages::filters::{self, grouped};
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Field, When};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// First step: what is agreed to.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/terms.html")]
pub struct TermsPage {
    /// The frame.
    pub frame: Frame,
    /// Whether export-controlled functionality is spoken of.
    pub entitled: bool,
    /// Beside the box that was not ticked.
    pub terms_error: Option<String>,
}

/// A virtual account that may get a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// How deep it is nested.
    pub depth: usize,
    /// Whether it is chosen.
    pub ticked: bool,
    /// Why it gets none; `None` when it can.
    pub refused: Option<String>,
}

/// Second step: which virtual accounts, and what their tokens are like.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/details.html")]
pub struct DetailsPage {
    /// The frame.
    pub frame: Frame,
    /// Where the viewer manages tokens.
    pub targets: Vec<Target>,
    /// Beside them.
    pub targets_error: Option<String>,
    /// What each token is like.
    pub token: TokenFields,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// Third step: what is about to be made.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/review.html")]
pub struct ReviewPage {
    /// The frame.
    pub frame: Frame,
    /// The names of the virtual accounts.
    pub targets: Vec<String>,
    /// What all tokens have in common: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// When they end.
    pub expires: When,
    /// What the form carries on.
    pub hidden: Vec<(String, String)>,
    /// Back to the details.
    pub change: String,
}

/// One token of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeToken {
    /// Its virtual account.
    pub virtual_account: String,
    /// All of it.
    pub text: String,
    /// Where it is downloaded.
    pub download: String,
}

/// Last step: the tokens.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/made.html")]
pub struct MadePage {
    /// The frame.
    pub frame: Frame,
    /// One for each virtual account.
    pub tokens: Vec<MadeToken>,
    /// What to do with one of them.
    pub commands: Vec<Command>,
}

/// First step.
pub async fn terms(ask: Ask) -> HttpResponse {
    show(&ask, async { Ok(Scene::of(&ask).await?.terms(None)) }).await
}

/// Second step.
pub async fn details(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let scene = Scene::of(&ask).await?;
        Ok(scene.not_agreed(&ask.query).unwrap_or_else(|| {
            let page = scene.filled(&ask.query);
            ask.visit.render(&page)
        }))
    })
    .await
}

/// Third step.
pub async fn review(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let scene = Scene::of(&ask).await?;
        if let Some(answer) = scene.not_agreed(&ask.query) {
            return Ok(answer);
        }
        Ok(match scene.wanted(&ask.query) {
            Ok(wanted) => ask.visit.render(&scene.plan(&ask.query, &wanted)),
            Err(refusal) => scene.again(&ask.query, refusal),
        })
    })
    .await
}

/// Makes the tokens, or shows the details again with what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let scene = Scene::of(ask).await?;
        if let Some(answer) = scene.not_agreed(fields) {
            return Ok(answer);
        }
        Ok(match scene.make(fields).await {
            Ok(tokens) => ask.go(&address(&scene.frame, &tokens)),
            Err(refusal) => scene.again(fields, refusal),
        })
    })
    .await
}

/// The tokens that were made.
pub async fn made(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let unknown = |text| domain::Error::not_found("registration token", text);
        let ids = ask.query.all("id").map(|text| text.parse().map_err(|_| unknown(text)));
        let ids = ids.collect::<Result<Vec<TokenId>, _>>()?;
        let found = ask.engine().tokens(&ask.visit.who, ask.domain(), ids).await?;
        let first = found.first().ok_or_else(|| unknown(""))?;
        let (frame, commands) = (ask.place().await?, commands(&ask.origin, first));
        let tokens = found.iter().map(|view| MadeToken::of(view, &frame)).collect();
        Ok(MadePage { frame, tokens, commands })
    })
    .await
}

fn address(frame: &Frame, tokens: &[Token]) -> String {
    let ids: Vec<_> = tokens.iter().map(|token| ("id", token.id.to_string())).collect();
    let ids = serde_urlencoded::to_string(ids).unwrap_or_default();
    format!("{}/tokens/made?{ids}", frame.base())
}

impl MadeToken {
    fn of(view: &TokenView, frame: &Frame) -> Self {
        let (va, id) = (&view.virtual_account, view.token.id);
        Self {
            virtual_account: va.name.as_str().to_owned(),
            text: view.token.text.clone(),
            download: format!("{}/inventory/{}/tokens/{id}/download", frame.base(), va.number),
        }
    }
}

/// Why there are no tokens: a rule that stands beside its field, or something else.
enum Refusal {
    Field,
    Whole(engine::Error),
}

/// What is asked for, checked.
struct Wanted<'a> {
    chosen: Vec<&'a VirtualAccountRow>,
    new: NewToken,
}

/// The Smart Account in view.
struct Scene<'a> {
    ask: &'a Ask,
    overview: Overview,
    frame: Frame,
}

impl<'a> Scene<'a> {
    async fn of(ask: &'a Ask) -> Result<Self, Failure> {
        let overview = ask.overview().await?;
        if !overview.virtual_accounts.iter().any(manages) {
            let place = &overview.account.name;
            return Err(forbidden(&overview, Permission::ManageTokens, place).into());
        }
        Ok(Self { ask, frame: frame(ask, &overview, Tab::Inventory), overview })
    }

    fn entitled(&self) -> bool {
        self.overview.account.export_entitled
    }

    fn terms(&self, terms_error: Option<String>) -> TermsPage {
        TermsPage { frame: self.frame.clone(), entitled: self.entitled(), terms_error }
    }

    /// The first step once more for those who skipped it.
    fn not_agreed(&self, fields: &Fields) -> Option<HttpResponse> {
        let page = || self.terms(Some(TERMS.to_owned()));
        let answer = || self.ask.visit.render_with(StatusCode::BAD_REQUEST, &page());
        (!fields.yes("terms")).then(answer)
    }

    /// The form: as it is offered at first, as it was sent later.
    fn filled(&self, fields: &Fields) -> DetailsPage {
        let sent = fields.all("expire_after").next().is_some();
        let token = if sent {
            TokenFields::typed(fields, self.entitled())
        } else {
            TokenFields::empty(self.entitled())
        };
        let rows = in_tree_order(&self.overview.virtual_accounts).into_iter();
        let target = |(depth, row): (usize, &VirtualAccountRow)| {
            let va = &row.virtual_account;
            let number = va.number.to_string();
            Target {
                id: va.number,
                name: va.name.as_str().to_owned(),
                depth,
                ticked: fields.all("va").any(|chosen| chosen == number),
                refused: va.may_issue_tokens().err().map(|error| error.to_string()),
            }
        };
        DetailsPage {
            frame: self.frame.clone(),
            targets: rows.filter(|(_, row)| manages(row)).map(target).collect(),
            targets_error: None,
            token,
            refused: None,
        }
    }

    /// The form once more, with what is wrong.
    fn again(&self, fields: &Fields, refusal: Refusal) -> HttpResponse {
        let none = token::some_chosen(fields.all("va").count()).err();
        let targets_error = none.and_then(|error| Field::default().refused(&problem(&error)).error);
        let (code, refused) = match refusal {
            Refusal::Field => (StatusCode::BAD_REQUEST, None),
            Refusal::Whole(error) => (status(&error).0, Some(message(&error))),
        };
        let page = DetailsPage { targets_error, refused, ..self.filled(fields) };
        self.ask.visit.render_with(code, &page)
    }

    /// The virtual accounts that are ticked; what is out of sight does not exist.
    fn chosen(&self, fields: &Fields) -> domain::Result<Vec<&VirtualAccountRow>> {
        let rows = &self.overview.virtual_accounts;
        let mut chosen: Vec<&VirtualAccountRow> = Vec::new();
        let find = |text: &str| {
            let row = rows.iter().find(|row| row.virtual_account.number.to_string() == text);
            let row = row.ok_or_else(|| domain::Error::not_found("virtual account", text))?;
            if !manages(row) {
                let place = row.virtual_account.name.as_str();
                return Err(forbidden(&self.overview, Permission::ManageTokens, place));
            }
            row.virtual_account.may_issue_tokens()?;
            Ok(row)
        };
        for text in fields.all("va") {
            let row: &VirtualAccountRow = find(text)?;
            if chosen.iter().all(|other| other.virtual_account.id != row.virtual_account.id) {
                chosen.push(row);
            }
        }
        Ok(chosen)
    }

    fn wanted(&self, fields: &Fields) -> Result<Wanted<'_>, Refusal> {
        let chosen = self.chosen(fields).map_err(|error| Refusal::Whole(error.into()))?;
        token::some_chosen(chosen.len()).map_err(|_| Refusal::Field)?;
        let new = check(fields).map_err(|_| Refusal::Field)?;
        Ok(Wanted { chosen, new })
    }

    async fn make(&self, fields: &Fields) -> Result<Vec<Token>, Refusal> {
        let Wanted { chosen, new } = self.wanted(fields)?;
        let vas = chosen.iter().map(|row| VaRef::Number(row.virtual_account.number)).collect();
        let (who, domain) = (&self.ask.visit.who, self.ask.domain());
        self.ask.engine().create_tokens(who, domain, vas, new).await.map_err(Refusal::Whole)
    }

    fn plan(&self, fields: &Fields, wanted: &Wanted) -> ReviewPage {
        let new = &wanted.new;
        let uses = new.max_uses.map_or_else(|| "Unlimited".to_owned(), grouped);
        let mut facts = vec![
            (labels::token::EXPIRE_AFTER, format!("{} days", new.days.get())),
            (labels::token::MAX_USES, uses),
        ];
        if self.entitled() {
            let export = super::general::export(new.export_allowed);
            facts.push((labels::token::EXPORT, export.to_owned()));
        }
        if !new.description.is_empty() {
            facts.push((labels::token::DESCRIPTION, new.description.clone()));
        }
        let hidden = kept(fields);
        let query = serde_urlencoded::to_string(&hidden).unwrap_or_default();
        let now = self.ask.now();
        ReviewPage {
            frame: self.frame.clone(),
            targets: wanted.chosen.iter().map(|row| name(row)).collect(),
            facts,
            expires: When::at(now.plus_days(new.days.get()), now),
            change: format!("{}/tokens/new/details?{query}", self.frame.base()),
            hidden,
        }
    }
}

fn name(row: &VirtualAccountRow) -> String {
    row.virtual_account.name.as_str().to_owned()
}

fn manages(row: &VirtualAccountRow) -> bool {
    row.permissions.contains(&Permission::ManageTokens)
}

/// The fields that the steps hand on, without the guard and the buttons.
fn kept(fields: &Fields) -> Vec<(String, String)> {
    const NAMES: [&str; 6] =
        ["terms", "va", "expire_after", "max_uses", "export_controlled", "description"];
    fields.0.iter().filter(|(name, _)| NAMES.contains(&name.as_str())).cloned().collect()
}
