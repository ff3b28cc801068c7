//! A dialog that is nothing but fields: what the Administration Workspace mostly asks.

use crate::domain::Error as Rule;
use crate::engine::Error;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help::Topic;
use crate::web::pages::view::{Choice, Field};
use actix_web::HttpResponse;
use askama::Template;

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text; the type of the input.
    Line(&'static str),
    /// Several lines of text.
    Lines,
    /// A whole number, with its unit.
    Number(&'static str),
    /// One of these.
    Choice(Vec<Choice>),
    /// Yes or no.
    Tick,
    /// Shown, not typed.
    Shown,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name in the form.
    pub key: &'static str,
    /// What stands above it.
    pub label: &'static str,
    /// What stands below it.
    pub hint: String,
    /// How it is filled in.
    pub kind: Kind,
    /// What is in it, and why that was refused.
    pub field: Field,
}

impl Input {
    /// A field that holds `value`.
    pub fn new(key: &'static str, label: &'static str, kind: Kind, value: &str) -> Self {
        Self { key, label, hint: String::new(), kind, field: Field::of(value) }
    }

    /// The same with a word below it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// An empty field for a password: what was typed never comes back.
    pub fn secret(key: &'static str, label: &'static str) -> Self {
        Self::new(key, label, Kind::Line("password"), "")
    }

    /// The unit of a number.
    pub fn unit(&self) -> String {
        match self.kind {
            Kind::Number(unit) => unit.to_owned(),
            Kind::Line(_) | Kind::Lines | Kind::Choice(_) | Kind::Tick | Kind::Shown => {
                String::new()
            }
        }
    }

    /// The type of a line's input.
    pub fn line(&self) -> &'static str {
        match self.kind {
            Kind::Line(kind) => kind,
            Kind::Lines | Kind::Number(_) | Kind::Choice(_) | Kind::Tick | Kind::Shown => "text",
        }
    }
}

/// A dialog of fields.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/form.html")]
pub struct FormPage {
    /// The frame.
    pub frame: Frame,
    /// What it does.
    pub title: String,
    /// A sentence more.
    pub lead: String,
    /// Where it goes.
    pub action: String,
    /// The fields.
    pub inputs: Vec<Input>,
    /// What concerns no single field.
    pub refused: Option<String>,
    /// The button.
    pub button: String,
    /// Back to where one came from.
    pub cancel: String,
    /// What explains it.
    pub topic: Topic,
}

/// A tab of settings that stands on its page, not in a dialog.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/settings.html")]
pub struct SettingsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// The widget.
    pub title: &'static str,
    /// What is set here.
    pub lead: &'static str,
    /// Where it goes.
    pub action: &'static str,
    /// The fields.
    pub inputs: Vec<Input>,
    /// What concerns no single field.
    pub refused: Option<String>,
    /// What explains it.
    pub topic: Topic,
}

impl FormPage {
    /// The same page with what is wrong, beside its field where it has one.
    #[must_use]
    pub fn refuse(mut self, error: &Error) -> Self {
        self.refused = refuse(&mut self.inputs, error);
        self
    }
}

/// The page again with what is wrong, unless it may not even be seen.
pub async fn refused(
    ask: &Ask,
    error: &Error,
    page: impl Future<Output = Result<FormPage, Failure>>,
) -> Result<HttpResponse, Failure> {
    let page = page.await?.refuse(error);
    Ok(ask.visit.render_with(status(error).0, &page))
}

/// Puts what is wrong beside its field; gives it back if it has none.
pub fn refuse(inputs: &mut [Input], error: &Error) -> Option<String> {
    if let Error::Domain(Rule::Invalid { field, problem }) = error
        && let Some(input) = inputs.iter_mut().find(|input| input.key == *field)
    {
        input.field = input.field.clone().refused(problem);
        return None;
    }
    Some(message(error))
}

/// A whole number that was typed.
///
/// # Errors
/// Names the field.
pub fn number(fields: &Fields, key: &'static str) -> Result<i64, Rule> {
    let text = fields.get(key).trim();
    text.parse().map_err(|_| Rule::invalid(key, format!("'{text}' is not a whole number")))
}
