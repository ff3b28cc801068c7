//! A browser's visit: who is signed in, the forgery guard of forms, and the
//! one message that survives a redirect.

use super::error::ApiError;
use super::extract::site;
use super::multipart::{BadUpload, Upload, UploadForm};
use crate::crypto::secret::{digest, same};
use crate::engine::{Engine, Who};
use crate::protocol::sync::Limits;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::DeserializeOwned;
use std::future::{Future, Ready, ready};
use std::pin::Pin;

/// The largest form, in bytes (ours).
const FORM_LIMIT: usize = 256 * 1024;

/// A message that survives one redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// Whether something succeeded.
    pub good: bool,
    /// The sentence.
    pub text: String,
}

/// A request of a browser. Cookies are named after the site, because browsers
/// do not tell ports apart.
pub struct Visit {
    /// The site.
    pub engine: Engine,
    /// Who is signed in.
    pub who: Who,
    /// The hidden field of every form.
    pub csrf: String,
    /// The message of the request before.
    pub flash: Option<Flash>,
    /// The code of the language that was chosen for the hub.
    pub language: Option<String>,
    /// Path and query, for the way back after signing in.
    pub here: String,
    fresh_guard: Option<String>,
}

impl FromRequest for Visit {
    type Error = ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

impl Visit {
    /// Reads the cookies of a request.
    pub fn read(request: &HttpRequest) -> Result<Self, ApiError> {
        let engine = site(request)?;
        let cookie = |what: &str| {
            let name = cookie_name(&engine, what);
            request.cookie(&name).map(|c| c.value().to_owned()).filter(|v| !v.is_empty())
        };
        let session = cookie("session");
        let guard = cookie("guard");
        let fresh_guard = (session.is_none() && guard.is_none()).then(|| engine.ids().secret());
        // Before anybody is signed in, the guard is a cookie of its own.
        let secret = session.clone().or(guard).or_else(|| fresh_guard.clone());
        let csrf = digest(&format!("csrf:{}", secret.unwrap_or_default()));
        let flash = cookie("flash").and_then(|text| read_flash(&text));
        let who = session.map_or(Who::Nobody, Who::Session);
        let here = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
        let language = cookie("language");
        Ok(Self { engine, who, csrf, flash, language, here, fresh_guard })
    }

    /// Renders a page, and takes the shown message away.
    pub fn render(&self, page: &impl Template) -> HttpResponse {
        self.render_with(StatusCode::OK, page)
    }

    /// Renders a page under a status.
    pub fn render_with(&self, status: StatusCode, page: &impl Template) -> HttpResponse {
        let mut answer = HttpResponse::build(status);
        answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
        answer.insert_header(("Cache-Control", "no-store"));
        self.settle(&mut answer);
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
            let mark = if flash.good { "+" } else { "-" };
            let text = utf8_percent_encode(&flash.text, NON_ALPHANUMERIC);
            answer.cookie(self.cookie("flash", &format!("{mark}{text}")));
        }
        answer.finish()
    }

    /// Redirects after signing in, with the session's cookie.
    pub fn begin(&self, to: &str, secret: &str, flash: Option<Flash>) -> HttpResponse {
        let mut answer = self.go(to, flash);
        // A name and a value that a cookie can hold: both are ours.
        if answer.add_cookie(&self.cookie("session", secret)).is_err() {
            tracing::error!("the cookie of a session could not be set");
        }
        answer
    }

    /// Keeps the language that was chosen, and leads on.
    pub fn speak(&self, code: &str, to: &str) -> HttpResponse {
        let mut answer = self.go(to, None);
        let mut cookie = self.cookie("language", code);
        cookie.set_max_age(Duration::days(365));
        if answer.add_cookie(&cookie).is_err() {
            tracing::error!("the cookie of a language could not be set");
        }
        answer
    }

    /// Redirects after signing out, without any cookie of ours.
    pub fn end(&self, to: &str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((LOCATION, to)).cookie(self.gone("session"));
        answer.finish()
    }

    fn settle(&self, answer: &mut HttpResponseBuilder) {
        if self.flash.is_some() {
            answer.cookie(self.gone("flash"));
        }
        if let Some(guard) = &self.fresh_guard {
            answer.cookie(self.cookie("guard", guard));
        }
    }

    fn cookie(&self, what: &str, value: &str) -> Cookie<'static> {
        Cookie::build(cookie_name(&self.engine, what), value.to_owned())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .finish()
    }

    fn gone(&self, what: &str) -> Cookie<'static> {
        let mut cookie = self.cookie(what, "");
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}

