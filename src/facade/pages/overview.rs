//! Pages beside licensing: the dashboard, what is in use, and the way to the licenses.

use super::frame::{Frame, Tab};
use super::hosts::users;
use super::outcome;
use super::standing::Standing;
use crate::device::machine::Event;
use crate::domain::host::{Meeting, Phase, Server};
use crate::facade::faults::Fault;
use crate::facade::visit::{Answer, Fields, Sent, Signed, Visit};
use crate::facade::{counts_hosts, is_smart, licenses};
use crate::web::pages::view::Field;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use askama::Template;
use std::collections::BTreeMap;

#[derive(Template, Clone, Debug)]
#[template(path = "device/dashboard.html")]
struct DashboardPage {
    frame: Frame,
    standing: Standing,
    version: String,
    udi: String,
    hosts: bool,
    smart: bool,
    people: Option<People>,
}

/// The host licenses of a meetings server, in figures.
#[derive(Clone, Debug)]
struct People {
    users: usize,
    held: u64,
    meetings: usize,
}

impl People {
    fn of(server: &Server) -> Self {
        let running = |meeting: &&Meeting| matches!(meeting.phase, Phase::Running { .. });
        Self {
            users: server.users.len(),
            held: server.pool().valid(),
            meetings: server.meetings.values().filter(running).count(),
        }
    }
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/system.html")]
struct SystemPage {
    frame: Frame,
    standing: Standing,
}

/// A license with the count that is typed.
#[derive(Clone, Debug)]
struct Row {
    license: licenses::License,
    key: String,
    field: Field,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/usage.html")]
struct UsagePage {
    frame: Frame,
    hosts: bool,
    registered: bool,
    reserved: bool,
    rows: Vec<Row>,
}

/// The beginning.
pub async fn dashboard(Signed(visit): Signed) -> Answer {
    visit.whole()?;
    let frame = Frame::of(&visit, Tab::Dashboard);
    let page = visit.facade.live.look(|state, now| DashboardPage {
        frame,
        standing: Standing::of(state, now),
        version: state.product.version.clone(),
        udi: state.product.sudi.key(),
        hosts: counts_hosts(state),
        smart: is_smart(state),
        people: state.hosts.as_ref().map(People::of),
    });
    Ok(visit.render(StatusCode::OK, &page))
}

/// System settings, of which there are only licenses: the way there works always.
pub async fn system(Signed(visit): Signed) -> Answer {
    let frame = Frame::of(&visit, Tab::System);
    let standing = visit.facade.live.look(Standing::of);
    Ok(visit.render(StatusCode::OK, &SystemPage { frame, standing }))
}

/// What is in use.
pub async fn usage(Signed(visit): Signed, query: Query<BTreeMap<String, String>>) -> Answer {
    visit.whole()?;
    if visit.facade.live.look(|state, _| state.hosts.is_some()) {
        return users::list(&visit, &query);
    }
    let page = UsagePage::of(&visit, &Fields::default());
    Ok(visit.render(StatusCode::OK, &page))
}

/// Sets what is in use.
pub async fn use_licenses(Sent { visit, fields }: Sent) -> Answer {
    visit.whole()?;
    let page = UsagePage::of(&visit, &fields);
    let Some(counts) = page.counts() else {
        return Ok(visit.render(StatusCode::BAD_REQUEST, &page));
    };
    let outcome = outcome::of(visit.facade.live.ask_in_turn(Event::Use(counts)).await).await;
    let done = if page.registered { "Saved and reported." } else { "Saved." };
    Ok(visit.go("/users", Some(outcome.flash(done))))
}

impl UsagePage {
    /// The page with what was typed, each field with the rule that it breaks.
    fn of(visit: &Visit, typed: &Fields) -> Self {
        let frame = Frame::of(visit, Tab::Usage);
        visit.facade.live.look(|state, now| Self {
            frame,
            hosts: counts_hosts(state),
            registered: state.registration.identity.is_some(),
            reserved: state.reservation.installed.is_some(),
            rows: licenses::all(state, now)
                .into_iter()
                .map(|license| row(license, typed))
                .collect(),
        })
    }

    fn counts(&self) -> Option<Vec<(String, u64)>> {
        self.rows
            .iter()
            .map(|row| {
                let count = licenses::count(&row.key, &row.field.value).ok()?;
                Some((row.license.tag.clone(), count))
            })
            .collect()
    }
}

fn row(license: licenses::License, typed: &Fields) -> Row {
    let key = format!("count:{}", license.tag);
    let sent = typed.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
    let value = sent.map_or_else(|| license.in_use.to_string(), str::to_owned);
    let field = Field::of(&value);
    let field = match licenses::count(&license.name, &value) {
        Ok(_) => field,
        Err(Fault::Invalid { problem, .. }) => field.refused(&problem),
        Err(other) => field.refused(&other.to_string()),
    };
    Row { license, key, field }
}
