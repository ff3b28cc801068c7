//! Host licenses: what there is, who has it, how large the system is, what an upgrade needs.

use super::{Refused, look, number};
use crate::device::DeviceError;
use crate::domain::Timestamp;
use crate::domain::host::{
    CapacityLicense, Command, GraceUpgrade, Kind, License, NewUser, Refusal, Release, SKUS, Server,
    Situation, Size,
};
use crate::facade::faults::Fault;
use crate::facade::hosts::words;
use crate::facade::pages::frame::{Frame, Tab};
use crate::facade::visit::{Answer, Fields, HOST_LICENSES, Sent, Signed, Visit};
use crate::web::pages::view::{Badge, Choice, Field, Tone, When};
use actix_web::http::StatusCode;
use askama::Template;

/// How many entries of the log are shown.
const LATELY: usize = 15;

/// Of a product that is registered.
// F-HL-17.
const MORE: &str = "More host licenses than were bought may be used. Whether they are covered stands \
                    under Smart Licenses; buy the others later.";

/// How many users hold a kind of license.
#[derive(Clone, Debug)]
struct Share {
    badge: Badge,
    kind: &'static str,
    count: u64,
    what: &'static str,
}

/// Something to order for an upgrade.
#[derive(Clone, Debug)]
struct Order {
    sku: &'static str,
    what: &'static str,
    quantity: u64,
}

#[derive(Template, Clone, Debug)]
#[template(path = "device/hosts/licenses.html")]
struct LicensesPage {
    frame: Frame,
    smart: bool,
    note: Option<&'static str>,
    release: String,
    shares: Vec<Share>,
    valid: u64,
    bought: u64,
    free: u64,
    reserved: Option<u64>,
    grace: u64,
    grace_limit: u64,
    local: u64,
    remote: u64,
    trial_ends: Option<When>,
    in_trial: bool,
    automatic: bool,
    demonstrations: Vec<(u64, When)>,
    size: String,
    ports: u32,
    sizes: Vec<Choice>,
    system_licenses: Vec<String>,
    installable: Vec<Choice>,
    major: u32,
    joined: Option<(String, When, u64)>,
    orders: Vec<Order>,
    log: Vec<(When, String)>,
    form: &'static str,
    refused: Refused,
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Permanent => "until the user is deactivated",
        Kind::Trial => "until the trial or evaluation ends",
        Kind::Grace => "for 180 days, beyond what was bought",
        Kind::Demonstration => "until the demonstration ends",
        Kind::Expired => "attends and schedules for others, does not host",
    }
}

fn shares(server: &Server) -> Vec<Share> {
    let pool = server.pool();
    let shown = |kind: &Kind| match kind {
        Kind::Grace | Kind::Demonstration => !server.is_smart(),
        Kind::Permanent | Kind::Trial | Kind::Expired => true,
    };
    let share = |kind: Kind| Share {
        badge: words::license(kind),
        kind: kind.name(),
        count: pool.of(kind),
        what: what(kind),
    };
    Kind::ALL.into_iter().filter(shown).map(share).collect()
}

fn reserved(server: &Server) -> Option<u64> {
    match server.situation {
        Situation::Reserved { limit } => limit,
        _ => None,
    }
}

impl LicensesPage {
    fn of(visit: &Visit, form: &'static str, refused: Refused) -> Result<Self, super::Detour> {
        let (server, now) = look(visit)?;
        let frame = Frame::of(visit, Tab::HostLicenses);
        let log = visit.facade.live.look(|state, _| {
            let entries = crate::facade::hosts::log(state).take(LATELY);
            entries.map(|(at, text)| (When::at(at, now), text)).collect()
        });
        Ok(Self::shown(frame, &server, now, log, (form, refused)))
    }

