//! A browser asks for a page or sends a form: what it says, and how it ends.

use super::error::ErrorPage;
pub use super::fields::Fields;
use super::frame::{Frame, Skin, SystemBar, Tab, Viewer, WorldTime, base};
use super::view::{Flash, Severities, Tone};
use super::words::Words;
use crate::clock::Clock;
use crate::domain::id::{EntitlementId, InstanceId, TokenId};
use crate::domain::people::Actor;
use crate::domain::site::Edition;
use crate::domain::{self, Timestamp};
use crate::engine::{self, Engine, SignInRefusal, VaRef};
use crate::web::error::{ApiError, message, status};
use crate::web::multipart::Upload;
use crate::web::visit::{FormError, SafeForm, SafeUpload, Visit};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::future::{Future, Ready, ready};
use std::pin::Pin;

/// What went wrong on the way to a page.
#[derive(Debug)]
pub enum Failure {
    /// A use case refused or failed.
    Engine(engine::Error),
    /// The form did not come from one of our pages, or cannot be read.
    Form(StatusCode, String),
}

impl<E: Into<engine::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}

/// A request for a page.
pub struct Ask {
    /// Site, session, guard and flash.
    pub visit: Visit,
    /// What stands after the question mark.
    pub query: Fields,
    /// Scheme and host as the browser sees them.
    pub origin: String,
    path: Fields,
    gets: bool,
}

impl FromRequest for Ask {
    type Error = ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

impl Ask {
    pub(super) fn read(request: &HttpRequest) -> Result<Self, ApiError> {
        let pairs = request.match_info().iter();
        // The router leaves what is special in an address as it came.
        let decoded = |value: &str| percent_decode_str(value).decode_utf8_lossy().into_owned();
        let path = pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect();
        let query = serde_urlencoded::from_str(request.query_string());
        let query = query.map_err(|error| domain::Error::invalid("query", error.to_string()))?;
        Ok(Self {
            visit: Visit::read(request)?,
            query: Fields(query),
            origin: origin(request),
            path: Fields(path),
            gets: request.method() == actix_web::http::Method::GET,
        })
    }

    /// The site's use cases.
    pub fn engine(&self) -> &Engine {
        &self.visit.engine
    }

    /// The present instant of the world.
    pub fn now(&self) -> Timestamp {
        self.engine().now()
    }

    /// The domain of the Smart Account, or name of the local account, in the address.
    pub fn domain(&self) -> &str {
        self.path.get("domain")
    }

    /// The address below which the pages of that account live.
    pub fn base(&self) -> String {
        base(self.domain())
    }

    /// What this portal calls things.
    pub fn words(&self) -> &'static Words {
        Skin::of(self.engine().edition()).words()
    }

    /// The virtual account in the address.
    pub fn va(&self) -> domain::Result<VaRef> {
        let text = self.path.get("va");
        let number = text.parse().map_err(|_| domain::Error::not_found("virtual account", text))?;
        Ok(VaRef::Number(number))
    }

    /// The virtual account in the address, as it stands there.
    pub fn va_text(&self) -> &str {
        self.path.get("va")
    }

    /// The token in the address.
    pub fn token(&self) -> domain::Result<TokenId> {
        let text = self.path.get("id");
        text.parse().map_err(|_| domain::Error::not_found("registration token", text))
    }

    /// The license in the address.
    pub fn license(&self) -> domain::Result<EntitlementId> {
        let text = self.path.get("id");
        text.parse().map_err(|_| domain::Error::not_found("license", text))
    }

    /// The product instance in the address.
    pub fn instance(&self) -> domain::Result<InstanceId> {
        let text = self.path.get("id");
        text.parse().map_err(|_| domain::Error::not_found("product instance", text))
    }

    /// Another segment of the address.
    pub fn segment(&self, name: &str) -> &str {
        self.path.get(name)
    }

    /// The On-Prem in the address.
    pub fn on_prem(&self) -> domain::Result<i64> {
        let text = self.path.get("number");
        text.parse().map_err(|_| domain::Error::not_found("On-Prem", text))
    }

    /// The file in the address.
    pub fn file(&self) -> &str {
        self.path.get("file")
    }

    /// A frame without account and viewer.
    pub fn frame(&self) -> Frame {
        let flash = self.visit.flash.as_ref().map(|flash| Flash {
            tone: if flash.good { Tone::Good } else { Tone::Bad },
            text: flash.text.clone(),
        });
        Frame {
            skin: Skin::of(self.engine().edition()),
            site: self.engine().name().to_owned(),
            account: None,
            viewer: None,
            system: None,
            hub: None,
            world: world_time(self.engine().clock()),
            tab: Tab::Outside,
            alerts: Severities::default(),
            sees_all: false,
            flash,
            csrf: self.visit.csrf.clone(),
        }
    }

    /// A frame with the viewer, without an account.
    pub async fn viewer_frame(&self) -> Result<Frame, Failure> {
        if self.engine().edition() == Edition::Satellite {
            return Box::pin(self.satellite_frame()).await;
        }
        let actor = self.engine().whoami(&self.visit.who).await?;
        Ok(Frame { viewer: Some(viewer(&actor)), ..self.frame() })
    }

    /// The frame of a satellite's page, also for those who must change their password first.
    async fn satellite_frame(&self) -> Result<Frame, Failure> {
        let profile = self.engine().profile(&self.visit.who).await?;
        let system = SystemBar::of(&profile, self.now());
        let viewer = Viewer { name: profile.user.name, roles: vec![system.role.to_owned()] };
        Ok(Frame { viewer: Some(viewer), system: Some(system), ..self.frame() })
    }

