//! A local account of a satellite registers, over the network or by files.

use super::reading::Asked;
use crate::crypto::secret::digest;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{OnPremUid, VirtualAccountId};
use crate::domain::on_prem::{
    LastRequest, Mode, OnPrem, OnPremState, may_be_attached, name, name_key,
};
use crate::domain::people::Permission;
use crate::domain::virtual_account::{Access, Name, VirtualAccount};
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Place, Who, Within};
use crate::engine::error::{Error as EngineError, Result};
use crate::engine::ledger::Ledger;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;

/// Where the number of the first On-Prem starts (ours).
const FIRST_NUMBER: i64 = 1;

/// Who registers over the network (B-ACC-06).
#[derive(Clone, Debug)]
pub struct RegisterBy {
    /// A login name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// What registering over the network brings.
#[derive(Clone, Debug)]
pub struct OnPremGrant {
    /// The authorization file.
    pub file: Vec<u8>,
    /// The credential for synchronizations.
    pub credential: String,
    /// When it ends.
    pub credential_ends: Timestamp,
}

/// What the dialog *New On-Prem…* asks for (A-OPA-02).
#[derive(Clone, Debug)]
pub struct NewOnPrem {
    /// The name; empty: that of the local account.
    pub name: String,
    /// The registration file.
    pub file: Vec<u8>,
    /// Virtual accounts beside those that the file names; what is missing is made.
    pub virtual_accounts: Vec<String>,
    /// Where mails go; empty: as the file says.
    pub email: String,
}

/// What a registration is to become.
struct Wish {
    name: String,
    email: String,
    /// Names of virtual accounts, each once.
    places: Vec<Name>,
    by_file: bool,
}

impl Wish {
    fn new(asked: &Asked, form: &NewOnPrem, by_file: bool) -> Result<Self, Error> {
        let or = |typed: &str, told: &str| {
            if typed.trim().is_empty() { told.to_owned() } else { typed.trim().to_owned() }
        };
        let mut places: Vec<Name> = Vec::new();
        let told = asked.registration.virtual_accounts.iter();
        for text in told.chain(&form.virtual_accounts).filter(|text| !text.trim().is_empty()) {
            let place = Name::parse(text).map_err(|error| renamed(error, "virtual_accounts"))?;
            if places.iter().all(|known| known.key() != place.key()) {
                places.push(place);
            }
        }
        fits_mode(asked.mode(), &places)?;
        let email = or(&form.email, &asked.registration.email);
        if email.chars().count() > 254 || email.chars().any(char::is_control) {
            let rule = "at most 254 printable characters are the rule";
            return Err(Error::invalid("email", rule));
        }
        let name = name(&or(&form.name, &asked.registration.local_account))?;
        Ok(Self { name, email, places, by_file })
    }
}

fn renamed(error: Error, field: &'static str) -> Error {
    match error {
        Error::Invalid { problem, .. } => Error::Invalid { field, problem },
        other => other,
    }
}

/// one virtual account in the mode `onprem8`, one or more in the mode `classic`.
fn fits_mode(mode: Mode, places: &[Name]) -> Result<(), Error> {
    let names: Vec<&str> = places.iter().map(Name::as_str).collect();
    match (mode, places.len()) {
        (_, 0) => Err(Error::invalid("virtual_accounts", "at least one is needed")),
        (Mode::OnPrem8, 2..) => Err(Error::invalid(
            "virtual_accounts",
            format!(
                "a local account of this mode (onprem8) has exactly one virtual account, not {}",
                names.join(" and ")
            ),
        )),
        (Mode::OnPrem8 | Mode::Classic, _) => Ok(()),
    }
}

impl Engine {
    /// Registers a local account over the network (B-ACC-06). Repeating a registration that was
    /// not answered gives the same On-Prem and another credential.
    pub async fn register_on_prem(&self, by: RegisterBy, file: Vec<u8>) -> Result<OnPremGrant> {
        let asked = Asked::read(&file)?;
        let user = self.checked_user(&by.user, &by.password).await?;
        let user =
            user.ok_or(EngineError::Unauthenticated("The user name or the password is wrong."))?;
        let wanted = asked.header.smart_account.clone();
        let account = self.db().read(move |conn| db::accounts::find_by_name(conn, &wanted)).await?;
        let account = account
            .ok_or_else(|| Error::not_found("Smart Account", &asked.header.smart_account))?;
        let engine = self.clone();
        self.change(Within::Account(account.id), move |conn, now| {
            let place = Place::of(conn, user.id, account, now)?;
            let one = if let Some(one) = repeated(conn, &place, &asked)? {
                one
            } else {
                let form = NewOnPrem {
                    name: String::new(),
                    file: Vec::new(),
                    virtual_accounts: Vec::new(),
                    email: String::new(),
                };
                let wish = Wish::new(&asked, &form, false)?;
                engine.enrol(conn, &place, (&asked, wish), now)?
            };
            let (one, credential) = engine.with_credential(one, now);
            db::on_prems::save(conn, &one)?;
            let file = engine.authorization(conn, &place, &one, now)?;
            let credential_ends = one.credential_ends.unwrap_or(now);
            Ok(OnPremGrant { file, credential, credential_ends })
        })
        .await
    }

