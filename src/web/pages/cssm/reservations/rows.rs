//! The quantities of a wizard: read from its fields, and shown with what is wrong.

use super::Step;
use super::pages::{KindChoice, OfferRow, QuantityRow, ReviewRow};
use crate::domain::Timestamp;
use crate::domain::id::EntitlementId;
use crate::domain::license::Entitlement;
use crate::domain::reservation::{Kind, MOST, Refusal, Wanted};
use crate::engine::StockRow;
use crate::web::pages::ask::Fields;
use crate::web::pages::frame::Skin;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::view::{Field, When};

/// What there is to choose from, and what was typed.
pub(super) struct Choosing<'a> {
    pub(super) offers: &'a [(Entitlement, i64)],
    pub(super) stock: &'a [StockRow],
    pub(super) fields: &'a Fields,
    pub(super) now: Timestamp,
}

fn stock_field(row: &StockRow) -> String {
    match &row.line {
        Some(line) => format!("quantity-{}", line.id),
        None => format!("quantity-{}", row.entitlement.id),
    }
}

fn offer_field(of: &Entitlement) -> String {
    format!("add-{}", of.id)
}

/// The number in a field: blank is nothing, anything else a whole number.
fn number(text: &str) -> Result<i64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    match text.parse() {
        Ok(quantity @ 0..=MOST) => Ok(quantity),
        Ok(quantity @ ..0) => Err(Refusal::Negative(quantity).to_string()),
        Ok(quantity) => Err(Refusal::TooLarge(quantity).to_string()),
        Err(_) => Err(format!("{text} is not a quantity: whole numbers from 0 are the rule.")),
    }
}

/// The fields that the steps hand on, without the guard and the buttons.
pub(super) fn kept(fields: &Fields, but: &[Step]) -> Vec<(String, String)> {
    let step = |name: &str| match name {
        "code" | "notes" => Some(Step::Request),
        "kind" => Some(Step::Select),
        name if name.starts_with("add-") => Some(Step::Inventory),
        name if name.starts_with("quantity-") => Some(Step::Select),
        _ => None,
    };
    let carried = |name: &str| step(name).is_some_and(|of| !but.contains(&of));
    fields.0.iter().filter(|(name, _)| carried(name)).cloned().collect()
}

impl Choosing<'_> {
    /// What was typed, else what the device holds before anything was typed.
    fn typed(&self, row: &StockRow) -> String {
        let field = stock_field(row);
        let sent = self.fields.0.iter().any(|(name, _)| *name == field);
        match sent {
            true => self.fields.get(&field).to_owned(),
            false if row.held > 0 => row.held.to_string(),
            false => String::new(),
        }
    }

    /// All that is offered, unless something else was typed.
    fn typed_offer(&self, (of, most): &(Entitlement, i64)) -> String {
        let field = offer_field(of);
        let sent = self.fields.0.iter().any(|(name, _)| *name == field);
        if sent { self.fields.get(&field).to_owned() } else { most.to_string() }
    }

    /// The lines that are asked for; none when a field holds no quantity.
    pub(super) fn wanted(&self) -> Option<Vec<Wanted>> {
        let row = |row: &StockRow| {
            let quantity = number(&self.typed(row)).ok()?;
            let (entitlement, line) = (row.entitlement.id, row.line.as_ref().map(|line| line.id));
            Some(Wanted { entitlement, line, quantity })
        };
        self.stock.iter().map(row).collect()
    }

    /// What is added to the inventory first; none when a field holds no quantity, or too many.
    pub(super) fn adding(&self) -> Option<Vec<(EntitlementId, i64)>> {
        let one = |offer: &(Entitlement, i64)| {
            let quantity = number(&self.typed_offer(offer)).ok()?;
            (quantity <= offer.1).then_some((offer.0.id, quantity))
        };
        self.offers.iter().map(one).collect()
    }

    /// `4 Meetings Host` for each license that is added.
    pub(super) fn added(&self) -> Vec<String> {
        let adding = self.adding().unwrap_or_default();
        let both = self.offers.iter().zip(adding).filter(|(_, (_, quantity))| *quantity > 0);
        both.map(|((of, _), (_, quantity))| format!("{quantity} {}", of.name)).collect()
    }

    pub(super) fn offers(&self) -> Vec<OfferRow> {
        let row = |offer: &(Entitlement, i64)| {
            let value = self.typed_offer(offer);
            let error = match number(&value) {
                Ok(quantity) if quantity > offer.1 => {
                    Some(format!("{quantity} cannot be added: 0 to {} is the rule.", offer.1))
                }
                other => other.err(),
            };
            OfferRow {
                field: offer_field(&offer.0),
                license: offer.0.name.clone(),
                most: offer.1,
                quantity: Field { value, error },
            }
        };
        self.offers.iter().map(row).collect()
    }

    /// The rows with what was typed, each beside what is wrong with it.
    pub(super) fn rows(&self, refusals: &[Refusal]) -> Vec<QuantityRow> {
        let row = |row: &StockRow| {
            let value = self.typed(row);
            let own = refusals.iter().find(|refusal| concerns(refusal, row));
            let error = number(&value).err().or_else(|| own.map(ToString::to_string));
            QuantityRow {
                field: stock_field(row),
                license: row.entitlement.name.clone(),
                kind: kind(row),
                expires: expires(row, self.now),
                ended: row.ended,
                purchased: row.line.as_ref().map(|line| line.quantity),
                available: row.available,
                held: row.held,
                quantity: Field { value, error },
            }
        };
        self.stock.iter().map(row).collect()
    }

    /// What is asked for, with what is held already; also what is brought along.
    pub(super) fn reviewed(&self) -> Vec<ReviewRow> {
        let of_stock = self.stock.iter().zip(self.wanted().unwrap_or_default());
        let of_stock = of_stock.filter(|(row, wanted)| row.held > 0 || wanted.quantity > 0);
        let adding = self.adding().unwrap_or_default();
        let brought = self.offers.iter().zip(adding).filter(|(_, (_, quantity))| *quantity > 0);
        let brought = brought.map(|((of, _), (_, quantity))| ReviewRow {
            license: of.name.clone(),
            kind: "Added to the inventory".to_owned(),
            expires: None,
            quantity: (0, quantity),
        });
        let reserved = of_stock.map(|(row, wanted)| ReviewRow {
            license: row.entitlement.name.clone(),
            kind: kind(row),
            expires: expires(row, self.now),
            quantity: (row.held, wanted.quantity),
        });
        reserved.chain(brought).collect()
    }
}

