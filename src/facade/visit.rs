//! A browser's visit: its session, the forgery guard of forms, and the message that survives a
//! redirect.

use super::faults::Fault;
use super::pages::frame::{FaultPage, Frame, Tab};
use super::{Facade, OnlyLicensing, only_licensing};
use crate::crypto::secret::{digest, hex, random_bytes, same};
use crate::web::multipart::UploadForm;
use crate::web::pages::view::{Flash, Tone};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;

/// Where licenses are managed: all that works when nothing else does.
pub const LICENSING: &str = "/system/licenses";
/// Where host licenses of a meetings server are managed.
pub const HOST_LICENSES: &str = "/host-licenses";
/// What stands there then (seed 003: DOC).
pub const ONLY_LICENSING: &str = "The evaluation period is over and the product is not registered: \
                                  only license management works until it is.";

/// What a page's handler answers.
pub type Answer = Result<HttpResponse, Detour>;

/// A request of a browser.
pub struct Visit {
    /// The product's faces.
    pub facade: web::Data<Facade>,
    /// The session's secret.
    pub session: Option<String>,
    /// The hidden field of every form.
    pub csrf: String,
    /// The message of the request before.
    pub flash: Option<Flash>,
    /// Path and query.
    pub here: String,
    fresh_guard: Option<String>,
}

/// An answer other than the page that was asked for.
#[derive(Debug)]
pub enum Detour {
    /// First sign in; then go there.
    SignIn(String),
    /// Only licensing works; the port names the cookie.
    Licensing(u16, OnlyLicensing),
    /// A page that says what is wrong.
    Page(StatusCode, String),
}

impl fmt::Display for Detour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn(_) => f.write_str("nobody is signed in"),
            Self::Licensing(_, only) => f.write_str(&only.why),
            Self::Page(status, _) => write!(f, "a page with status {status}"),
        }
    }
}

impl ResponseError for Detour {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn(_) | Self::Licensing(..) => StatusCode::SEE_OTHER,
            Self::Page(status, _) => *status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::SignIn(next) => {
                let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
                answer.insert_header((LOCATION, format!("/login?next={next}"))).finish()
            }
            Self::Licensing(port, only) => {
                let flash = Flash { tone: Tone::Attention, text: only.why.clone() };
                answer.insert_header((LOCATION, only.page));
                answer.cookie(cookie(*port, "flash", &written(&flash))).finish()
            }
            Self::Page(_, html) => {
                answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(html.clone())
            }
        }
    }
}

impl FromRequest for Visit {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

impl Visit {
    /// Reads the cookies of a request.
    ///
    /// # Errors
    /// There is no randomness, or no product.
    pub fn read(request: &HttpRequest) -> Result<Self, Fault> {
        let facade = request.app_data::<web::Data<Facade>>().cloned().ok_or(Fault::Internal)?;
        let cookie = |what: &str| {
            let found = request.cookie(&cookie_name(facade.port, what));
            found.map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
        };
        let session = cookie("session").filter(|secret| facade.gate.knows(secret));
        let guard = cookie("guard");
        let fresh_guard = match (&session, &guard) {
            (None, None) => Some(hex(&random_bytes::<16>()?)),
            (Some(_), _) | (_, Some(_)) => None,
        };
        // Before anybody is signed in, the guard is a cookie of its own.
        let secret = session.clone().or(guard).or_else(|| fresh_guard.clone());
        let csrf = digest(&format!("csrf:{}", secret.unwrap_or_default()));
        let flash = cookie("flash").and_then(|text| read_flash(&text));
        let here = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { facade, session, csrf, flash, here, fresh_guard })
    }

    /// Lets on only while the whole product works.
    ///
    /// # Errors
    /// Only licensing works.
    pub fn whole(&self) -> Result<(), Detour> {
        match self.facade.live.look(only_licensing) {
            Some(only) => Err(Detour::Licensing(self.facade.port, only)),
            None => Ok(()),
        }
    }

