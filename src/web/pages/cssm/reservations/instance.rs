//! What the tab and the page of product instances say of reservations.

use super::pages::ReviewRow;
use super::rows::held;
use crate::domain::id::InstanceId;
use crate::domain::reservation::{Kind, Refusal, State};
use crate::domain::{self, Timestamp};
use crate::engine::{InstanceView, ReservationStanding, ReservationView};
use crate::web::pages::ask::{Ask, Failure};
use crate::web::pages::cssm::instances::{InstancePage, InstanceRow};
use crate::web::pages::cssm::inventory::VaHeader;
use crate::web::pages::cssm::place::Inside;
use crate::web::pages::frame::Frame;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::view::{Badge, Tone, When};

/// How the reservation of an instance stands, and what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each decides on one action")]
pub struct Mark {
    /// Whether an update waits for its confirmation code.
    pub pending: bool,
    /// Whether its licenses went to a replacement.
    pub return_pending: bool,
    /// Whether its quantities can be updated.
    pub may_update: bool,
    /// Whether its licenses can be rehosted.
    pub may_rehost: bool,
}

/// What an instance holds, on its page.
#[derive(Clone, Debug)]
pub struct HeldLicenses {
    /// Whether it is everything.
    pub universal: bool,
    /// What it holds, and shall hold.
    pub rows: Vec<ReviewRow>,
}

impl Mark {
    fn of(standing: &ReservationStanding, inside: &Inside) -> Self {
        let settled = !standing.pending && !standing.return_pending;
        let overview = &inside.overview;
        let works = overview.account.reservation_enabled && overview.trouble().is_none();
        let enabled = works && settled;
        Self {
            pending: standing.pending,
            return_pending: standing.return_pending,
            may_update: enabled && standing.kind == Kind::Specific,
            may_rehost: enabled,
        }
    }

    /// What it says beside the name.
    pub fn badge(&self) -> Option<Badge> {
        match (self.pending, self.return_pending) {
            (true, _) => Some(Badge::new(Tone::Attention, label::UPDATE_PENDING)),
            (false, true) => Some(Badge::new(Tone::Attention, label::RETURN_PENDING)),
            (false, false) => None,
        }
    }

    /// Whether the instance can be moved and removed.
    pub fn may_move(&self) -> bool {
        !self.pending && !self.return_pending
    }
}

/// Marks the reserved ones among these.
pub async fn mark(ask: &Ask, inside: &Inside, rows: &mut [InstanceRow]) -> Result<(), Failure> {
    let reserved = rows.iter().filter(|row| row.reserved);
    let ids: Vec<_> = reserved.filter_map(|row| row.id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let (who, domain) = (&ask.visit.who, ask.domain());
    let all = ask.engine().reservation_standings(who, domain, ids).await?;
    for row in rows {
        let own = all.iter().find(|standing| standing.instance.to_string() == row.id);
        row.reservation = own.map(|standing| Mark::of(standing, inside));
    }
    Ok(())
}

/// A-RSV-13, A-RSV-18: fails while an update or a return is pending.
pub async fn may_move(ask: &Ask, view: &InstanceView) -> Result<(), Failure> {
    let instance = &view.row.instance;
    if !instance.reserved {
        return Ok(());
    }
    let (who, domain) = (&ask.visit.who, ask.domain());
    let standings = ask.engine().reservation_standings(who, domain, vec![instance.id]).await?;
    let name = instance.name();
    match standings.first().map(|of| (of.pending, of.return_pending)) {
        Some((true, _)) => Err(domain::Error::from(Refusal::Pending(name)).into()),
        Some((false, true)) => Err(domain::Error::from(Refusal::ReturnPending(name)).into()),
        Some((false, false)) | None => Ok(()),
    }
}

/// The page of an instance, with its reservation if it holds one.
pub async fn with_reservation(
    ask: &Ask,
    page: InstancePage,
    id: InstanceId,
) -> Result<InstancePage, Failure> {
    if !page.instance.reserved {
        return Ok(page);
    }
    let view = ask.engine().reservation(&ask.visit.who, ask.domain(), id).await?;
    Ok(on_page(page, &view, ask.now()))
}

fn on_page(page: InstancePage, view: &ReservationView, now: Timestamp) -> InstancePage {
    let date = |name: &str, at| (name.to_owned(), When::at(at, now));
    let mut dates = vec![date("Reserved", view.instance.registered_at)];
    dates.extend(view.authorization.as_ref().map(|of| date("Authorization code", of.made_at)));
    let kind = match view.kind {
        Kind::Specific => "Specific licenses",
        Kind::Universal => "Everything (universal)",
    };
    let mut facts = page.facts;
    facts.push(("Reservation".to_owned(), kind.to_owned()));
    let confirmed = view.authorization.as_ref().map(|of| match of.state {
        State::Confirmed => "Confirmed",
        State::Current => "Not confirmed, which it need not be",
        State::Pending => "Pending",
        State::Replaced | State::Cancelled | State::Returned => "Void",
    });
    facts.extend(confirmed.map(|word| ("Installation".to_owned(), word.to_owned())));
    let reserved =
        HeldLicenses { universal: view.kind == Kind::Universal, rows: held(&view.rows, now) };
    InstancePage { facts, dates, held: Some(reserved), ..page }
}

impl InstanceRow {
    /// The address below which its pages live.
    pub fn own(&self, header: &VaHeader, frame: &Frame) -> String {
        format!("{}/instances/{}", header.base(frame), self.id)
    }

    /// What its reservation says beside it.
    pub fn mark(&self) -> Option<Badge> {
        self.reservation.and_then(|mark| mark.badge())
    }

    /// Whether an update of its reservation waits for its confirmation code.
    pub fn pending(&self) -> bool {
        self.reservation.is_some_and(|mark| mark.pending)
    }

    /// Its reservation, for those who may change it.
    pub fn may_reserve(&self) -> Option<Mark> {
        self.reservation.filter(|_| self.may_remove)
    }
}
