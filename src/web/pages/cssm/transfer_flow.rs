//! The way of a license transfer: form, preview, second question, done.

use super::inventory::{VaTab, in_tree_order};
use super::place::Inside;
use super::transfers::{Direction, Move, Side, TransferLine, TransferPage, TransferPreviewPage};
use crate::domain;
use crate::domain::line::Line;
use crate::domain::local_account::Decision;
use crate::domain::people::Permission;
use crate::domain::transfer::{BeforeAfter, Refusal, Row};
use crate::engine::{self, LicenseRow, LicenseTransfer, LicenseView, TransferPreview, VaRef};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::filters::grouped;
use crate::web::pages::view::{Choice, Field, When};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// The form, with the lines of the virtual account that gives.
pub async fn begin(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let scene = Scene::of(&ask, &ask.query).await?;
        Ok(scene.filled(&ask.query))
    })
    .await
}

/// Shows the preview, asks again before a shortage, or transfers.
pub async fn send(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let scene = Scene::of(ask, fields).await?;
        let Some(wanted) = scene.wanted(fields) else {
            return Ok(ask.visit.render_with(StatusCode::BAD_REQUEST, &scene.filled(fields)));
        };
        let step = step(ask, fields, wanted).await;
        Ok(match step {
            Ok(Step::Done(done)) => ask.done(&scene.inside.to("licenses"), sentence(&done)),
            Ok(Step::Ask(plan, asked)) => ask.visit.render(&scene.preview(fields, &plan, asked)),
            Err(error) => ask.visit.render_with(status(&error).0, &scene.refused(fields, &error)),
        })
    })
    .await
}

/// Where a form that was sent leads.
enum Step {
    Ask(Box<TransferPreview>, bool),
    Done(Box<TransferPreview>),
}

async fn step(ask: &Ask, fields: &Fields, wanted: LicenseTransfer) -> engine::Result<Step> {
    let (engine, who, domain) = (ask.engine(), &ask.visit.who, ask.domain());
    let preview = engine.preview_transfer(who, domain, wanted.clone()).await?;
    let pressed = fields.yes("confirm");
    // AS-18: a shortage is asked about once more, by name.
    let again = preview.plan.makes_short() && !fields.yes("accept_shortage");
    if !pressed || again {
        return Ok(Step::Ask(Box::new(preview), pressed));
    }
    Ok(Step::Done(Box::new(engine.transfer_licenses(who, domain, wanted).await?)))
}

fn sentence(done: &TransferPreview) -> String {
    format!(
        "{} {} moved from {} to {}.",
        done.plan.quantity,
        done.entitlement.name,
        done.from.name.as_str(),
        done.to.name.as_str()
    )
}

/// A license, the virtual account in view, and the other one.
struct Scene {
    inside: Inside,
    view: LicenseView,
    direction: Direction,
    target: Option<i64>,
}

impl Scene {
    async fn of(ask: &Ask, fields: &Fields) -> Result<Self, Failure> {
        let inside = ask.inside(VaTab::Licenses).await?;
        inside.require(Permission::Transfer)?;
        inside.overview.may_decide(Decision::Licenses)?;
        let (who, domain, id) = (&ask.visit.who, ask.domain(), ask.license()?);
        let view = ask.engine().license(who, domain, inside.va(), id).await?;
        let direction = match fields.get("direction") {
            "from" => Direction::From,
            _ => Direction::To,
        };
        let named = fields.some("target").map(|text| {
            text.parse().map_err(|_| domain::Error::not_found("virtual account", text))
        });
        let mut scene = Self { inside, view, direction, target: None };
        scene.target = named.transpose()?.or_else(|| scene.likely_target());
        Ok(scene)
    }

    /// Where a shortage is best repaired from: the largest balance elsewhere.
    fn likely_target(&self) -> Option<i64> {
        let others = self.others();
        let richest = self.view.elsewhere.iter().max_by_key(|row| row.standing.balance);
        let richest = richest.map(|row| row.virtual_account.number);
        match self.direction {
            Direction::From => richest.filter(|number| others.iter().any(|(n, _)| n == number)),
            Direction::To => None,
        }
        .or_else(|| others.first().map(|(number, _)| *number))
    }

    /// The other virtual accounts where the viewer may transfer.
    fn others(&self) -> Vec<(i64, String)> {
        let rows = in_tree_order(&self.inside.overview.virtual_accounts).into_iter();
        let may = rows.filter(|(_, row)| row.permissions.contains(&Permission::Transfer));
        may.map(|(_, row)| &row.virtual_account)
            .filter(|va| va.number != self.inside.header.id)
            .map(|va| (va.number, va.name.as_str().to_owned()))
            .collect()
    }

    /// The pool that gives.
    fn giver(&self) -> Option<&LicenseRow> {
        match self.direction {
            Direction::To => Some(&self.view.row),
            Direction::From => self.elsewhere(self.target?),
        }
    }

    fn elsewhere(&self, number: i64) -> Option<&LicenseRow> {
        self.view.elsewhere.iter().find(|row| row.virtual_account.number == number)
    }

    /// The name of the virtual account that gives, even if it has nothing.
    fn giver_name(&self) -> Option<String> {
        match self.direction {
            Direction::To => Some(self.inside.header.name.clone()),
            Direction::From => {
                let target = self.target?;
                self.others().into_iter().find(|(n, _)| *n == target).map(|(_, name)| name)
            }
        }
    }

