//! License Reservation: the request code, the authorization code, its update and its return.
// Seed 003, "License Reservation" (DOC): the words of links and buttons.

use super::frame::{Frame, Tab};
use super::reserved::Reserved;
use crate::crypto::ca;
use crate::device::DeviceError;
use crate::device::machine::{Ask, Event};
use crate::domain::reservation::Kind;
use crate::facade::faults::Fault;
use crate::facade::pages::outcome::reason;
use crate::facade::visit::{Answer, Sent, SentFile, Signed, Visit};
use crate::web::multipart::UploadForm;
use crate::web::pages::view::{Field, Flash, Tone};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Path;
use askama::Template;

const HERE: &str = "/system/licenses/reservation";
const REGISTRATION: &str = "/system/licenses/registration";

/// What was typed, with why it was refused.
#[derive(Clone, Debug, Default)]
struct Typed {
    install: Field,
    unused: Field,
    certificate: Field,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/reservation.html")]
struct ReservationPage {
    frame: Frame,
    reserved: Reserved,
    typed: Typed,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/modify.html")]
struct ModifyPage {
    frame: Frame,
    reserved: Reserved,
    code: Field,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/return.html")]
struct ReturnPage {
    frame: Frame,
    reserved: Reserved,
}

impl ReservationPage {
    fn of(visit: &Visit, typed: Typed) -> Self {
        let reserved = visit.facade.live.look(Reserved::of);
        Self { frame: Frame::of(visit, Tab::System), reserved, typed }
    }
}

fn good(text: &str) -> Flash {
    Flash { tone: Tone::Good, text: text.to_owned() }
}

/// Lets it happen; nothing of it is sent.
async fn ask(visit: &Visit, ask: Ask) -> Result<(), DeviceError> {
    visit.facade.live.ask_in_turn(Event::Reserve(ask)).await.map(|_| ())
}

/// And says how it went, on that page.
async fn done(visit: &Visit, what: Ask, to: &str, text: &str) -> Answer {
    let flash = match ask(visit, what).await {
        Ok(()) => good(text),
        Err(error) => Flash { tone: Tone::Bad, text: reason(&error) },
    };
    Ok(visit.go(to, Some(flash)))
}

fn refused(visit: &Visit, typed: Typed) -> HttpResponse {
    visit.render(StatusCode::BAD_REQUEST, &ReservationPage::of(visit, typed))
}

/// What was pasted, or what is in the file.
fn given(form: &UploadForm) -> Result<String, Field> {
    let typed = Field::of(form.get("code").trim());
    match (&form.file, typed.value.is_empty()) {
        (Some(_), false) => Err(typed.refused("choose a file or paste the code, not both")),
        (Some(file), true) => match file.text() {
            Ok(text) => Ok(text.to_owned()),
            Err(bad) => Err(typed.refused(&bad.to_string())),
        },
        (None, true) => Err(typed.refused("choose the file with the code, or paste it")),
        (None, false) => Ok(typed.value),
    }
}

/// A field that shows what was pasted again; a file is chosen anew.
fn again(form: &UploadForm, error: &DeviceError) -> Field {
    Field::of(form.get("code").trim()).refused(&reason(error))
}

/// The page.
pub async fn page(Signed(visit): Signed) -> Answer {
    Ok(visit.render(StatusCode::OK, &ReservationPage::of(&visit, Typed::default())))
}

/// *Obtain a Reservation Request Code*: turns the mode on where it is off.
pub async fn request(Sent { visit, fields }: Sent) -> Answer {
    let kind = Kind::parse(fields.get("kind")).unwrap_or(Kind::Specific);
    if !visit.facade.live.look(|state, _| state.reservation.enabled)
        && let Err(error) = ask(&visit, Ask::Enable).await
    {
        return Ok(visit.go(HERE, Some(Flash { tone: Tone::Bad, text: reason(&error) })));
    }
    done(&visit, Ask::Request(kind), HERE, "Copy the request code, or save it in a file.").await
}

/// *Cancel the request*.
pub async fn cancel(Sent { visit, .. }: Sent) -> Answer {
    done(&visit, Ask::Cancel, HERE, "The reservation request is cancelled.").await
}

/// Leaves the mode.
pub async fn disable(Sent { visit, .. }: Sent) -> Answer {
    let text = "License reservation is disabled. The product can register with a token.";
    done(&visit, Ask::Disable, HERE, text).await
}

/// *Install Authorization Code*.
pub async fn install(SentFile { visit, form }: SentFile) -> Answer {
    let failed = match given(&form) {
        Ok(code) => ask(&visit, Ask::Install(code)).await.map_err(|error| again(&form, &error)),
        Err(field) => Err(field),
    };
    match failed {
        Ok(()) => Ok(visit.go(HERE, Some(good("The authorization code is installed.")))),
        Err(install) => Ok(refused(&visit, Typed { install, ..Typed::default() })),
    }
}

/// *Return an unused code*.
pub async fn return_unused(SentFile { visit, form }: SentFile) -> Answer {
    let failed = match given(&form) {
        Ok(code) => {
            let back = ask(&visit, Ask::ReturnAuthorization(code)).await;
            back.map_err(|error| again(&form, &error))
        }
        Err(field) => Err(field),
    };
    match failed {
        Ok(()) => {
            Ok(visit.go(REGISTRATION, Some(good("Copy the return code, or save it in a file."))))
        }
        Err(unused) => Ok(refused(&visit, Typed { unused, ..Typed::default() })),
    }
}

/// Trusts the root of the server, without which no signature can be checked.
pub async fn trust(SentFile { visit, form }: SentFile) -> Answer {
    let trusted = given(&form).and_then(|pem| {
        let wrong = |rule: &str| Field::of(form.get("code")).refused(rule);
        if !ca::certificates_from_pem(&pem).is_ok_and(|found| !found.is_empty()) {
            return Err(wrong("it must be a certificate in PEM form, BEGIN CERTIFICATE and so on"));
        }
        let set = visit.facade.live.set(|settings| settings.ca_pem = Some(pem));
        set.map_err(|error| wrong(&error.to_string()))
    });
    match trusted {
        Ok(()) => Ok(visit.go(HERE, Some(good("The CA certificate is installed.")))),
        Err(certificate) => Ok(refused(&visit, Typed { certificate, ..Typed::default() })),
    }
}

/// *Modify Licenses*: asks for the code of the update.
pub async fn modify_form(Signed(visit): Signed) -> Answer {
    Ok(modify_page(&visit, StatusCode::OK, Field::default()))
}

fn modify_page(visit: &Visit, status: StatusCode, code: Field) -> HttpResponse {
    let reserved = visit.facade.live.look(Reserved::of);
    let page = ModifyPage { frame: Frame::of(visit, Tab::System), reserved, code };
    visit.render(status, &page)
}

/// *Update*.
pub async fn modify(SentFile { visit, form }: SentFile) -> Answer {
    let failed = match given(&form) {
        Ok(code) => ask(&visit, Ask::Install(code)).await.map_err(|error| again(&form, &error)),
        Err(field) => Err(field),
    };
    let text = "The reserved licenses are updated. Enter the confirmation code on the portal.";
    match failed {
        Ok(()) => Ok(visit.go(HERE, Some(good(text)))),
        Err(code) => Ok(modify_page(&visit, StatusCode::BAD_REQUEST, code)),
    }
}

/// Asks whether to return.
pub async fn question(Signed(visit): Signed) -> Answer {
    let reserved = visit.facade.live.look(Reserved::of);
    let page = ReturnPage { frame: Frame::of(&visit, Tab::System), reserved };
    Ok(visit.render(StatusCode::OK, &page))
}

/// *Yes*: makes the return code.
pub async fn create_return(Sent { visit, .. }: Sent) -> Answer {
    let text = "Copy the return code, and remove the product instance on the portal with it.";
    done(&visit, Ask::Return, REGISTRATION, text).await
}

/// *Return Reserved Licenses*, when the portal has taken the return code: the mode ends.
pub async fn finish(Sent { visit, .. }: Sent) -> Answer {
    let forgotten = ask(&visit, Ask::ForgetReturn).await;
    if let Err(error) = forgotten {
        let flash = Flash { tone: Tone::Bad, text: reason(&error) };
        return Ok(visit.go(REGISTRATION, Some(flash)));
    }
    let text = "The reserved licenses are returned. The product can register or reserve again.";
    done(&visit, Ask::Disable, REGISTRATION, text).await
}

/// A code as a file.
pub async fn save(Signed(visit): Signed, which: Path<String>) -> Answer {
    let reserved = visit.facade.live.look(Reserved::of);
    let code = match which.as_str() {
        "request" => reserved.request,
        "confirmation" => reserved.confirmation,
        "return" => reserved.back,
        _ => None,
    };
    let code = code.ok_or_else(|| visit.fault(&Fault::NotFound("code".to_owned())))?;
    let name = format!("attachment; filename=\"{which}-code.txt\"");
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"));
    answer.insert_header((CONTENT_DISPOSITION, name));
    Ok(answer.body(format!("{code}\n")))
}
