//! The forms of a user: create, edit, set a password (B-ADM-02).

use super::admin::frame;
use super::form::{FormPage, Input, Kind, refused};
use super::password::rules;
use super::users::id;
use crate::domain::system::{SystemRole, SystemUser, UserFacts};
use crate::engine::{self, NewUser};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::help;
use crate::web::pages::view::Choice;
use actix_web::HttpResponse;

/// The form of a new user.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, new_page(&ask, &Fields::default())).await
}

/// Creates a user, or says what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = async {
            let (name, facts) = (fields.get("username").to_owned(), facts(fields)?);
            let (password, again) = (fields.get("password"), fields.get("confirm"));
            let new = NewUser { name, facts, password: password.into(), again: again.into() };
            ask.engine().create_user(&ask.visit.who, new).await
        };
        finish(ask, made.await, "was created", new_page(ask, fields)).await
    })
    .await
}

/// The form of a user that is there.
pub async fn edit(ask: Ask) -> HttpResponse {
    show(&ask, edit_page(&ask, None)).await
}

/// Changes a user, or says what is wrong.
pub async fn change(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let id = id(ask)?;
        let made = async {
            let facts = facts(fields)?;
            ask.engine().change_user(&ask.visit.who, id, facts).await
        };
        finish(ask, made.await, "was changed", edit_page(ask, Some(fields))).await
    })
    .await
}

/// The form of a new password for somebody else.
pub async fn password(ask: Ask) -> HttpResponse {
    show(&ask, password_page(&ask)).await
}

/// Sets it, or lists what it lacks.
pub async fn set_password(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let new = (fields.get("password"), fields.get("confirm"));
        match ask.engine().reset_password(&ask.visit.who, id(ask)?, new).await {
            Ok(name) => Ok(ask.done("/admin/users", format!("{name} has a new password."))),
            Err(error) => refused(ask, &error, password_page(ask)).await,
        }
    })
    .await
}

async fn finish(
    ask: &Ask,
    made: engine::Result<SystemUser>,
    what: &str,
    page: impl Future<Output = Result<FormPage, Failure>>,
) -> Result<HttpResponse, Failure> {
    match made {
        Ok(user) => Ok(ask.done("/admin/users", format!("{} {what}.", user.name))),
        Err(error) => refused(ask, &error, page).await,
    }
}

fn facts(fields: &Fields) -> engine::Result<UserFacts> {
    let part = |key| fields.get(key);
    Ok(UserFacts::parse(part("email"), part("first_name"), part("last_name"), part("role"))?)
}

fn fact_inputs(get: impl Fn(&str) -> String) -> Vec<Input> {
    let line = |key: &'static str, label, kind| Input::new(key, label, Kind::Line(kind), &get(key));
    let chosen = get("role");
    let role = |role: SystemRole| Choice::new(role.name(), role.name(), role.name() == chosen);
    vec![
        line("first_name", "First name", "text"),
        line("last_name", "Last name", "text"),
        line("email", "E-mail", "email"),
        Input::new("role", "System role", Kind::Choice(SystemRole::ALL.map(role).into()), ""),
    ]
}

async fn new_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let asked = rules(&ask.engine().password_rules().await?);
    let given = fields.with("role", fields.some("role").unwrap_or(SystemRole::User.name()));
    let name = Input::new("username", "User name", Kind::Line("text"), given.get("username"));
    let mut inputs = vec![name.hint("1 to 64 letters, digits and . _ - @; it cannot be changed.")];
    inputs.extend(fact_inputs(|key| given.get(key).to_owned()));
    inputs.push(Input::secret("password", "Password").hint(asked));
    inputs.push(Input::secret("confirm", "Password again"));
    Ok(FormPage {
        frame: frame(ask, "/admin/users").await?,
        title: "New User".into(),
        lead: "All fields are needed.".into(),
        action: "/admin/users/new".into(),
        inputs,
        refused: None,
        button: "Create User".into(),
        cancel: "/admin/users".into(),
        topic: help::SYSTEM_USERS,
    })
}

async fn edit_page(ask: &Ask, typed: Option<&Fields>) -> Result<FormPage, Failure> {
    let user = ask.engine().system_user(&ask.visit.who, id(ask)?).await?;
    let stored = |key: &str| match key {
        "first_name" => user.facts.first_name.clone(),
        "last_name" => user.facts.last_name.clone(),
        "email" => user.facts.email.clone(),
        _ => user.facts.role.name().to_owned(),
    };
    let mut inputs = vec![Input::new("username", "User name", Kind::Shown, &user.name)];
    inputs.extend(fact_inputs(|key| match typed {
        Some(fields) => fields.get(key).to_owned(),
        None => stored(key),
    }));
    Ok(FormPage {
        frame: frame(ask, "/admin/users").await?,
        title: format!("Edit {}", user.name),
        lead: "Changes are in effect at once, also in sessions that are open.".into(),
        action: format!("/admin/users/{}/edit", user.id),
        inputs,
        refused: None,
        button: "Save".into(),
        cancel: "/admin/users".into(),
        topic: help::SYSTEM_USERS,
    })
}

async fn password_page(ask: &Ask) -> Result<FormPage, Failure> {
    let user = ask.engine().system_user(&ask.visit.who, id(ask)?).await?;
    let asked = rules(&ask.engine().password_rules().await?);
    Ok(FormPage {
        frame: frame(ask, "/admin/users").await?,
        title: format!("Set a password for {}", user.name),
        lead: "All sessions of the user end, and a lock too.".into(),
        action: format!("/admin/users/{}/password", user.id),
        inputs: vec![
            Input::secret("password", "New password").hint(asked),
            Input::secret("confirm", "New password again"),
        ],
        refused: None,
        button: "Set password".into(),
        cancel: "/admin/users".into(),
        topic: help::SYSTEM_USERS,
    })
}