    /// Registers a local account by its registration file (A-OPA-02).
    pub async fn create_on_prem(&self, who: &Who, domain: &str, new: NewOnPrem) -> Result<OnPrem> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            may_register_any(&place)?;
            let asked = Asked::read(&new.file)?;
            let wish = Wish::new(&asked, &new, true)?;
            engine.enrol(conn, &place, (&asked, wish), now)
        })
        .await
    }

    fn enrol(
        &self,
        conn: &mut Conn,
        place: &Place,
        (asked, wish): (&Asked, Wish),
        now: Timestamp,
    ) -> Result<OnPrem> {
        let wanted = &asked.header.smart_account;
        if *wanted != place.account.name {
            let problem = format!(
                "the file is for the Smart Account {wanted}, and this is {}",
                place.account.name
            );
            return Err(Error::invalid("file", problem).into());
        }
        may_register(place, &wish.places)?;
        is_new(conn, place, asked, &wish.name)?;
        let one = self.new_on_prem(conn, place, (asked, &wish), now)?;
        db::on_prems::insert(conn, &one)?;
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        let way = if wish.by_file { "by its registration file" } else { "over the network" };
        let message = format!("The On-Prem {} was created {way}.", one.name);
        ledger.note(Fact::of_account(EventKind::OnPremCreated, message).of_on_prem(one.uid));
        for name in &wish.places {
            self.attach(conn, place, (&one, name), &mut ledger, now)?;
        }
        ledger.on_prem(None, Some(&one));
        ledger.close(conn)?;
        Ok(one)
    }

    fn new_on_prem(
        &self,
        conn: &mut Conn,
        place: &Place,
        (asked, wish): (&Asked, &Wish),
        now: Timestamp,
    ) -> Result<OnPrem> {
        let rules = self.settings().on_prem;
        let delay = if wish.by_file { rules.authorization_hours } else { 0 };
        let ready_at = now + TimeDelta::hours(delay);
        let one = OnPrem {
            uid: asked.uid(),
            account: place.account.id,
            number: db::keys::next_number(conn, "on_prem", FIRST_NUMBER)?,
            name: wish.name.clone(),
            mode: asked.mode(),
            state: OnPremState::Authorized,
            version: asked.registration.version.clone(),
            email: wish.email.clone(),
            created_by: place.actor.name.clone(),
            created_at: now,
            public_key: STANDARD.encode(&asked.spki),
            certificate: self.keys().certify_satellite(&asked.spki, &wish.name)?,
            registration_nonce: asked.header.nonce,
            ready_at,
            fetched_at: (!wish.by_file).then_some(now),
            credential: None,
            credential_ends: None,
            last: LastRequest::default(),
            dates: rules.profile.after(ready_at),
            due_at: None,
            settled_at: None,
        };
        Ok(one.scheduled(now))
    }

    /// The same with another credential, and that credential.
    pub(super) fn with_credential(&self, one: OnPrem, now: Timestamp) -> (OnPrem, String) {
        let secret = self.ids().secret();
        let ends = now.plus_days(self.settings().on_prem.credential_days);
        let credential = Some(digest(&secret));
        (OnPrem { credential, credential_ends: Some(ends), ..one }, secret)
    }

    /// Attaches a virtual account, and makes it if there is none of that name (B-ACC-03).
    pub(super) fn attach(
        &self,
        conn: &mut Conn,
        place: &Place,
        (one, name): (&OnPrem, &Name),
        ledger: &mut Ledger,
        now: Timestamp,
    ) -> Result<VirtualAccount> {
        let va = match place.tree.named(name.as_str()) {
            Some(va) => va.clone(),
            None => self.make_place(conn, place, name, ledger, now)?,
        };
        may_be_attached(&va, &db::virtual_accounts::contents(conn, va.id, now)?)?;
        let (on_prem, satellite) = (Some(one.uid), Some(one.name.clone()));
        let va = VirtualAccount { satellite, on_prem, ..va };
        db::virtual_accounts::save(conn, &va)?;
        let message =
            format!("Virtual account {} belongs to the On-Prem {} now.", name.as_str(), one.name);
        ledger.note(Fact::new(va.id, EventKind::OnPremAttached, message).of_on_prem(one.uid));
        Ok(va)
    }

    fn make_place(
        &self,
        conn: &mut Conn,
        place: &Place,
        name: &Name,
        ledger: &mut Ledger,
        now: Timestamp,
    ) -> Result<VirtualAccount> {
        let va = VirtualAccount {
            id: VirtualAccountId(self.ids().uuid(now)),
            number: db::keys::next_number(
                conn,
                "number",
                crate::engine::virtual_accounts::FIRST_NUMBER,
            )?,
            account: place.account.id,
            parent: None,
            name: name.clone(),
            description: String::new(),
            access: Access::Public,
            is_default: false,
            satellite: None,
            created_at: now,
            on_prem: None,
            upstream: None,
        };
        db::virtual_accounts::insert(conn, &va)?;
        let message = format!("Virtual account {} was created.", name.as_str());
        ledger.note(Fact::new(va.id, EventKind::VirtualAccountCreated, message));
        Ok(va)
    }
}

