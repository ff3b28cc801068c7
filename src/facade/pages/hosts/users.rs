//! The list of users, and forms that add some.

use super::{Refused, act, look};
use crate::device::DeviceError;
use crate::domain::Timestamp;
use crate::domain::host::{Command, Email, Kind, NewUser, Refusal, Role, Server, User};
use crate::facade::faults::Fault;
use crate::facade::hosts::words;
use crate::facade::pages::frame::{Frame, Tab};
use crate::facade::visit::{Answer, Detour, Fields, Sent, Signed, Visit};
use crate::web::pages::view::{Badge, Choice, Field, Pager, Tone, When};
use actix_web::http::StatusCode;
use askama::Template;
use std::collections::BTreeMap;

/// Rows on a page.
const ROWS: usize = 50;

/// A user in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The address.
    pub email: String,
    /// For people.
    pub name: String,
    /// What the user may do.
    pub role: &'static str,
    /// Whether the account is active.
    pub account: Badge,
    /// Where it is managed.
    pub managed: &'static str,
    /// What the user holds.
    pub license: Option<Badge>,
    /// Since when.
    pub since: Option<When>,
    /// Until when.
    pub until: Option<When>,
}

impl Row {
    /// How a user looks now.
    pub fn of(server: &Server, email: &Email, user: &User, now: Timestamp) -> Self {
        let held = server.held(user);
        let account = if user.active {
            Badge::new(Tone::Good, "Active")
        } else {
            Badge::new(Tone::Neutral, "Deactivated")
        };
        Self {
            email: email.to_string(),
            name: user.name.clone(),
            role: words::role(user.role),
            account,
            managed: words::managed(user.managed),
            license: held.map(|held| words::license(held.kind)),
            since: held.map(|held| When::at(held.since, now)),
            until: held.and_then(|held| held.until).map(|until| When::at(until, now)),
        }
    }
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/hosts/users.html")]
struct UsersPage {
    frame: Frame,
    rows: Vec<Row>,
    search: String,
    kinds: Vec<Choice>,
    filtered: bool,
    pager: Pager,
}

/// What is looked for.
struct Wanted {
    search: String,
    license: String,
    page: usize,
}

impl Wanted {
    fn read(query: &BTreeMap<String, String>) -> Result<Self, Fault> {
        let get = |key: &str| query.get(key).map(|text| text.trim()).unwrap_or_default();
        let license = get("license").to_owned();
        let known = |name: &str| Kind::ALL.iter().any(|kind| kind.name() == name);
        if !license.is_empty() && license != "none" && !known(&license) {
            let problem = format!("'{license}' is no kind of license");
            return Err(Fault::invalid("license", problem));
        }
        let page = match get("page") {
            "" => Some(1),
            text => text.parse::<usize>().ok().filter(|page| *page > 0),
        };
        let page =
            page.ok_or_else(|| Fault::invalid("page", "it must be a whole number from 1"))?;
        Ok(Self { search: get("search").to_lowercase(), license, page })
    }

    fn fits(&self, server: &Server, email: &Email, user: &User) -> bool {
        let held = server.held(user).map_or("none", |held| held.kind.name());
        let named = email.as_str().contains(&self.search)
            || user.name.to_lowercase().contains(&self.search);
        named && (self.license.is_empty() || self.license == held)
    }

    fn kinds(&self) -> Vec<Choice> {
        let choice = |value: &str, label: &str| Choice::new(value, label, self.license == value);
        let kinds = Kind::ALL.map(|kind| choice(kind.name(), &words::license(kind).text));
        let all = [choice("", "Any license"), choice("none", "No license")];
        all.into_iter().chain(kinds).collect()
    }