/// Whether a refusal stands beside a row.
fn concerns(refusal: &Refusal, row: &StockRow) -> bool {
    let of_line = row.line.as_ref().map(|line| line.id);
    match refusal {
        Refusal::TooMany { entitlement, line, .. } => {
            *entitlement == row.entitlement.id && *line == of_line
        }
        Refusal::Ended { line, .. } => Some(*line) == of_line,
        _ => false,
    }
}

/// What stands beside no row.
pub(super) fn general(refusals: &[Refusal]) -> Option<String> {
    let beside =
        |refusal: &&Refusal| !matches!(refusal, Refusal::TooMany { .. } | Refusal::Ended { .. });
    let texts: Vec<String> = refusals.iter().filter(beside).map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// Perpetual, Term …
fn kind(row: &StockRow) -> String {
    row.line.as_ref().map_or("Reported", |line| line.license_type.word()).to_owned()
}

fn expires(row: &StockRow, now: Timestamp) -> Option<When> {
    row.line.as_ref()?.ends.map(|last| When::day(last, now))
}

/// What a device holds, with what it shall hold while an update is pending.
pub(super) fn held(stock: &[StockRow], now: Timestamp) -> Vec<ReviewRow> {
    let of_device = stock.iter().filter(|row| row.held > 0 || row.next.is_some());
    of_device
        .map(|row| ReviewRow {
            license: row.entitlement.name.clone(),
            kind: kind(row),
            expires: expires(row, now),
            quantity: (row.held, row.next.unwrap_or(row.held)),
        })
        .collect()
}

/// The radio buttons: the kind of the code, unless another one was chosen.
pub(super) fn kinds(
    (code, skin): (Kind, Skin),
    fields: &Fields,
    error: Option<String>,
) -> KindChoice {
    let present = Kind::parse(fields.get("kind")).unwrap_or(code);
    let option = |kind: Kind, name| (kind.code(), name, kind == present);
    let universal = option(Kind::Universal, label::UNIVERSAL);
    let specific = option(Kind::Specific, label::SPECIFIC);
    let options = match skin {
        Skin::Cssm => vec![universal, specific],
        // Only CSSM can sign for everything (A-RSV-22).
        Skin::Satellite => vec![specific],
    };
    KindChoice { options, error }
}
