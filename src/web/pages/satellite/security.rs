//! The security rules: the tabs Account and Password (B-ADM-17, B-ADM-18).

use super::admin::frame;
use super::form::{Input, Kind, SettingsPage, number, refuse};
use crate::domain;
use crate::domain::security::{AccountRules, PasswordRules, SecurityRules};
use crate::engine;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::NavItem;
use crate::web::pages::help;
use crate::web::pages::view::Severities;
use actix_web::HttpResponse;

const ACCOUNT: &str = "/admin/security";
const PASSWORD: &str = "/admin/security/password";

/// The tab Account.
pub async fn account(ask: Ask) -> HttpResponse {
    show(&ask, async { page(&ask, ACCOUNT, account_inputs(&rules(&ask).await?.account)).await })
        .await
}

/// Sets the rules of signing in.
pub async fn set_account(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made =
            async { ask.engine().set_account_rules(&ask.visit.who, account_rules(fields)?).await };
        finish(ask, fields, ACCOUNT, made.await).await
    })
    .await
}

/// The tab Password.
pub async fn password(ask: Ask) -> HttpResponse {
    show(&ask, async { page(&ask, PASSWORD, password_inputs(&rules(&ask).await?.password)).await })
        .await
}

/// Sets the rules of passwords.
pub async fn set_password(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = async {
            ask.engine().set_password_rules(&ask.visit.who, password_rules(fields)?).await
        };
        finish(ask, fields, PASSWORD, made.await).await
    })
    .await
}

async fn finish(
    ask: &Ask,
    fields: &Fields,
    tab: &'static str,
    made: engine::Result<()>,
) -> Result<HttpResponse, Failure> {
    let Err(error) = made else {
        return Ok(ask.done(tab, "The rules are in effect.".into()));
    };
    let known = rules(ask).await?;
    let mut inputs = if tab == ACCOUNT {
        account_inputs(&known.account)
    } else {
        password_inputs(&known.password)
    };
    for input in &mut inputs {
        input.field.value = fields.get(input.key).to_owned();
    }
    let refused = refuse(&mut inputs, &error);
    let page = SettingsPage { refused, ..page(ask, tab, inputs).await? };
    Ok(ask.visit.render_with(status(&error).0, &page))
}

async fn rules(ask: &Ask) -> Result<SecurityRules, Failure> {
    Ok(ask.engine().security_rules(&ask.visit.who).await?)
}

async fn page(ask: &Ask, tab: &'static str, inputs: Vec<Input>) -> Result<SettingsPage, Failure> {
    Ok(SettingsPage {
        frame: frame(ask, ACCOUNT).await?,
        tabs: tabs(tab),
        title: "Security",
        lead: "Rules for everybody who signs in on this satellite; in effect at once.",
        action: tab,
        inputs,
        refused: None,
        topic: help::SECURITY,
    })
}

fn tabs(here: &str) -> Vec<NavItem> {
    let item = |(label, href): (&'static str, &str)| NavItem {
        label,
        href: href.to_owned(),
        current: href == here,
        alerts: Severities::default(),
    };
    [("Account", ACCOUNT), ("Password", PASSWORD)].map(item).into()
}

fn figure(key: &'static str, label: &'static str, unit: &'static str, value: i64) -> Input {
    Input::new(key, label, Kind::Number(unit), &value.to_string())
}

fn account_inputs(rules: &AccountRules) -> Vec<Input> {
    vec![
        figure("lock_after", "Lock a user after", "failures", rules.lock_after)
            .hint("Wrong passwords in a row; 0 never locks."),
        figure("lock_minutes", "Keep the user locked for", "minutes", rules.lock_minutes),
        figure("idle_minutes", "Log out when idle for", "minutes", rules.idle_minutes),
        figure("max_sessions", "Sessions of one user", "at most", rules.max_sessions)
            .hint("One more ends the oldest."),
    ]
}

fn account_rules(fields: &Fields) -> domain::Result<AccountRules> {
    Ok(AccountRules {
        lock_after: number(fields, "lock_after")?,
        lock_minutes: number(fields, "lock_minutes")?,
        idle_minutes: number(fields, "idle_minutes")?,
        max_sessions: number(fields, "max_sessions")?,
    })
}

fn password_inputs(rules: &PasswordRules) -> Vec<Input> {
    let tick =
        |key, label, on: bool| Input::new(key, label, Kind::Tick, if on { "yes" } else { "" });
    vec![
        figure("min_length", "Length at least", "characters", rules.min_length),
        tick("upper", "An upper-case letter is needed", rules.upper),
        tick("lower", "A lower-case letter is needed", rules.lower),
        tick("digit", "A digit is needed", rules.digit),
        tick("special", "A special character is needed", rules.special),
        figure("remembered", "Not one of the last", "passwords", rules.remembered)
            .hint("The present one counts; 0 allows all."),
        figure("expiry_days", "A password lasts", "days", rules.expiry_days).hint("0 is for ever."),
        figure("warn_days", "Warn before its end", "days", rules.warn_days),
        tick(
            "change_at_first_login",
            "Who got a password from a System Admin changes it at the first login",
            rules.change_at_first_login,
        ),
    ]
}

fn password_rules(fields: &Fields) -> domain::Result<PasswordRules> {
    Ok(PasswordRules {
        min_length: number(fields, "min_length")?,
        upper: fields.yes("upper"),
        lower: fields.yes("lower"),
        digit: fields.yes("digit"),
        special: fields.yes("special"),
        remembered: number(fields, "remembered")?,
        expiry_days: number(fields, "expiry_days")?,
        warn_days: number(fields, "warn_days")?,
        change_at_first_login: fields.yes("change_at_first_login"),
    })
}
