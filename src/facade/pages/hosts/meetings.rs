//! Meetings: the list, and a form for a new one.

use super::{Refused, look, refused};
use crate::device::DeviceError;
use crate::domain::Timestamp;
use crate::domain::host::{Command, Email, Meeting, NewMeeting, Phase, Refusal};
use crate::facade::faults::Fault;
use crate::facade::pages::frame::{Frame, Tab};
use crate::facade::visit::{Answer, Fields, Sent, Signed, Visit};
use crate::web::pages::view::{Badge, Field, Tone, When};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

/// How many are shown of those that are over (ours).
const OVER: usize = 20;
/// How many are shown that are open: more are found on their hosts' pages (ours).
const OPEN: usize = 100;

/// A meeting in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number.
    pub number: u64,
    /// What it is about.
    pub topic: String,
    /// Who is to host it.
    pub host: String,
    /// Who stands in.
    pub alternate: Option<String>,
    /// Who has scheduled it, if that is somebody else.
    pub scheduler: Option<String>,
    /// From when.
    pub starts: When,
    /// Until when.
    pub ends: When,
    /// How far it is.
    pub phase: Badge,
    /// Who hosts it now.
    pub by: Option<String>,
    /// Whether it can be started.
    pub startable: bool,
}

impl Row {
    fn of(meeting: &Meeting, now: Timestamp) -> Self {
        let text = Email::to_string;
        let (phase, by) = match &meeting.phase {
            Phase::Scheduled => (Badge::new(Tone::Neutral, "Scheduled"), None),
            Phase::Running { by, .. } => (Badge::new(Tone::Good, "Under way"), Some(by)),
            Phase::Ended { .. } => (Badge::new(Tone::Neutral, "Ended"), None),
            Phase::Missed => (Badge::new(Tone::Neutral, "Not held"), None),
        };
        let begun = meeting.starts <= now;
        Self {
            number: meeting.number,
            topic: meeting.topic.clone(),
            host: text(&meeting.host),
            alternate: meeting.alternate.as_ref().map(text),
            scheduler: (meeting.scheduler != meeting.host).then(|| text(&meeting.scheduler)),
            starts: When::at(meeting.starts, now),
            ends: When::at(meeting.ends, now),
            phase,
            by: by.map(text),
            startable: begun && meeting.phase == Phase::Scheduled,
        }
    }
}

