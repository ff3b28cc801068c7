//! The codes that come back from a device, and the end of an update without one
//! (A-RSV-12, A-RSV-13, A-RSV-15, A-RSV-16).

use super::pages::EntryPage;
use super::{Reserved, refusal};
use crate::domain;
use crate::domain::reservation::{Kind, Refusal};
use crate::engine::Error;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Sent, SentFile, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::filters::grouped;
use crate::web::pages::help;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::view::Field;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// Asks for a confirmation code.
pub async fn ask_confirm(ask: Ask) -> HttpResponse {
    show(&ask, async { Ok(confirmation(&Reserved::of(&ask).await?, Field::default())) }).await
}

/// Takes a confirmation code: the update is in force.
pub async fn confirm(sent: SentFile) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let of = Reserved::of(ask).await?;
        let (code, page) = match sent.code("code") {
            Ok(code) => (code.clone(), confirmation(&of, Field::of(code))),
            Err(bad) => return Ok(again(ask, confirmation(&of, Field::default()), &bad)),
        };
        let (who, id) = (&ask.visit.who, of.view.instance.id);
        match ask.engine().confirm_reservation(who, ask.domain(), id, code).await {
            Ok(_) => Ok(ask.done(&of.to(""), format!("The code of {} is confirmed.", of.name()))),
            Err(error) => refused(ask, page, error),
        }
    })
    .await
}

/// *Remove Product Instance* with its return code.
pub async fn ask_return(ask: &Ask) -> Result<HttpResponse, Failure> {
    let of = Reserved::of(ask).await?;
    if of.view.pending {
        return Err(domain::Error::from(Refusal::Pending(of.view.instance.name())).into());
    }
    Ok(ask.visit.render(&removal(&of, Field::default())))
}

/// Takes a return code: the instance is gone, and its licenses are free.
pub async fn give_back(sent: SentFile) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let of = Reserved::of(ask).await?;
        let (code, page) = match sent.code("code") {
            Ok(code) => (code.clone(), removal(&of, Field::of(code))),
            Err(bad) => return Ok(again(ask, removal(&of, Field::default()), &bad)),
        };
        let (who, id) = (&ask.visit.who, of.view.instance.id);
        match ask.engine().return_reservation(who, ask.domain(), id, code).await {
            Ok(_) => Ok(ask.done(&of.inside.to("instances"), gone(&of))),
            Err(error) => refused(ask, page, error),
        }
    })
    .await
}

/// Asks before an update is cancelled.
pub async fn ask_cancel(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let of = Reserved::of(&ask).await?;
        if !of.view.pending {
            let name = of.view.instance.name();
            return Err(domain::Error::from(Refusal::NothingPending(name)).into());
        }
        Ok(cancelling(&of))
    })
    .await
}

/// Cancels an update.
pub async fn cancel(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let of = Reserved::of(ask).await?;
        let (who, id) = (&ask.visit.who, of.view.instance.id);
        ask.engine().cancel_reservation_update(who, ask.domain(), id).await?;
        Ok(ask.done(&of.to(""), format!("The update of {} is cancelled.", of.name())))
    })
    .await
}

fn again(ask: &Ask, page: EntryPage, problem: &str) -> HttpResponse {
    let page = EntryPage { code: page.code.clone().refused(problem), ..page };
    ask.visit.render_with(StatusCode::BAD_REQUEST, &page)
}

/// The page once more with what is wrong with the code.
fn refused(ask: &Ask, page: EntryPage, error: Error) -> Result<HttpResponse, Failure> {
    if refusal(&error).is_none() {
        return Err(error.into());
    }
    let page = EntryPage { code: page.code.clone().refused(&message(&error)), ..page };
    Ok(ask.visit.render_with(status(&error).0, &page))
}

fn gone(of: &Reserved) -> String {
    match of.view.kind {
        Kind::Specific => format!("{} is removed; {} available again.", of.name(), are(freed(of))),
        Kind::Universal => format!("{} is removed.", of.name()),
    }
}

fn are(licenses: i64) -> String {
    match licenses {
        1 => "1 license is".to_owned(),
        n => format!("{} licenses are", grouped(n)),
    }
}

/// Named as documented, with what it destroys.
fn removing(of: &Reserved) -> String {
    match freed(of) {
        0 => label::REMOVE_DIALOG.to_owned(),
        1 => format!("{} and free 1 license", label::REMOVE_DIALOG),
        n => format!("{} and free {} licenses", label::REMOVE_DIALOG, grouped(n)),
    }
}

/// How many licenses come back.
fn freed(of: &Reserved) -> i64 {
    of.view.rows.iter().filter(|row| row.line.is_some()).map(|row| row.held).sum()
}

fn confirmation(of: &Reserved, code: Field) -> EntryPage {
    let effects = if of.view.pending {
        of.view
            .rows
            .iter()
            .filter_map(|row| {
                let next = row.next.filter(|next| *next != row.held)?;
                Some(format!("{}: {} becomes {next}.", row.entitlement.name, row.held))
            })
            .collect()
    } else {
        vec![
            "No update is pending. The code of the first installation may be entered, but need \
              not be."
                .to_owned(),
        ]
    };
    EntryPage {
        frame: of.inside.frame.clone(),
        title: label::CONFIRM_DIALOG,
        about: format!("{} in {}", of.name(), of.inside.header.name),
        action: of.to("confirm"),
        label: label::CONFIRMATION_CODE,
        code,
        hint: "8 digits from 0 to 9 and a to f, which the device shows when its new authorization \
               code is installed.",
        effects,
        button: "OK".to_owned(),
        destroys: false,
        topic: help::RESERVATION_UPDATE,
        cancel: of.to(""),
    }
}

fn removal(of: &Reserved, code: Field) -> EntryPage {
    let held = of.view.rows.iter().filter(|row| row.held > 0);
    let effects = held.map(|row| match &row.line {
        Some(_) => format!("{} {} become available again.", row.held, row.entitlement.name),
        None => format!("{} {} are not reported any more.", row.held, row.entitlement.name),
    });
    EntryPage {
        frame: of.inside.frame.clone(),
        title: label::REMOVE_DIALOG,
        about: format!("{} in {}", of.name(), of.inside.header.name),
        action: of.to("return"),
        label: label::RETURN_CODE,
        code,
        hint: "The device shows it when its reservation is returned, also when its code was never \
               installed. It cannot be used twice.",
        effects: effects.collect(),
        button: removing(of),
        destroys: true,
        topic: help::RESERVATION_RETURN,
        cancel: of.to(""),
    }
}

fn cancelling(of: &Reserved) -> ConfirmPage {
    let changes = of.view.rows.iter().filter_map(|row| {
        let next = row.next.filter(|next| *next != row.held)?;
        Some((row.entitlement.name.clone(), format!("stays {}, not {next}", row.held)))
    });
    ConfirmPage {
        frame: of.inside.frame.clone(),
        title: format!("Cancel the update of {}", of.name()),
        facts: changes.collect(),
        consequence: "What the update took comes back, and its authorization code is void: if the \
                      device has installed it, its confirmation code is refused, and only the \
                      support desk can help."
            .to_owned(),
        refused: false,
        blockers: vec![],
        action: of.to("cancel-update"),
        button: "Cancel the update".to_owned(),
        destroys: true,
        topic: help::RESERVATION_UPDATE,
        cancel: of.to(""),
    }
}
