//! The parts of a Smart Account of a fixture: people, tokens, lines, reservations.

use super::fixture as yaml;
use super::fixture_load::{Calendar, Loading, token_text};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::account::SmartAccount;
use crate::domain::error::Error;
use crate::domain::id::{InstanceId, LineId, ReservationId, TokenId, UserId};
use crate::domain::instance::{Instance, Udi};
use crate::domain::license::LicenseType;
use crate::domain::line::{Booking, Line, Origin, Source};
use crate::domain::people::{Assignment, Role, User};
use crate::domain::reservation::{Held, Holder, Kind, Product};
use crate::domain::token::{Days, Token};
use crate::domain::virtual_account::VirtualAccount;
use crate::engine;
use chrono::NaiveDate;
use uuid::Uuid;

/// A Smart Account while it is being loaded.
pub(super) struct Ground<'a> {
    pub(super) account: SmartAccount,
    pub(super) places: Vec<VirtualAccount>,
    pub(super) with: &'a Loading,
    pub(super) calendar: Calendar,
}

impl Ground<'_> {
    /// The id of a named thing in this Smart Account.
    pub(super) fn named(&self, what: &str) -> Uuid {
        let name = format!("{}/{what}", self.account.domain);
        self.with.ids.named(self.calendar.anchor, &name)
    }

    /// The virtual account of that name, if it stands before.
    pub(super) fn place(&self, name: &str) -> Result<&VirtualAccount, Error> {
        let found = self.places.iter().find(|va| va.name.as_str() == name);
        found.ok_or_else(|| Error::not_found("virtual account", name))
    }

    fn moved(&self, date: NaiveDate) -> NaiveDate {
        (Timestamp::midnight(date) + self.calendar.shift).date()
    }
}

/// Adds the people with their roles.
pub(super) fn users(
    conn: &mut Conn,
    ground: &Ground<'_>,
    all: &[yaml::User],
    hash: &str,
) -> engine::Result<()> {
    for entry in all {
        let known = db::people::user_by_name(conn, &entry.name)?;
        let user = if let Some(user) = known {
            user
        } else {
            let own = format!("{}@{}", entry.name, ground.account.domain);
            let user = User {
                id: UserId(ground.named(&format!("user/{}", entry.name))),
                name: entry.name.clone(),
                email: entry.email.clone().unwrap_or(own),
                password_hash: hash.to_owned(),
            };
            db::people::insert_user(conn, &user)?;
            user
        };
        for (index, role) in entry.roles.iter().enumerate() {
            let id = ground.named(&format!("role/{}/{index}", entry.name));
            db::people::assign(conn, id, user.id, &assignment(ground, role)?)?;
        }
    }
    Ok(())
}

fn assignment(ground: &Ground<'_>, yaml: &yaml::Role) -> Result<Assignment, Error> {
    let role = Role::parse(&yaml.role)
        .ok_or_else(|| Error::invalid("role", format!("{} is not a role", yaml.role)))?;
    let virtual_account = match &yaml.virtual_account {
        Some(name) => Some(ground.place(name)?.id),
        None => None,
    };
    if role.is_virtual() != virtual_account.is_some() {
        let problem = format!("{} and virtual_account do not go together", yaml.role);
        return Err(Error::invalid("role", problem));
    }
    Ok(Assignment { role, account: ground.account.id, virtual_account, nested: yaml.nested })
}

/// A registration token.
pub(super) fn token(ground: &Ground<'_>, yaml: &yaml::Token) -> Result<Token, Error> {
    let (with, anchor) = (ground.with, ground.calendar.anchor);
    let va = ground.place(&yaml.virtual_account)?;
    va.may_issue_tokens()?;
    let ends = with.now.plus_days(Days::new(yaml.days)?.get());
    Ok(Token {
        id: TokenId(ground.named(&format!("token/{}", yaml.name))),
        account: ground.account.id,
        virtual_account: va.id,
        text: token_text(&with.ids, &with.password, anchor, yaml),
        description: yaml.description.clone(),
        export_allowed: yaml.export_allowed.unwrap_or(true),
        max_uses: yaml.max_uses,
        uses: 0,
        created_by: yaml.created_by.clone(),
        created_at: with.now,
        expires_at: ends,
        revoked_at: None,
        due_at: Some(ends),
    })
}

