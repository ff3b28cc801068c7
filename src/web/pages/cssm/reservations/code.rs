//! *Authorization Code*: shown, copied and downloaded, now or later (A-RSV-07, A-PIN-08).

use super::pages::CodePage;
use super::{Reserved, Step, Steps, Way};
use crate::domain;
use crate::domain::reservation::{Authorization, Kind};
use crate::web::pages::ask::{Ask, Failure, act, show};
use crate::web::pages::view::When;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

/// The code, and what to do with it.
pub async fn one(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let of = Reserved::of(&ask).await?;
        let code = newest(&of)?.clone();
        Ok(page(&ask, of, code))
    })
    .await
}

/// The code as a file.
pub async fn download(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let of = Reserved::of(&ask).await?;
        let kind = match of.view.kind {
            Kind::Specific => "application/xml; charset=utf-8",
            Kind::Universal => "text/plain; charset=utf-8",
        };
        Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, kind))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file(&of))))
            .body(newest(&of)?.code.clone()))
    })
    .await
}

fn newest(of: &Reserved) -> Result<&Authorization, Failure> {
    let found = of.view.authorization.as_ref();
    found.ok_or_else(|| domain::Error::not_found("authorization code of", of.name()).into())
}

/// `AC_<SN>.xml`; a serial number is what the device says, so only plain characters are kept.
fn file(of: &Reserved) -> String {
    let udi = &of.view.instance.udi;
    let own = udi.serial.as_deref().or(udi.uuid.as_deref()).unwrap_or("device");
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let end = match of.view.kind {
        Kind::Specific => "xml",
        Kind::Universal => "txt",
    };
    format!("AC_{}.{end}", own.chars().map(plain).collect::<String>())
}

fn page(ask: &Ask, of: Reserved, code: Authorization) -> CodePage {
    let way = Way::parse(ask.query.get("made"));
    CodePage {
        steps: way.map(|way| Steps::of(way, ask.query.yes("added"), Step::Code)),
        name: of.name(),
        code: code.code,
        made: (When::at(code.made_at, ask.now()), code.made_by),
        pending: of.view.pending,
        universal: of.view.kind == Kind::Universal,
        file: file(&of),
        download: of.to("authorization/download"),
        confirm: of.to("confirm"),
        close: of.to(""),
        frame: of.inside.frame,
    }
}