    /// Renders a page, and takes the shown message away.
    pub fn render(&self, status: StatusCode, page: &impl Template) -> HttpResponse {
        let mut answer = HttpResponse::build(status);
        answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
        answer.insert_header(("Cache-Control", "no-store"));
        if self.flash.is_some() {
            answer.cookie(gone(self.facade.port, "flash"));
        }
        if let Some(guard) = &self.fresh_guard {
            answer.cookie(cookie(self.facade.port, "guard", guard));
        }
        match page.render() {
            Ok(html) => answer.body(html),
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                HttpResponse::InternalServerError().body("The page could not be rendered.")
            }
        }
    }

    /// Redirects after a post; the message is shown there.
    pub fn go(&self, to: &str, flash: Option<Flash>) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((LOCATION, to));
        if let Some(flash) = flash {
            answer.cookie(cookie(self.facade.port, "flash", &written(&flash)));
        }
        answer.finish()
    }

    /// Redirects with a session that has begun.
    pub fn begin(&self, to: &str, secret: &str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((LOCATION, to));
        answer.cookie(cookie(self.facade.port, "session", secret)).finish()
    }

    /// Redirects without a session.
    pub fn end(&self, to: &str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((LOCATION, to)).cookie(gone(self.facade.port, "session")).finish()
    }

    /// A page that says what is wrong.
    pub fn fault(&self, fault: &Fault) -> Detour {
        let page = FaultPage {
            frame: Frame::of(self, Tab::None),
            status: fault.status().as_u16(),
            message: fault.to_string(),
        };
        let html = page.render().unwrap_or_else(|_| fault.to_string());
        Detour::Page(fault.status(), html)
    }
}

/// A visit with a session; without one the way leads to signing in.
pub struct Signed(pub Visit);

impl FromRequest for Signed {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed(request).map(Self))
    }
}

fn signed(request: &HttpRequest) -> Result<Visit, actix_web::Error> {
    let visit = Visit::read(request)?;
    if visit.session.is_none() {
        let posted = request.method() == actix_web::http::Method::POST;
        return Err(Detour::SignIn(if posted { "/".to_owned() } else { visit.here }).into());
    }
    Ok(visit)
}

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field's text; empty if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A form that one of our pages sent, of somebody who is signed in.
pub struct Sent {
    /// The visit.
    pub visit: Visit,
    /// What was typed.
    pub fields: Fields,
}

impl FromRequest for Sent {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = signed(request);
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move { Ok(read_form(visit?, body.await)?) })
    }
}

/// The same of somebody who is not.
pub struct Knock(pub Sent);

impl FromRequest for Knock {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::read(request);
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move { Ok(Self(read_form(visit?, body.await)?)) })
    }
}

/// A form with a file, or with the place of one, of somebody who is signed in.
pub struct SentFile {
    /// The visit.
    pub visit: Visit,
    /// What was typed and chosen.
    pub form: UploadForm,
}

impl FromRequest for SentFile {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = signed(request);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = visit?;
            let form = UploadForm::read(&request, payload).await;
            let form = form.map_err(|bad| visit.fault(&Fault::Upload(bad)))?;
            if !same(form.get("csrf").as_bytes(), visit.csrf.as_bytes()) {
                return Err(visit.fault(&Fault::Forged).into());
            }
            Ok(Self { visit, form })
        })
    }
}

fn read_form(visit: Visit, body: Result<web::Bytes, actix_web::Error>) -> Result<Sent, Detour> {
    let unreadable = |problem: String| visit.fault(&Fault::invalid("form", problem));
    let body = body.map_err(|error| unreadable(error.to_string()))?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&body).map_err(|error| unreadable(error.to_string()))?;
    let fields = Fields(fields);
    if !same(fields.get("csrf").as_bytes(), visit.csrf.as_bytes()) {
        return Err(visit.fault(&Fault::Forged));
    }
    Ok(Sent { visit, fields })
}

fn cookie_name(port: u16, what: &str) -> String {
    format!("syncom_device_{port}_{what}")
}

fn cookie(port: u16, what: &str, value: &str) -> Cookie<'static> {
    Cookie::build(cookie_name(port, what), value.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}

fn gone(port: u16, what: &str) -> Cookie<'static> {
    let mut cookie = cookie(port, what, "");
    cookie.set_max_age(Duration::ZERO);
    cookie
}

const MARKS: [(char, Tone); 4] =
    [('+', Tone::Good), ('-', Tone::Bad), ('!', Tone::Attention), ('.', Tone::Neutral)];

fn written(flash: &Flash) -> String {
    let mark = MARKS.iter().find(|(_, tone)| *tone == flash.tone).map_or('.', |(mark, _)| *mark);
    format!("{mark}{}", utf8_percent_encode(&flash.text, NON_ALPHANUMERIC))
}

fn read_flash(text: &str) -> Option<Flash> {
    let mut letters = text.chars();
    let mark = letters.next()?;
    let (_, tone) = MARKS.into_iter().find(|(known, _)| *known == mark)?;
    let text = percent_decode_str(letters.as_str()).decode_utf8().ok()?.into_owned();
    Some(Flash { tone, text })
}