/// A license line.
pub(super) fn line(
    conn: &mut Conn,
    ground: &Ground<'_>,
    yaml: &yaml::Line,
    index: usize,
) -> engine::Result<Line> {
    let entitlement = db::licenses::by_name(conn, &yaml.license)?
        .ok_or_else(|| Error::not_found("license", &yaml.license))?;
    let license_type = LicenseType::parse(&yaml.license_type).ok_or_else(|| {
        Error::invalid("type", format!("{} is not a license type", yaml.license_type))
    })?;
    let first = yaml.starts.unwrap_or(ground.calendar.anchor.date());
    let line = Line {
        id: LineId(ground.named(&format!("line/{index}"))),
        account: ground.account.id,
        virtual_account: ground.place(&yaml.virtual_account)?.id,
        entitlement: entitlement.id,
        license_type,
        quantity: yaml.quantity,
        reserved: 0,
        starts: ground.moved(first),
        ends: yaml.ends.map(|date| ground.moved(date)),
        booking: word("booking", yaml.booking.as_deref(), Booking::parse)?,
        enterprise_agreement: yaml.enterprise_agreement,
        portable: yaml.portable.unwrap_or(true),
        origin: origin(yaml)?,
        due_at: None,
        settled_at: None,
    };
    line.check().map_err(|refusal| about(&yaml.license, &refusal))?;
    Ok(line.scheduled(ground.with.now))
}

fn origin(yaml: &yaml::Line) -> Result<Origin, Error> {
    Ok(Origin {
        source: word("source", yaml.source.as_deref(), Source::parse)?,
        order_number: yaml.order_number.clone(),
        sku: yaml.sku.clone(),
        subscription_id: yaml.subscription_id.clone(),
        pak: yaml.pak.clone(),
        product_serial: yaml.product_serial.clone(),
        family: yaml.product_family.clone(),
        device_details: yaml.device_details.clone(),
        upstream: None,
    })
}

/// A word of a closed list; its default when it is not given.
fn word<T: Default>(
    field: &'static str,
    text: Option<&str>,
    parse: fn(&str) -> Option<T>,
) -> Result<T, Error> {
    let Some(text) = text else { return Ok(T::default()) };
    parse(text).ok_or_else(|| Error::invalid(field, format!("{text} is not known")))
}

fn about(license: &str, refusal: &Error) -> Error {
    Error::invalid("licenses", format!("{license}: {refusal}"))
}

/// A device with a factory-installed reservation.
pub(super) fn reservation(
    conn: &mut Conn,
    ground: &Ground<'_>,
    yaml: &yaml::Reservation,
) -> engine::Result<()> {
    let place = ground.place(&yaml.virtual_account)?.id;
    let entitlement = db::licenses::by_name(conn, &yaml.license)?
        .ok_or_else(|| Error::not_found("license", &yaml.license))?;
    let instance = reserved_instance(conn, ground, yaml, place)?;
    db::instances::insert(conn, &instance)?;
    let holder = Holder { instance: instance.id, kind: Kind::Specific, return_pending: false };
    db::reservations::insert_holder(conn, &holder)?;
    let mut left = yaml.quantity;
    for mut line in db::licenses::lines_of(conn, place, entitlement.id)? {
        let take = left.min(line.quantity - line.reserved);
        if take > 0 {
            left -= take;
            line.reserved += take;
            db::licenses::save_line(conn, &line)?;
            let id = ground.named(&format!("reservation/{}/{}", yaml.serial, line.id));
            let held = Held {
                id: ReservationId(id),
                instance: instance.id,
                entitlement: line.entitlement,
                line: Some(line.id),
                quantity: take,
                next: None,
            };
            db::reservations::insert(conn, &held)?;
        }
    }
    if left == 0 {
        return Ok(());
    }
    let problem = format!("{}: {left} more than {} has", yaml.license, yaml.virtual_account);
    Err(Error::invalid("quantity", problem).into())
}

/// A product of which nothing but the product identifier is known is known by that.
fn reserved_instance(
    conn: &mut Conn,
    ground: &Ground<'_>,
    yaml: &yaml::Reservation,
    place: crate::domain::id::VirtualAccountId,
) -> engine::Result<Instance> {
    let known = db::products::by_pid(conn, &yaml.pid)?;
    let product = known.unwrap_or_else(|| Product {
        software_tag: String::new(),
        name: yaml.pid.clone(),
        pid: Some(yaml.pid.clone()),
        fingerprint: String::new(),
    });
    let id = InstanceId(ground.named(&format!("instance/{}", yaml.serial)));
    let (pid, serial) = (Some(yaml.pid.clone()), Some(yaml.serial.clone()));
    let udi = Udi { pid, serial, ..Udi::default() };
    let owner = (ground.account.id, place);
    let instance = Instance::reserved(id, owner, udi, &product, ground.with.now);
    Ok(Instance { hostname: yaml.hostname.clone(), ..instance })
}