    fn href(&self, page: usize) -> String {
        let page = page.to_string();
        let pairs = [("search", &self.search), ("license", &self.license), ("page", &page)];
        format!("/users?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    fn pager(&self, found: usize) -> Pager {
        let last = found.div_ceil(ROWS).max(1);
        let link = |page: usize, there: bool| there.then(|| self.href(page));
        let first = ROWS * (self.page - 1);
        Pager {
            first: link(1, self.page > 2),
            previous: link(self.page - 1, self.page > 1),
            next: link(self.page + 1, self.page < last),
            last: link(last, self.page + 1 < last),
            sizes: Vec::new(),
            summary: format!("{}–{} of {found}", (first + 1).min(found), (first + ROWS).min(found)),
        }
    }
}

/// The list.
pub fn list(visit: &Visit, query: &BTreeMap<String, String>) -> Answer {
    let wanted = Wanted::read(query).map_err(|fault| visit.fault(&fault))?;
    let (server, now) = look(visit)?;
    let fits = |(email, user): &(&Email, &User)| wanted.fits(&server, email, user);
    let found: Vec<_> = server.users.iter().filter(fits).collect();
    let shown = found.iter().skip(ROWS * (wanted.page - 1)).take(ROWS);
    let page = UsersPage {
        frame: Frame::of(visit, Tab::Usage),
        rows: shown.map(|(email, user)| Row::of(&server, email, user, now)).collect(),
        kinds: wanted.kinds(),
        filtered: !wanted.search.is_empty() || !wanted.license.is_empty(),
        pager: wanted.pager(found.len()),
        search: wanted.search,
    };
    Ok(visit.render(StatusCode::OK, &page))
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/hosts/add.html")]
struct AddPage {
    frame: Frame,
    directory: bool,
    users: Field,
    roles: Vec<Choice>,
    refused: Option<String>,
}

const ATTENDEE: &str = "attendee_only";

impl AddPage {
    fn of(visit: &Visit, directory: bool, refused: &Refused) -> Self {
        let role = refused.field("role", "host").value;
        Self {
            frame: Frame::of(visit, Tab::Usage),
            directory,
            users: refused.field("users", ""),
            roles: vec![
                Choice::new("host", words::role(Role::Host), role != ATTENDEE),
                Choice::new(ATTENDEE, words::role(Role::AttendeeOnly), role == ATTENDEE),
            ],
            refused: refused.whole.clone(),
        }
    }
}

/// Asks for users: new ones, or those of the directory.
pub async fn form(Signed(visit): Signed) -> Answer {
    visit.whole()?;
    look(&visit)?;
    let directory = visit.here.starts_with("/users/directory");
    Ok(visit.render(StatusCode::OK, &AddPage::of(&visit, directory, &Refused::default())))
}

/// The users of a form: a line each.
fn typed(fields: &Fields) -> Result<Vec<NewUser>, Refusal> {
    let role = match fields.get("role") {
        "" | "host" => Role::Host,
        ATTENDEE => Role::AttendeeOnly,
        other => return Err(Refusal::invalid("role", format!("'{other}' is no role"))),
    };
    let lines = fields.get("users").lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| match NewUser::parse(line) {
            Ok(new) => Ok(NewUser { role, ..new }),
            Err(refusal) => Err(Refusal::invalid("users", format!("line {}: {refusal}", at + 1))),
        })
        .collect()
}

/// Adds users.
pub async fn add(Sent { visit, fields }: Sent) -> Answer {
    take(&visit, &fields, false, Command::Add).await
}

/// Takes the users of the directory over.
pub async fn synchronize(Sent { visit, fields }: Sent) -> Answer {
    take(&visit, &fields, true, Command::Synchronize).await
}

async fn take(
    visit: &Visit,
    fields: &Fields,
    directory: bool,
    command: fn(Vec<NewUser>) -> Command,
) -> Answer {
    visit.whole()?;
    let done = match typed(fields) {
        Ok(users) => {
            let done = match (directory, users.len()) {
                (true, _) => "The directory is synchronized.".to_owned(),
                (false, 1) => "The user is added.".to_owned(),
                (false, several) => format!("{several} users are added."),
            };
            act(visit, command(users), &done).await
        }
        Err(refusal) => Err(DeviceError::Host(refusal)),
    };
    match done {
        Ok(flash) => Ok(visit.go("/users", Some(flash))),
        Err(error) => Ok(again(visit, directory, &Refused::of(fields, &error, &["users"]))),
    }
}

fn again(visit: &Visit, directory: bool, refused: &Refused) -> actix_web::HttpResponse {
    visit.render(StatusCode::BAD_REQUEST, &AddPage::of(visit, directory, refused))
}

/// The user that an address names.
pub(super) fn named(visit: &Visit, text: &str) -> Result<Email, Detour> {
    Email::parse(text).map_err(|refusal| visit.fault(&refusal.into()))
}
