//! The clock of the world: what time it is, and moving it (A-SHL-07).

use super::ask::{Ask, Failure, Fields, Sent, show};
use super::frame::Frame;
use super::help;
use super::view::{Choice, Field, When};
use crate::clock::wall_time;
use crate::domain::time::parse_duration;
use crate::domain::{Error, Timestamp};
use crate::engine;
use crate::lab::worlds::{Move, Moved, World};
use crate::web::error::{message, status};
use crate::web::extract::InWorld;
use actix_web::HttpResponse;
use askama::Template;

/// The page of the clock.
#[derive(Template, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each decides on one part of the page")]
#[template(path = "pages/clock.html")]
pub struct ClockPage {
    /// The frame.
    pub frame: Frame,
    /// The world's name.
    pub world: String,
    /// What time it is there.
    pub now: When,
    /// What time it is elsewhere.
    pub wall: When,
    /// Whether it stands.
    pub frozen: bool,
    /// Whether it is wall time.
    pub is_wall: bool,
    /// Whether it may be set back.
    pub may_go_back: bool,
    /// Whether the viewer may move it.
    pub may_move: bool,
    /// Steps that are offered.
    pub steps: Vec<Choice>,
    /// A duration of one's own.
    pub advance: Field,
    /// An instant to go to.
    pub to: Field,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// Steps that one often wants.
const STEPS: [(&str, &str); 6] = [
    ("1h", "1 hour"),
    ("1d", "1 day"),
    ("30d", "30 days"),
    ("60d", "60 days"),
    ("90d", "90 days"),
    ("365d", "1 year"),
];

/// Shows the clock.
pub async fn form(ask: Ask, InWorld(world): InWorld) -> HttpResponse {
    show(&ask, async { ClockPage::of(&ask, &world, &Fields::default()).await }).await
}

/// Moves the clock, and says what has happened meanwhile.
pub async fn change(sent: Sent, InWorld(world): InWorld) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match move_it(ask, &world, fields).await {
            Ok(moved) => Ok(ask.done("/clock", told(&moved))),
            Err(error) => {
                let page = ClockPage::of(ask, &world, fields).await?;
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

/// Whoever moves the clock stays signed in: years may pass.
async fn move_it(ask: &Ask, world: &World, fields: &Fields) -> engine::Result<Moved> {
    ask.engine().may_move_clock(&ask.visit.who).await?;
    let moved = world.move_clock(wanted(fields)?).await?;
    ask.engine().keep_session(&ask.visit.who).await?;
    Ok(moved)
}

fn wanted(fields: &Fields) -> Result<Move, Error> {
    match fields.get("what") {
        "step" => Ok(Move::Advance(parse_duration(fields.get("step"))?)),
        "advance" => Ok(Move::Advance(parse_duration(fields.get("advance"))?)),
        "freeze" => Ok(Move::Freeze),
        "resume" => Ok(Move::Resume),
        "to" => {
            let text = fields.get("to").trim();
            let instant = Timestamp::parse(text)
                .or_else(|| Timestamp::parse(&format!("{}Z", text.replacen(' ', "T", 1))))
                .or_else(|| Timestamp::parse(&format!("{}:00Z", text.replacen(' ', "T", 1))));
            instant.map(Move::To).ok_or_else(|| {
                Error::invalid("to", format!("'{text}' is not like 2026-01-05 09:00"))
            })
        }
        other => Err(Error::invalid("what", format!("'{other}' is nothing a clock can do"))),
    }
}

/// What has happened, in a sentence.
fn told(moved: &Moved) -> String {
    let mut kinds: Vec<(String, u64)> = Vec::new();
    for (code, count) in moved.happened.values().flat_map(|site| &site.events) {
        let word = code.replace('_', " ");
        match kinds.iter_mut().find(|(known, _)| *known == word) {
            Some((_, sum)) => *sum += count,
            None => kinds.push((word, *count)),
        }
    }
    let what = match kinds.as_slice() {
        [] => "Nothing fell due.".to_owned(),
        some => {
            let parts: Vec<String> = some.iter().map(|(word, n)| format!("{word} ({n})")).collect();
            format!("What fell due: {}.", parts.join(", "))
        }
    };
    let (from, to) = (moved.from, moved.to);
    if from == to { what } else { format!("From {from} to {to}. {what}") }
}

impl ClockPage {
    async fn of(ask: &Ask, world: &World, fields: &Fields) -> Result<Self, Failure> {
        let actor = ask.engine().whoami(&ask.visit.who).await?;
        let (clock, wall) = (&world.clock, wall_time());
        let now = clock.now();
        Ok(Self {
            frame: ask.viewer_frame().await?,
            world: world.name.clone(),
            now: When::at(now, wall),
            wall: When::at(wall, wall),
            frozen: clock.is_frozen(),
            is_wall: clock.is_wall(),
            may_go_back: world.may_go_back,
            may_move: actor.may_move_clock(),
            steps: STEPS.map(|(value, label)| Choice::new(value, label, value == "30d")).into(),
            advance: Field::of(fields.get("advance")),
            to: Field::of(fields.get("to")),
            refused: None,
        })
    }

    /// The same page with what is wrong, beside its field where it has one.
    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Invalid { field: "duration", problem }) => {
                self.advance = self.advance.refused(problem);
            }
            engine::Error::Domain(Error::Invalid { field: "to", problem }) => {
                self.to = self.to.refused(problem);
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