fn cookie_name(engine: &Engine, what: &str) -> String {
    format!("syncom_{}_{what}", engine.name())
}

fn read_flash(text: &str) -> Option<Flash> {
    let good = text.starts_with('+');
    let text = text.get(1..)?;
    let text = percent_decode_str(text).decode_utf8().ok()?.into_owned();
    Some(Flash { good, text })
}

/// A posted form whose hidden field proves that one of our pages sent it.
pub struct SafeForm<T> {
    /// The visit it belongs to.
    pub visit: Visit,
    /// The fields.
    pub fields: T,
}

/// Why a form is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The site is unknown.
    #[error(transparent)]
    Site(#[from] ApiErrorText),
    /// It did not come from one of our pages, or the session has changed since.
    #[error("The form has expired. Go back, reload the page and send it again.")]
    Forged,
    /// It is too large or not a form.
    #[error("The form could not be read: {0}")]
    Unreadable(String),
    /// The file with it is too large, or the form is none.
    #[error("The upload is not taken: {0}.")]
    Upload(#[from] BadUpload),
}

/// The text of a failure to find the site.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ApiErrorText(String);

impl actix_web::ResponseError for FormError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Site(_) => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Upload(bad) => bad.status(),
        }
    }
}

/// Whether the hidden field is that of the session.
fn ours(visit: &Visit, pairs: &[(String, String)]) -> Result<(), FormError> {
    let shown = pairs.iter().find(|(name, _)| name == "csrf");
    let shown = shown.map(|(_, value)| value.as_bytes()).unwrap_or_default();
    if same(shown, visit.csrf.as_bytes()) { Ok(()) } else { Err(FormError::Forged) }
}

impl<T: DeserializeOwned + 'static> FromRequest for SafeForm<T> {
    type Error = FormError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, FormError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::read(request);
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let visit = visit.map_err(|error| ApiErrorText(error.to_string()))?;
            let body = body.await.map_err(|error| FormError::Unreadable(error.to_string()))?;
            if body.len() > FORM_LIMIT {
                let problem = format!("it is larger than {FORM_LIMIT} bytes");
                return Err(FormError::Unreadable(problem));
            }
            let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
                .map_err(|error| FormError::Unreadable(error.to_string()))?;
            if let Some((name, _)) = pairs.iter().find(|(_, value)| value.contains('\0')) {
                return Err(FormError::Unreadable(format!(
                    "{name} holds U+0000, which is no text"
                )));
            }
            ours(&visit, &pairs)?;
            let fields = serde_urlencoded::from_bytes(&body)
                .map_err(|error| FormError::Unreadable(error.to_string()))?;
            Ok(Self { visit, fields })
        })
    }
}

/// A posted form with a file, or with the place of one.
pub struct SafeUpload<T> {
    /// The visit it belongs to.
    pub visit: Visit,
    /// The fields.
    pub fields: T,
    /// The file that was chosen.
    pub file: Option<Upload>,
}

impl<T: DeserializeOwned + 'static> FromRequest for SafeUpload<T> {
    type Error = FormError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, FormError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::read(request);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = visit.map_err(|error| ApiErrorText(error.to_string()))?;
            let form = UploadForm::read(&request, payload).await?;
            ours(&visit, &form.fields)?;
            let unreadable = |error: String| FormError::Unreadable(error);
            let fields = serde_urlencoded::to_string(&form.fields)
                .map_err(|error| unreadable(error.to_string()))?;
            let fields = serde_urlencoded::from_str(&fields)
                .map_err(|error| unreadable(error.to_string()))?;
            Ok(Self { visit, fields, file: form.file })
        })
    }
}

/// A posted form with a file between satellite and CSSM.
pub struct LargeUpload {
    /// The fields.
    pub fields: Vec<(String, String)>,
    /// The file that was chosen.
    pub file: Option<Upload>,
}

impl FromRequest for LargeUpload {
    type Error = FormError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, FormError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::read(request);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = visit.map_err(|error| ApiErrorText(error.to_string()))?;
            let most = usize::try_from(Limits::default().packed).unwrap_or(usize::MAX);
            let form = UploadForm::read_large(&request, payload, most).await?;
            ours(&visit, &form.fields)?;
            Ok(Self { fields: form.fields, file: form.file })
        })
    }
}
