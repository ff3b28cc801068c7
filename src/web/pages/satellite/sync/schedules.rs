//! The part *Schedules*: that of the satellite, and those of single accounts (B-SYN-04).

use super::details::schedule as in_words;
use super::{SCHEDULES, frame, home, number, registered, tabs};
use crate::domain;
use crate::domain::sync::schedule::{Rhythm, Schedule};
use crate::engine::{self, Schedules};
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::labels::synchronization as label;
use crate::web::pages::satellite::form::{FormPage, Input, Kind};
use crate::web::pages::view::{Choice, When};
use actix_web::HttpResponse;
use askama::Template;

/// The schedule of one local account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The schedule, in words.
    pub schedule: String,
    /// When it begins next.
    pub next: Option<When>,
}

/// All schedules.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/sync/schedules.html")]
pub struct SchedulesPage {
    /// The frame.
    pub frame: Frame,
    /// Accounts, Schedules, Event Log.
    pub tabs: Vec<NavItem>,
    /// That of the satellite, in words.
    pub global: String,
    /// Those of the local accounts.
    pub rows: Vec<ScheduleRow>,
    /// Whether there is a network to synchronize over.
    pub has_link: bool,
}

/// All schedules.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let found = ask.engine().schedules(&ask.visit.who).await?;
        Ok(SchedulesPage {
            frame: frame(&ask).await?,
            tabs: tabs(SCHEDULES),
            global: found.global.to_string(),
            rows: rows(&ask, &found),
            has_link: ask.engine().has_link(),
        })
    })
    .await
}

fn rows(ask: &Ask, found: &Schedules) -> Vec<ScheduleRow> {
    let all = found.accounts.iter();
    all.map(|(account, own, next)| ScheduleRow {
        id: account.number,
        name: account.name.clone(),
        schedule: in_words(account, *own, found.global),
        next: next.map(|at| When::at(at, ask.now())),
    })
    .collect()
}

/// The form of the satellite's schedule.
pub async fn edit(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let found = ask.engine().schedules(&ask.visit.who).await?;
        global_page(&ask, inputs(&shown(found.global))).await
    })
    .await
}

/// Sets the satellite's schedule.
pub async fn set(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = async { ask.engine().set_schedule(&ask.visit.who, typed(fields)?).await };
        match made.await {
            Ok(()) => Ok(ask.done(SCHEDULES, "The schedule is in effect.".to_owned())),
            Err(error) => Ok(refused(ask, global_page(ask, inputs(fields)).await?, &error)),
        }
    })
    .await
}

/// The form of one local account's schedule.
pub async fn edit_own(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (_, stands) = registered(&ask).await?;
        let own = stands.schedule.as_deref().and_then(Schedule::parse);
        let global = ask.engine().schedules(&ask.visit.who).await?.global;
        let fields = shown(own.unwrap_or(global));
        let whose = if own.is_some() { "own" } else { "satellite" };
        own_page(&ask, &fields.with("whose", whose)).await
    })
    .await
}

/// Gives a local account its own schedule, or that of the satellite.
pub async fn set_own(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = async {
            let own = (fields.get("whose") == "own").then(|| typed(fields)).transpose()?;
            ask.engine().set_own_schedule(&ask.visit.who, number(ask)?, own).await
        };
        match made.await {
            Ok(()) => Ok(ask.done(&home(number(ask)?), "The schedule is in effect.".to_owned())),
            Err(error) => Ok(refused(ask, own_page(ask, fields).await?, &error)),
        }
    })
    .await
}

fn refused(ask: &Ask, page: FormPage, error: &engine::Error) -> HttpResponse {
    ask.visit.render_with(status(error).0, &page.refuse(error))
}

fn typed(fields: &Fields) -> domain::Result<Schedule> {
    let rhythm = fields.get("rhythm");
    let day = if rhythm == "weekly" { "weekday" } else { "day" };
    Schedule::read(fields.yes("enabled"), rhythm, fields.get(day), fields.get("time"))
}

/// A schedule as the fields of its form.
fn shown(schedule: Schedule) -> Fields {
    let (rhythm, day) = schedule.words();
    let (weekday, monthly) = match schedule.rhythm {
        Rhythm::Daily => (1, 1),
        Rhythm::Weekly(_) => (day, 1),
        Rhythm::Monthly(_) => (1, day),
    };
    let enabled = if schedule.enabled { "yes" } else { "" };
    let field = |name: &str, value: String| (name.to_owned(), value);
    Fields(vec![
        field("enabled", enabled.to_owned()),
        field("rhythm", rhythm.to_owned()),
        field("weekday", weekday.to_string()),
        field("day", monthly.to_string()),
        field("time", schedule.time.format("%H:%M").to_string()),
    ])
}

fn inputs(fields: &Fields) -> Vec<Input> {
    let choices = |key: &str, all: Vec<(String, &str)>| {
        let chosen = fields.get(key).to_owned();
        let choice = |(value, label): (String, &str)| {
            let selected = value == chosen;
            Choice::new(value, label, selected)
        };
        Kind::Choice(all.into_iter().map(choice).collect())
    };
    let rhythms = [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")];
    let rhythms = rhythms.map(|(code, word)| (code.to_owned(), word)).into();
    let weekdays = (1..).map(|day: u32| day.to_string()).zip(Schedule::WEEKDAYS).collect();
    let time = Input::new("time", "Time of day", Kind::Line("time"), fields.get("time"));
    let day = Input::new("day", "Day of the month", Kind::Number("1 to 31"), fields.get("day"));
    vec![
        Input::new("enabled", "Synchronize by itself", Kind::Tick, fields.get("enabled")),
        Input::new("rhythm", "How often", choices("rhythm", rhythms), ""),
        Input::new("weekday", "Day of the week", choices("weekday", weekdays), "")
            .hint("For a weekly schedule."),
        day.hint("For a monthly schedule; in shorter months it is the last day."),
        time.hint("UTC, like 02:00."),
    ]
}

async fn global_page(ask: &Ask, inputs: Vec<Input>) -> Result<FormPage, Failure> {
    Ok(FormPage {
        frame: frame(ask).await?,
        title: "Schedule of the satellite".into(),
        lead: "For all local accounts that have no schedule of their own.".into(),
        action: format!("{SCHEDULES}/edit"),
        inputs,
        refused: None,
        button: "Save".into(),
        cancel: SCHEDULES.into(),
        topic: help::SYNC_SCHEDULES,
    })
}

async fn own_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let (view, _) = registered(ask).await?;
    let own = fields.get("whose") == "own";
    let whose = vec![
        Choice::new("satellite", "That of the satellite", !own),
        Choice::new("own", "Its own, as below", own),
    ];
    let mut all = vec![Input::new("whose", "Schedule", Kind::Choice(whose), "")];
    all.extend(inputs(fields));
    let base = home(view.account.number);
    Ok(FormPage {
        title: format!("Schedule of {}", view.account.name),
        lead: if view.account.by_file {
            "It was registered by files: nothing begins by itself until somebody synchronizes it \
             over the network."
                .into()
        } else {
            "When it synchronizes over the network by itself.".into()
        },
        action: format!("{base}/schedule"),
        cancel: base,
        ..global_page(ask, all).await?
    })
}