/// Whether the caller may give away these virtual accounts; new ones belong to nobody yet.
pub(super) fn may_register(place: &Place, names: &[Name]) -> Result<(), Error> {
    for name in names {
        match place.tree.named(name.as_str()) {
            Some(va) => place.actor.require(Permission::ManageOnPrems, &place.tree.scope(va))?,
            None => place.actor.require(Permission::ManageOnPrems, &place.scope())?,
        }
    }
    Ok(())
}

/// Whether the caller may give away any virtual account: asked before a file is looked at.
fn may_register_any(place: &Place) -> Result<(), Error> {
    let some = place.tree.all().iter().any(|va| place.may(Permission::ManageOnPrems, va));
    if some { Ok(()) } else { place.actor.require(Permission::ManageOnPrems, &place.scope()) }
}

/// Whether neither the file nor the name was registered before.
fn is_new(conn: &mut Conn, place: &Place, asked: &Asked, name: &str) -> Result<()> {
    if let Some(known) = db::on_prems::find(conn, asked.uid())? {
        let problem = if known.state.is_over() {
            "The registration file is used up: its On-Prem was removed. Generate another one on \
             the satellite."
                .to_owned()
        } else {
            format!("The registration file is that of the On-Prem {} already.", known.name)
        };
        return Err(Error::Conflict(problem).into());
    }
    may_be_called(conn, place, name, None)
}

/// Whether no other On-Prem has the name.
pub(super) fn may_be_called(
    conn: &mut Conn,
    place: &Place,
    name: &str,
    but: Option<OnPremUid>,
) -> Result<()> {
    let all = db::on_prems::of_account(conn, place.account.id)?;
    let same = all.iter().find(|one| {
        !one.state.is_over() && Some(one.uid) != but && name_key(&one.name) == name_key(name)
    });
    match same {
        None => Ok(()),
        Some(one) => {
            let problem = format!("there is an On-Prem {} already", one.name);
            Err(Error::invalid("name", problem).into())
        }
    }
}

/// The On-Prem of the same request, if its answer was lost on the way.
fn repeated(conn: &mut Conn, place: &Place, asked: &Asked) -> Result<Option<OnPrem>> {
    let Some(one) = db::on_prems::find(conn, asked.uid())? else { return Ok(None) };
    let same = one.account == place.account.id
        && one.state == OnPremState::Authorized
        && one.registration_nonce == asked.header.nonce
        && one.public_key == STANDARD.encode(&asked.spki);
    if !same {
        return Ok(None);
    }
    super::manages(place, &one)?;
    Ok(Some(one))
}