/// Rows: first what is open, by its beginning; then what was over last.
pub fn rows<'a>(meetings: impl Iterator<Item = &'a Meeting>, now: Timestamp) -> Vec<Row> {
    let (mut over, mut open): (Vec<_>, Vec<_>) =
        meetings.partition(|meeting| meeting.phase.is_over());
    open.sort_by_key(|meeting| (meeting.starts, meeting.number));
    over.sort_by_key(|meeting| std::cmp::Reverse((meeting.ends, meeting.number)));
    let shown = open.into_iter().take(OPEN).chain(over.into_iter().take(OVER));
    shown.map(|meeting| Row::of(meeting, now)).collect()
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/hosts/meetings.html")]
struct MeetingsPage {
    frame: Frame,
    meetings: Vec<Row>,
    open: usize,
}

/// The list.
pub async fn list(Signed(visit): Signed) -> Answer {
    visit.whole()?;
    let (server, now) = look(&visit)?;
    let open = server.meetings.values().filter(|meeting| !meeting.phase.is_over()).count();
    let frame = Frame::of(&visit, Tab::Meetings);
    let page = MeetingsPage { frame, meetings: rows(server.meetings.values(), now), open };
    Ok(visit.render(StatusCode::OK, &page))
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/hosts/schedule.html")]
struct SchedulePage {
    frame: Frame,
    topic: Field,
    host: Field,
    alternate: Field,
    scheduler: Field,
    starts: Field,
    minutes: Field,
    known: Vec<String>,
    refused: Option<String>,
}

impl SchedulePage {
    fn of(visit: &Visit, known: Vec<String>, refused: &Refused) -> Self {
        let field = |name: &str, default: &str| refused.field(name, default);
        Self {
            frame: Frame::of(visit, Tab::Meetings),
            topic: field("topic", ""),
            host: field("host", ""),
            alternate: field("alternate", ""),
            scheduler: field("scheduler", ""),
            starts: field("starts", ""),
            minutes: field("minutes", "60"),
            known,
            refused: refused.whole.clone(),
        }
    }
}

fn again(visit: &Visit, status: StatusCode, refused: &Refused) -> Answer {
    let (server, _) = look(visit)?;
    // A browser offers these while one types.
    let known = server.users.keys().take(200).map(Email::to_string).collect();
    Ok(visit.render(status, &SchedulePage::of(visit, known, refused)))
}

/// Asks for a meeting.
pub async fn form(Signed(visit): Signed) -> Answer {
    visit.whole()?;
    again(&visit, StatusCode::OK, &Refused::default())
}

/// The address in a field.
fn address(fields: &Fields, field: &'static str) -> Result<Option<Email>, Refusal> {
    match fields.get(field).trim() {
        "" => Ok(None),
        text => Email::parse(text).map(Some).map_err(|refusal| match refusal {
            Refusal::Invalid { problem, .. } => Refusal::invalid(field, problem),
            other => other,
        }),
    }
}

fn planned(fields: &Fields) -> Result<NewMeeting, Refusal> {
    let missing = || Refusal::invalid("host", "it is missing: who is to host the meeting?");
    let starts = match fields.get("starts").trim() {
        "" => None,
        text => {
            let instant = Timestamp::parse(&format!("{}:00Z", text.replace(' ', "T")));
            let problem = format!("'{text}' must be like 2026-01-05 09:00, in UTC");
            Some(instant.ok_or_else(|| Refusal::invalid("starts", problem))?)
        }
    };
    let minutes = super::number("minutes", fields.get("minutes"))?;
    Ok(NewMeeting {
        topic: fields.get("topic").to_owned(),
        host: address(fields, "host")?.ok_or_else(missing)?,
        alternate: address(fields, "alternate")?,
        scheduler: address(fields, "scheduler")?,
        starts,
        minutes: i64::try_from(minutes).unwrap_or(i64::MAX),
    })
}

const FIELDS: [&str; 6] = ["topic", "host", "alternate", "scheduler", "starts", "minutes"];

/// Schedules a meeting.
pub async fn schedule(Sent { visit, fields }: Sent) -> Answer {
    visit.whole()?;
    let done = match planned(&fields) {
        Ok(meeting) => {
            super::act(&visit, Command::Schedule(meeting), "The meeting is scheduled.").await
        }
        Err(refusal) => Err(DeviceError::Host(refusal)),
    };
    match done {
        Ok(flash) => Ok(visit.go("/meetings", Some(flash))),
        Err(error) => {
            again(&visit, StatusCode::BAD_REQUEST, &Refused::of(&fields, &error, &FIELDS))
        }
    }
}

/// What a button does: start with the host, with the alternate host, with both; end.
fn command(meeting: &Meeting, action: &str) -> Result<(Command, String), Fault> {
    let (number, host, alternate) = (meeting.number, &meeting.host, &meeting.alternate);
    let both = |host: bool| {
        let present = host.then_some(&meeting.host).into_iter().chain(alternate);
        Command::Start(number, present.cloned().collect())
    };
    let started = format!("Meeting {number} is under way.");
    match action {
        "start" => Ok((Command::Start(number, vec![host.clone()]), started)),
        "start-alternate" => Ok((both(false), started)),
        "start-both" => Ok((both(true), started)),
        "end" => Ok((Command::End(number), format!("Meeting {number} is over."))),
        other => Err(Fault::NotFound(format!("action {other}"))),
    }
}

/// A button.
pub async fn act(Sent { visit, .. }: Sent, path: Path<(String, String)>) -> Answer {
    visit.whole()?;
    let (number, action) = path.into_inner();
    let (server, _) = look(&visit)?;
    let wanted = number.parse::<u64>().ok().and_then(|number| server.meetings.get(&number));
    let found = wanted.ok_or_else(|| Fault::NotFound(format!("meeting {number}")));
    let found = found.and_then(|meeting| command(meeting, &action));
    let (command, done) = found.map_err(|fault| visit.fault(&fault))?;
    let flash = super::act(&visit, command, &done).await;
    let flash = flash.unwrap_or_else(|error| refused(&error));
    Ok(visit.go("/meetings", Some(flash)))
}
