//! *Rehost Licenses from a Failed Product…* (A-RSV-18, A-RSV-19).

use super::pages::{Head, RequestPage, ReviewPage, ReviewRow, device};
use super::rows::{held, kept};
use super::{Reserved, Step, Steps, Way, is_about_code, made, refusal};
use crate::domain::reservation::Kind;
use crate::engine::{self, Error, Rehost, RequestView};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, SentFile, show};
use crate::web::pages::help;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::view::Field;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// First step.
pub async fn begin(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let of = Reserved::of(&ask).await?;
        of.must_be_settled()?;
        Ok(request(&of, &ask.query))
    })
    .await
}

/// Every step after it.
pub async fn send(sent: SentFile) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let of = Reserved::of(ask).await?;
        of.must_be_settled()?;
        match sent.code("code") {
            Ok(code) => answer(ask, &of, &fields.with("code", &code)).await,
            Err(problem) => {
                let mut page = request(&of, fields);
                page.code = page.code.refused(&problem);
                Ok(ask.visit.render_with(StatusCode::BAD_REQUEST, &page))
            }
        }
    })
    .await
}

/// Where the form that was sent leads.
async fn answer(ask: &Ask, of: &Reserved, fields: &Fields) -> Result<HttpResponse, Failure> {
    let back = fields.get("go") == "back";
    let wanted =
        Rehost { code: fields.get("code").to_owned(), notes: fields.get("notes").to_owned() };
    let outcome = match (Step::sent(fields), back) {
        (Step::Review, true) => return Ok(ask.visit.render(&request(of, fields))),
        (Step::Review, false) => carry_out(ask, of, wanted).await,
        _ => check(ask, of, fields, wanted).await,
    };
    outcome.or_else(|error| refused(ask, of, fields, error))
}

async fn carry_out(ask: &Ask, of: &Reserved, wanted: Rehost) -> engine::Result<HttpResponse> {
    let (who, id) = (&ask.visit.who, of.view.instance.id);
    let issued = ask.engine().rehost(who, ask.domain(), id, wanted).await?;
    Ok(ask.go(&made(&of.inside, issued.instance.id, Way::Rehost, false)))
}

/// The system check, and what it has found.
async fn check(
    ask: &Ask,
    of: &Reserved,
    fields: &Fields,
    wanted: Rehost,
) -> engine::Result<HttpResponse> {
    let (who, domain, engine) = (&ask.visit.who, ask.domain(), ask.engine());
    let code = wanted.code.clone();
    let missing = engine.check_rehost(who, domain, of.view.instance.id, wanted).await?;
    let found = engine.reservation_request(who, domain, of.inside.va(), code).await?;
    Ok(ask.visit.render(&review_page(ask, of, fields, &found, missing)))
}

fn refused(
    ask: &Ask,
    of: &Reserved,
    fields: &Fields,
    error: Error,
) -> Result<HttpResponse, Failure> {
    let mut page = request(of, fields);
    let text = message(&error);
    match &error {
        error if is_about_code(error) => page.code = page.code.refused(&text),
        Error::Domain(crate::domain::Error::Invalid { field: "notes", problem }) => {
            page.notes = page.notes.map(|notes| notes.refused(problem));
        }
        error if refusal(error).is_some() => page.refused = Some(text),
        _ => return Err(error.into()),
    }
    Ok(ask.visit.render_with(status(&error).0, &page))
}

fn head(of: &Reserved, here: Step, hidden: Vec<(String, String)>) -> Head {
    Head {
        title: label::REHOST_DIALOG,
        about: format!("{} in {} has failed", of.name(), of.inside.header.name),
        steps: Steps::of(Way::Rehost, false, here),
        action: of.to("rehost"),
        hidden,
        cancel: of.to(""),
        topic: help::REHOST,
    }
}

fn request(of: &Reserved, fields: &Fields) -> RequestPage {
    RequestPage {
        frame: of.inside.frame.clone(),
        head: head(of, Step::Request, Vec::new()),
        code: Field::of(fields.get("code")),
        notes: Some(Field::of(fields.get("notes"))),
        refused: None,
    }
}

fn review_page(
    ask: &Ask,
    of: &Reserved,
    fields: &Fields,
    found: &RequestView,
    missing: i64,
) -> ReviewPage {
    let stock = if missing > 0 {
        format!(
            "{missing} of the licenses are not in stock; they may be missing until the failed \
             product is returned."
        )
    } else {
        "The licenses are in stock.".to_owned()
    };
    let gets = |row: ReviewRow| ReviewRow { quantity: (0, row.quantity.0), ..row };
    let rows = held(&of.view.rows, ask.now()).into_iter().map(gets).collect();
    ReviewPage {
        frame: of.inside.frame.clone(),
        head: head(of, Step::Review, kept(fields, &[])),
        device: device(&found.device, &found.product.name),
        checks: vec![
            "The request code is complete, its product is known, and the device is new here."
                .to_owned(),
            stock,
        ],
        rows: (of.view.kind == Kind::Specific).then_some(rows),
        consequence: "The replacement gets the licenses out of the stock. The failed product \
                      keeps its own until its return code is entered; until then its return is \
                      pending.",
        updates: false,
        refused: None,
    }
}