    fn shown(
        frame: Frame,
        server: &Server,
        now: Timestamp,
        log: Vec<(When, String)>,
        (form, refused): (&'static str, Refused),
    ) -> Self {
        let (pool, capacity) = (server.pool(), &server.capacity);
        let when = |at: Timestamp| When::at(at, now);
        let typed = |name: &str, default: &str| refused.field(name, default).value;
        let (wanted, license) = (typed("size", capacity.size.name()), typed("license", ""));
        let joined = capacity.joined.as_ref();
        Self {
            frame,
            smart: server.is_smart(),
            note: matches!(server.situation, Situation::Registered).then_some(MORE),
            release: server.release.to_string(),
            shares: shares(server),
            valid: pool.valid(),
            bought: pool.bought,
            free: pool.free,
            reserved: reserved(server).filter(|_| server.is_smart()),
            grace: pool.of(Kind::Grace),
            grace_limit: pool.grace_limit,
            local: pool.local,
            remote: pool.remote,
            trial_ends: server.trial_ends().map(when),
            in_trial: server.in_trial(),
            automatic: server.grace_upgrade == GraceUpgrade::Automatic,
            demonstrations: server
                .demonstrations
                .iter()
                .map(|d| (d.count, when(d.until)))
                .collect(),
            size: capacity.size.to_string(),
            ports: capacity.size.ports(),
            sizes: sizes(&wanted),
            system_licenses: capacity.licenses.iter().map(ToString::to_string).collect(),
            installable: installable(&license),
            major: server.release.major,
            joined: joined.map(|dc| (dc.name.clone(), when(dc.since), dc.released)),
            orders: orders(server),
            log,
            form,
            refused,
        }
    }

    /// F-HL-03: more is used than was bought.
    fn warning(&self) -> Option<String> {
        let (grace, limit) = (self.grace, self.grace_limit);
        (grace > 0).then(|| {
            format!(
                "More licenses are used than bought: {grace} of {limit} grace licenses are \
                 assigned. Install licenses, or reserve free ones for these users."
            )
        })
    }

    /// A field of a form: typed values stay with the form that was sent.
    fn field(&self, form: &str, name: &str, default: &str) -> Field {
        if self.form == form { self.refused.field(name, default) } else { Field::of(default) }
    }

    /// What concerns no single field of that form.
    fn problem(&self, form: &str) -> Option<String> {
        self.refused.whole.clone().filter(|_| self.form == form)
    }
}

fn sizes(wanted: &str) -> Vec<Choice> {
    let label = |size: Size| format!("{} ports, {size}", size.ports());
    Size::ALL.map(|size| Choice::new(size.name(), label(size), size.name() == wanted)).into()
}

fn installable(wanted: &str) -> Vec<Choice> {
    License::ALL
        .map(|license| Choice::new(license.name(), license.label(), license.name() == wanted))
        .into()
}

fn orders(server: &Server) -> Vec<Order> {
    SKUS.map(|sku| Order { sku: sku.sku, what: sku.what, quantity: sku.quantity(server) }).into()
}

/// For a server whose licenses are installed here, this is license management: it works always.
fn at_hand(visit: &Visit) -> Result<(), super::Detour> {
    let (server, _) = look(visit)?;
    if server.is_smart() { visit.whole() } else { Ok(()) }
}

/// The page.
pub async fn page(Signed(visit): Signed) -> Answer {
    at_hand(&visit)?;
    let page = LicensesPage::of(&visit, "", Refused::default())?;
    Ok(visit.render(StatusCode::OK, &page))
}

/// The forms of the page, with their fields and what is said when they are done.
const FORMS: [(&str, &[&str], &str); 8] = [
    ("buy", &["count"], "The licenses are installed."),
    ("demonstration", &["count", "days"], "The demonstration licenses are installed."),
    ("end-trial", &[], "The trial has ended."),
    ("grace-upgrade", &[], "The setting is saved."),
    ("install", &["major"], "The license is installed."),
    ("resize", &["size"], "The size is changed."),
    ("join", &["name", "users"], "The data centre has joined."),
    ("upgrade", &["release"], "The system is upgraded."),
];

fn command(form: &str, fields: &Fields) -> Result<Command, Refusal> {
    let count = || number("count", fields.get("count"));
    Ok(match form {
        "buy" => Command::Buy(count()?),
        "demonstration" => Command::Demonstrate(count()?, number("days", fields.get("days"))?),
        "end-trial" => Command::EndTrial,
        "grace-upgrade" => Command::SetGraceUpgrade(match fields.get("automatic") {
            "yes" => GraceUpgrade::Automatic,
            _ => GraceUpgrade::OnPurchase,
        }),
        "install" => Command::Install(system_license(fields)?),
        "resize" => {
            let wanted = fields.get("size");
            let size = Size::ALL.into_iter().find(|size| size.name() == wanted);
            let unknown = || Refusal::invalid("size", format!("'{wanted}' is no size"));
            Command::Resize(size.ok_or_else(unknown)?)
        }
        "join" => Command::Join(fields.get("name").to_owned(), coming(fields)?),
        _ => Command::Upgrade(Release::parse(fields.get("release"))?),
    })
}

fn system_license(fields: &Fields) -> Result<CapacityLicense, Refusal> {
    let wanted = fields.get("license");
    let license = License::ALL.into_iter().find(|license| license.name() == wanted);
    let unknown = || Refusal::invalid("license", format!("'{wanted}' is no license"));
    let major = number("major", fields.get("major"))?;
    let major = u32::try_from(major).unwrap_or(u32::MAX);
    Ok(CapacityLicense { license: license.ok_or_else(unknown)?, major })
}

/// Users of a data centre that joins: a line each, a star for those who hold a license there.
fn coming(fields: &Fields) -> Result<Vec<NewUser>, Refusal> {
    let lines = fields.get("users").lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let (hosts, line) = match line.trim().strip_prefix('*') {
                Some(rest) => (true, rest),
                None => (false, line),
            };
            let wrong = |refusal| Refusal::invalid("users", format!("line {}: {refusal}", at + 1));
            Ok(NewUser { hosts, ..NewUser::parse(line).map_err(wrong)? })
        })
        .collect()
}

/// A form.
pub async fn act(Sent { visit, fields }: Sent, form: actix_web::web::Path<String>) -> Answer {
    at_hand(&visit)?;
    let known = FORMS.iter().find(|(name, ..)| *name == form.as_str());
    let missing = || visit.fault(&Fault::NotFound(format!("form {form}")));
    let (name, names, done) = known.ok_or_else(missing)?;
    let done = match command(name, &fields) {
        Ok(command) => super::act(&visit, command, done).await,
        Err(refusal) => Err(DeviceError::Host(refusal)),
    };
    match done {
        Ok(flash) => Ok(visit.go(HOST_LICENSES, Some(flash))),
        Err(error) => again(&visit, name, Refused::of(&fields, &error, names)),
    }
}

fn again(visit: &Visit, form: &'static str, refused: Refused) -> Answer {
    let page = LicensesPage::of(visit, form, refused)?;
    Ok(visit.render(StatusCode::BAD_REQUEST, &page))
}
