//! The Smart Software Call Home Transport Settings.
// Seed 003, Configure the Transport Settings (DOC): three options and what each asks for.

use super::frame::{Frame, Tab};
use crate::device::profile::Transport;
use crate::device::state::Proxy;
use crate::facade::faults::Fault;
use crate::facade::transport::{self, Mode, PROXY_PORT};
use crate::facade::visit::{Answer, Fields, LICENSING, Sent, Signed, Visit};
use crate::web::pages::view::{Field, Flash, Tone};
use actix_web::http::StatusCode;
use askama::Template;
use url::Url;

#[derive(Template, Clone, Debug)]
#[template(path = "device/transport.html")]
struct TransportPage {
    frame: Frame,
    mode: Mode,
    url: Field,
    proxy: Field,
    port: Field,
    username: Field,
    has_password: bool,
}

/// Settings that hold.
struct Wanted {
    url: Url,
    envelope: Transport,
    proxy: Option<Proxy>,
}

/// The form with the present settings.
pub async fn form(Signed(visit): Signed) -> Answer {
    let page = TransportPage::of(&visit);
    Ok(visit.render(StatusCode::OK, &page))
}

/// Saves what was typed.
pub async fn save(Sent { visit, fields }: Sent) -> Answer {
    let page = TransportPage::of(&visit).typed(&fields);
    let wanted = match page.check(&visit, &fields) {
        Ok(wanted) => wanted,
        Err(faults) => {
            let page = page.marked(&faults);
            return Ok(visit.render(StatusCode::BAD_REQUEST, &page));
        }
    };
    let Wanted { url, envelope, proxy } = wanted;
    let set = visit.facade.live.set(|all| transport::apply(all, &url, envelope, proxy));
    set.map_err(|error| visit.fault(&Fault::from(error)))?;
    let text = "The transport settings are saved.".to_owned();
    Ok(visit.go(LICENSING, Some(Flash { tone: Tone::Good, text })))
}

impl TransportPage {
    fn of(visit: &Visit) -> Self {
        let frame = Frame::of(visit, Tab::System);
        visit.facade.live.look(|state, _| {
            let proxy = state.settings.proxy.as_ref();
            let (host, port) = proxy.map(transport::proxy_parts).unwrap_or_default();
            let port = if proxy.is_some() { port } else { PROXY_PORT };
            Self {
                frame,
                mode: transport::mode(state),
                url: Field::of(state.settings.url.clone().unwrap_or_default()),
                proxy: Field::of(host),
                port: Field::of(port.to_string()),
                username: Field::of(proxy.and_then(|p| p.user.clone()).unwrap_or_default()),
                has_password: proxy.is_some_and(|proxy| proxy.password.is_some()),
            }
        })
    }

    fn typed(self, fields: &Fields) -> Self {
        let field = |name: &str| Field::of(fields.get(name).trim());
        Self {
            mode: Mode::find(fields.get("mode")).unwrap_or(self.mode),
            url: field("url"),
            proxy: field("proxy"),
            port: field("port"),
            username: field("username"),
            ..self
        }
    }

    /// All fields are checked, so that all that is wrong is said at once.
    fn check(&self, visit: &Visit, fields: &Fields) -> Result<Wanted, Vec<Fault>> {
        let present = visit.facade.live.look(|state, _| state.settings.clone());
        let default = &visit.facade.default_url;
        let url = if self.url.value.is_empty() { default } else { &self.url.value };
        let server = transport::server_url("URL", &self.mode.whole(url), present.transport);
        if self.mode != Mode::Proxy {
            let set = |(url, envelope)| Wanted { url, envelope, proxy: None };
            return server.map(set).map_err(|fault| vec![fault]);
        }
        let port = self.port();
        let given = port.as_ref().copied().unwrap_or(PROXY_PORT);
        match (server, transport::proxy("proxy", &self.proxy.value, Some(given)), port) {
            (Ok((url, envelope)), Ok(proxy), Ok(_)) => {
                let proxy = Some(self.with_user(proxy, present.proxy.as_ref(), fields));
                Ok(Wanted { url, envelope, proxy })
            }
            (server, proxy, port) => {
                let faults = [server.err(), proxy.err(), port.err()];
                Err(faults.into_iter().flatten().collect())
            }
        }
    }

    fn port(&self) -> Result<u16, Fault> {
        let text = self.port.value.as_str();
        let rule =
            || Fault::invalid("port", format!("'{text}' must be a whole number from 1 to 65535"));
        match text {
            "" => Ok(PROXY_PORT),
            text => text.parse().ok().filter(|port| *port > 0).ok_or_else(rule),
        }
    }

    /// An empty password keeps the one that is known: it is never sent to the page.
    fn with_user(&self, mut proxy: Proxy, known: Option<&Proxy>, fields: &Fields) -> Proxy {
        if !self.username.value.is_empty() {
            proxy.user = Some(self.username.value.clone());
            let typed = Some(fields.get("password")).filter(|text| !text.is_empty());
            let kept = known.and_then(|proxy| proxy.password.clone());
            proxy.password = typed.map(str::to_owned).or(kept);
        }
        proxy
    }

    fn marked(mut self, faults: &[Fault]) -> Self {
        for fault in faults {
            let Fault::Invalid { field, problem } = fault else { continue };
            let target = match field.as_str() {
                "port" => &mut self.port,
                "proxy" => &mut self.proxy,
                _ => &mut self.url,
            };
            *target = target.clone().refused(problem);
        }
        self
    }
}