    /// Leads on after a form was carried out; the sentence is shown there.
    pub fn done(&self, to: &str, sentence: String) -> HttpResponse {
        let flash = crate::web::visit::Flash { good: true, text: sentence };
        self.visit.go(to, Some(flash))
    }

    /// Leads elsewhere without a word.
    pub fn go(&self, to: &str) -> HttpResponse {
        self.visit.go(to, None)
    }

    async fn fail(&self, failure: Failure) -> HttpResponse {
        let (status, text) = match failure {
            Failure::Engine(engine::Error::Unauthenticated(_)) => return self.to_login(),
            Failure::Engine(engine::Error::SignIn(SignInRefusal::PasswordMustChange)) => {
                return self.go("/password");
            }
            Failure::Engine(error) => (status(&error).0, message(&error)),
            Failure::Form(status, text) => (status, text),
        };
        let frame = match self.place().await {
            Ok(frame) => frame,
            Err(_) => self.viewer_frame().await.unwrap_or_else(|_| self.frame()),
        };
        self.visit.render_with(status, &ErrorPage::of(frame, status, text))
    }

    fn to_login(&self) -> HttpResponse {
        let here = if self.gets { self.visit.here.as_str() } else { "/" };
        self.go(&format!("/login?next={}", utf8_percent_encode(here, NON_ALPHANUMERIC)))
    }
}

fn world_time(clock: &Clock) -> WorldTime {
    let latest = clock.is_behind().then(|| clock.latest());
    WorldTime::of(clock.now(), clock.is_wall(), latest)
}

/// In a function of its own: while the answer of `connection_info` lives, no
/// cookie can be read.
fn origin(request: &HttpRequest) -> String {
    let connection = request.connection_info();
    format!("{}://{}", connection.scheme(), connection.host())
}

fn viewer(actor: &Actor) -> Viewer {
    let mut roles: Vec<String> =
        actor.assignments.iter().map(|a| a.role.name().to_owned()).collect();
    roles.dedup();
    Viewer { name: actor.name.clone(), roles }
}

/// A form that was sent.
pub struct Sent {
    ask: Ask,
    form: Result<Fields, (StatusCode, String)>,
}

impl FromRequest for Sent {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ask = Ask::read(request);
        let form = SafeForm::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            let form = form.await.map(|form| Fields(form.fields));
            let refused = |error: FormError| (error.status_code(), error.to_string());
            Ok(Self { ask: ask?, form: form.map_err(refused) })
        })
    }
}

impl Sent {
    /// From its parts: the request, and the fields or why there are none.
    pub(super) fn of(ask: Ask, form: Result<Fields, (StatusCode, String)>) -> Self {
        Self { ask, form }
    }

    /// The request and its fields, unless the form may not be taken.
    pub fn parts(&self) -> Result<(&Ask, &Fields), Failure> {
        match &self.form {
            Ok(fields) => Ok((&self.ask, fields)),
            Err((status, text)) => Err(Failure::Form(*status, text.clone())),
        }
    }

    /// Carries the form out, or shows why not.
    pub fn act<'a>(
        &'a self,
        work: impl Future<Output = Result<HttpResponse, Failure>> + 'a,
    ) -> Answering<'a> {
        act(&self.ask, work)
    }
}

/// A form that was sent, perhaps with a file instead of a code that is typed.
pub struct SentFile {
    sent: Sent,
    file: Option<Upload>,
}

impl FromRequest for SentFile {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ask = Ask::read(request);
        let form = SafeUpload::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            let (form, file) = match form.await {
                Ok(form) => (Ok(Fields(form.fields)), form.file),
                Err(error) => (Err((error.status_code(), error.to_string())), None),
            };
            Ok(Self { sent: Sent { ask: ask?, form }, file })
        })
    }
}

impl SentFile {
    /// The request and its fields, unless the form may not be taken.
    pub fn parts(&self) -> Result<(&Ask, &Fields), Failure> {
        self.sent.parts()
    }

    /// What is in the file that was chosen, else what was typed; or why the file is none.
    pub fn code(&self, field: &str) -> Result<String, String> {
        match (&self.file, &self.sent.form) {
            (Some(file), _) => {
                file.text().map(|text| text.trim().to_owned()).map_err(|bad| bad.to_string())
            }
            (None, Ok(fields)) => Ok(fields.get(field).trim().to_owned()),
            (None, Err(_)) => Ok(String::new()),
        }
    }

    /// Carries the form out, or shows why not.
    pub fn act<'a>(
        &'a self,
        work: impl Future<Output = Result<HttpResponse, Failure>> + 'a,
    ) -> Answering<'a> {
        self.sent.act(work)
    }
}

/// An answer that is still being made. It stands apart from its handler, which stays small.
pub type Answering<'a> = Pin<Box<dyn Future<Output = HttpResponse> + 'a>>;

/// Shows a page, or why there is none.
pub fn show<'a, T: Template>(
    ask: &'a Ask,
    page: impl Future<Output = Result<T, Failure>> + 'a,
) -> Answering<'a> {
    act(ask, async { Ok(ask.visit.render(&page.await?)) })
}

/// Answers, or shows why not. A session of a satellite that is used goes on.
pub fn act<'a>(
    ask: &'a Ask,
    work: impl Future<Output = Result<HttpResponse, Failure>> + 'a,
) -> Answering<'a> {
    Box::pin(carry_out(ask, Box::pin(work)))
}

/// The same for all pages and forms, so that it is compiled once.
async fn carry_out(
    ask: &Ask,
    work: Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + '_>>,
) -> HttpResponse {
    let done = match ask.engine().keep_alive(&ask.visit.who).await {
        Ok(()) => work.await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(answer) => answer,
        Err(failure) => ask.fail(failure).await,
    }
}