    /// What the form asks for; `None` when a quantity is no number.
    fn wanted(&self, fields: &Fields) -> Option<LicenseTransfer> {
        let mut rows = Vec::new();
        for line in self.giver().map_or(&[][..], |row| &row.pool.lines) {
            if let Some(quantity) = quantity(fields, line).ok()? {
                rows.push(Row { line: line.id, quantity });
            }
        }
        let here = self.inside.va();
        let there = VaRef::Number(self.target.unwrap_or_default());
        let (from, to) = match self.direction {
            Direction::To => (here, there),
            Direction::From => (there, here),
        };
        Some(LicenseTransfer { from, to, entitlement: self.view.row.pool.id(), rows })
    }

    fn filled(&self, fields: &Fields) -> TransferPage {
        let target = |(number, name): (i64, String)| {
            let balance = self.elsewhere(number).map(|row| row.standing.balance);
            let sign = |b: i64| if b > 0 { "+" } else { "" };
            let label =
                balance.map_or(name.clone(), |b| format!("{name} ({}{})", sign(b), grouped(b)));
            Choice::new(number.to_string(), label, self.target == Some(number))
        };
        TransferPage {
            frame: self.inside.frame.clone(),
            header: self.inside.header.clone(),
            license_id: self.view.row.pool.id().to_string(),
            license: self.view.row.pool.entitlement.name.clone(),
            direction: self.direction,
            targets: self.others().into_iter().map(target).collect(),
            giver: self.giver_name(),
            in_use: self.giver().map_or(0, |row| row.standing.in_use),
            lines: self.lines(fields),
            refused: None,
        }
    }

    fn lines(&self, fields: &Fields) -> Vec<TransferLine> {
        let now = self.view.now;
        let need: i64 = fields.get("need").parse().unwrap_or_default();
        let lines = self.giver().map_or(&[][..], |row| &row.pool.lines).iter();
        let lines = lines.filter(|line| line.transferable(now) > 0).enumerate();
        let row = |(index, line): (usize, &Line)| {
            let typed = fields.get(&field(line)).to_owned();
            let suggested = need.min(line.transferable(now));
            let value = if index == 0 && typed.is_empty() && suggested > 0 {
                suggested.to_string()
            } else {
                typed
            };
            TransferLine {
                field: field(line),
                kind: line.license_type.word().to_owned(),
                expires: line.ends.map(|last| When::day(last, now)),
                purchased: line.quantity,
                transferable: line.transferable(now),
                quantity: Field { value, error: quantity(fields, line).err() },
            }
        };
        lines.map(row).collect()
    }

    /// The form with what the engine refused, beside its row where there is only one.
    fn refused(&self, fields: &Fields, error: &engine::Error) -> TransferPage {
        let mut page = self.filled(fields);
        let mut filled = page.lines.iter_mut().filter(|line| !line.quantity.value.is_empty());
        let too_many = matches!(
            error,
            engine::Error::Domain(domain::Error::Transfer(
                Refusal::TooMany { .. } | Refusal::Negative(_)
            ))
        );
        match (filled.next(), filled.next()) {
            (Some(line), None) if too_many => line.quantity.error = Some(message(error)),
            _ => page.refused = Some(message(error)),
        }
        page
    }

    fn preview(
        &self,
        fields: &Fields,
        preview: &TransferPreview,
        asked: bool,
    ) -> TransferPreviewPage {
        let hidden: Vec<(String, String)> = kept(fields);
        let query = serde_urlencoded::to_string(&hidden).unwrap_or_default();
        let license_id = preview.entitlement.id.to_string();
        let part = |line: &Line| Move {
            kind: line.license_type.word().to_owned(),
            expires: line.ends.map(|last| When::day(last, self.view.now)),
            quantity: line.quantity,
        };
        let plan = &preview.plan;
        TransferPreviewPage {
            frame: self.inside.frame.clone(),
            header: self.inside.header.clone(),
            license: preview.entitlement.name.clone(),
            moves: plan.arriving.iter().map(part).collect(),
            giver: side(preview.from.name.as_str(), "gives", plan.source),
            receiver: side(preview.to.name.as_str(), "receives", plan.target),
            makes_short: plan.makes_short(),
            asked,
            change: self.inside.to(&format!("licenses/{license_id}/transfer?{query}")),
            license_id,
            hidden,
        }
    }
}

fn side(name: &str, role: &'static str, figures: BeforeAfter) -> Side {
    let BeforeAfter { before, after } = figures;
    Side {
        name: name.to_owned(),
        role,
        purchased: (before.usable + before.pending, after.usable + after.pending),
        in_use: (before.in_use, after.in_use),
        balance: (before.balance, after.balance),
        lacks: after.shortage(),
    }
}

/// The fields that describe the transfer, without the guard and the buttons.
fn kept(fields: &Fields) -> Vec<(String, String)> {
    let of_transfer =
        |name: &str| name == "direction" || name == "target" || name.starts_with("quantity-");
    fields.0.iter().filter(|(name, _)| of_transfer(name)).cloned().collect()
}

fn field(line: &Line) -> String {
    format!("quantity-{}", line.id)
}

/// The number in a line's field: blank is nothing, anything else must be whole.
fn quantity(fields: &Fields, line: &Line) -> Result<Option<i64>, String> {
    let text = fields.get(&field(line)).trim().to_owned();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| format!("{text} is not a whole number from 1."))
}
