//! Signing in, and choosing a Smart Account.

use super::place::counts;
use crate::engine::{self, AccountWithRoles, Overview, SignedIn};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, act, show};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, base};
use crate::web::pages::help;
use crate::web::pages::view::{Field, Severities};
use crate::web::visit::Flash;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The login page.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    /// The frame, without viewer and account.
    pub frame: Frame,
    /// The name as typed.
    pub username: Field,
    /// Why the last try failed.
    pub refused: Option<String>,
    /// Where to go afterwards.
    pub next: String,
    /// Whether an application asked for the login.
    pub for_client: bool,
    /// The Message of the Day of a satellite (B-SHL-03).
    pub notice: Option<String>,
}

/// One Smart Account to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// `Contoso Lab`.
    pub name: String,
    /// `lab.example`.
    pub domain: String,
    /// The viewer's roles in it.
    pub roles: String,
    /// Virtual accounts the viewer may see.
    pub virtual_accounts: i64,
    /// Alerts the viewer may see.
    pub alerts: Severities,
}

/// The Smart Account selector.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/accounts.html")]
pub struct AccountsPage {
    /// The frame, without an account.
    pub frame: Frame,
    /// The Smart Accounts in which the viewer holds a role.
    pub accounts: Vec<AccountRow>,
    /// Whether the viewer has a role in the hub.
    pub hub: bool,
}

/// The form to sign in.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async { LoginPage::of(&ask, "", ask.query.get("next")).await }).await
}

/// Signs in, or says that name and password do not match.
pub async fn sign_in(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match ask.engine().sign_in(fields.get("username"), fields.get("password")).await {
            Ok(signed_in) => Ok(begin(ask, fields.local("next", "/"), &signed_in)),
            Err(error @ (engine::Error::Unauthenticated(_) | engine::Error::SignIn(_))) => {
                refused(ask, fields, &error).await
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

fn begin(ask: &Ask, to: &str, signed_in: &SignedIn) -> HttpResponse {
    let warning = signed_in.password_days.map(|days| Flash {
        good: false,
        text: format!("Your password ends in {days} days; change it in the menu of your name."),
    });
    ask.visit.begin(to, &signed_in.secret, warning)
}

/// Ends the session.
pub async fn sign_out(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        if let engine::Who::Session(secret) = &ask.visit.who {
            ask.engine().sign_out(secret).await?;
        }
        Ok(ask.visit.end("/login"))
    })
    .await
}

/// The Smart Accounts to choose from.
pub async fn accounts(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let mut accounts = Vec::new();
        for found in ask.engine().accounts(&ask.visit.who, None).await? {
            let domain = &found.account.domain;
            let overview = ask.engine().overview(&ask.visit.who, domain).await?;
            accounts.push(AccountRow::of(&found, &overview));
        }
        let hub = !ask.engine().hub_places(&ask.visit.who).await?.is_empty();
        Ok(AccountsPage { frame: ask.viewer_frame().await?, accounts, hub })
    })
    .await
}

/// Leads into the default virtual account, or the first one that the viewer sees.
pub async fn inventory(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let overview = ask.overview().await?;
        let mut seen = overview.virtual_accounts.iter().map(|row| &row.virtual_account);
        let chosen = seen.clone().find(|va| va.is_default).or_else(|| seen.next());
        let base = base(&overview.account.domain);
        Ok(ask.go(&match chosen {
            Some(va) => format!("{base}/inventory/{}/general", va.number),
            None => format!("{base}/alerts"),
        }))
    })
    .await
}

impl LoginPage {
    async fn of(ask: &Ask, username: &str, next: &str) -> Result<Self, Failure> {
        let notice = ask.engine().login_message().await?;
        Ok(Self {
            frame: ask.frame(),
            username: Field::of(username),
            refused: None,
            next: next.to_owned(),
            for_client: next.starts_with("/as/") || next.contains("client_id="),
            notice,
        })
    }
}

async fn refused(
    ask: &Ask,
    fields: &Fields,
    error: &engine::Error,
) -> Result<HttpResponse, Failure> {
    let page = LoginPage::of(ask, fields.get("username"), fields.get("next")).await?;
    let page = LoginPage { refused: Some(error.to_string()), ..page };
    Ok(ask.visit.render_with(StatusCode::UNAUTHORIZED, &page))
}

impl AccountRow {
    fn of(found: &AccountWithRoles, overview: &Overview) -> Self {
        let role = |(role, place): &(crate::domain::people::Role, Option<String>)| match place {
            Some(place) => format!("{}, {place}", role.name()),
            None => role.name().to_owned(),
        };
        let roles: Vec<String> = found.roles.iter().map(role).collect();
        let rows = &overview.virtual_accounts;
        let sum = |a: Severities, b: Severities| Severities {
            major: a.major + b.major,
            minor: a.minor + b.minor,
        };
        Self {
            name: found.account.name.clone(),
            domain: found.account.domain.clone(),
            roles: roles.join("; "),
            virtual_accounts: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            alerts: rows.iter().map(counts).fold(Severities::default(), sum),
        }
    }
}
