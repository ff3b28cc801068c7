//! A local account of a satellite: its people, its products, and the files that it has made.

use super::deeds::{Local, Which};
use crate::support::device::tags;
use crate::support::satellite::{login, wish};
use crate::support::sites::Site;
use crate::support::views::{self, Lines, Told, View};
use syncom::crypto::csr;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::domain::Timestamp;
use syncom::domain::id::{InstanceId, OnPremUid, TokenId};
use syncom::domain::instance::Udi;
use syncom::domain::license::LicenseType;
use syncom::domain::token::{Days, NewToken, Token};
use syncom::domain::transfer::Precedence;
use syncom::domain::virtual_account::{Access, Name};
use syncom::engine::{
    Authorization, Error, NamedTransfer, NewVirtualAccount, Origin, Registration, VaRef,
};

/// The local virtual accounts of each satellite.
const PLACES: [&str; 2] = ["Default", "Line2"];
/// Licenses that there are.
pub const GOODS: [&str; 3] = ["UCM Enhanced Plus", "CUWL", "Meetings Host"];
const TAGS: [&str; 3] = [tags::ENHANCED_PLUS, tags::CUWL, tags::MEETINGS_HOST];

/// A product: its key, and its registration.
struct Product {
    key: PrivateKey,
    registered: Option<(InstanceId, i64)>,
}

/// A file, and what its maker knew when it was made.
#[derive(Clone)]
pub struct Made<T> {
    pub file: Vec<u8>,
    pub then: T,
}

/// A local account.
pub struct Plant {
    pub name: String,
    pub number: i64,
    pub uid: OnPremUid,
    /// What the last response that was taken has brought.
    pub lines: Lines,
    /// Request files, oldest first.
    pub up: Vec<Made<Told>>,
    /// Response files, oldest first.
    pub down: Vec<Made<Lines>>,
    texts: Vec<String>,
    made: Vec<TokenId>,
    products: Vec<Product>,
}

impl Plant {
    /// Registers one over the network.
    pub async fn registered(site: &Site, name: &str, va: &str) -> Self {
        let engine = &site.engine;
        let number = engine.request_local_account(&site.who, wish(name, va)).await.unwrap().number;
        engine.approve_local_account(&site.who, number, login("ann")).await.unwrap();
        let uid = engine.local_account(&site.who, number).await.unwrap().account.uid;
        let line2 = NewVirtualAccount {
            name: Name::parse(PLACES[1]).unwrap(),
            description: String::new(),
            access: Access::Public,
            parent: None,
            is_default: false,
            people: None,
        };
        engine.create_virtual_account(&site.who, name, line2).await.unwrap();
        let product =
            |_| Product { key: PrivateKey::generate(KeyKind::P256).unwrap(), registered: None };
        let mut plant = Self {
            name: name.to_owned(),
            number,
            uid,
            lines: Lines::new(),
            up: Vec::new(),
            down: Vec::new(),
            texts: Vec::new(),
            made: Vec::new(),
            products: (0..4).map(product).collect(),
        };
        for at in 0..PLACES.len() {
            let token = plant.token(site, at).await.unwrap();
            plant.texts.push(token.text);
        }
        plant
    }

    /// What the satellite says.
    pub async fn view(&self, site: &Site) -> View {
        site.look(views::of_satellite).await
    }

    async fn token(&self, site: &Site, at: usize) -> Result<Token, Error> {
        let new = NewToken {
            description: "a local one".to_owned(),
            days: Days::new(365).unwrap(),
            max_uses: None,
            export_allowed: false,
        };
        site.engine.create_token(&site.who, &self.name, place(at), new).await
    }

    /// Local work; a refusal is no defect, whatever the state.
    pub async fn work(&mut self, site: &Site, deed: &Local) {
        site.engine.clock().advance(chrono::TimeDelta::seconds(1));
        let done = match deed {
            Local::Register(who, at) => self.register(site, *who, *at).await,
            Local::Use(who, what, count) => {
                let Some(origin) = self.origin(site, *who) else { return };
                let demands = vec![(TAGS[*what].to_owned(), *count)];
                site.engine.authorize(Authorization { origin, demands }).await.map(drop)
            }
            Local::Deregister(who) => {
                let Some(origin) = self.origin(site, *who) else { return };
                site.engine.deregister(origin).await.map(drop)
            }
            Local::Remove(who) => {
                let Some((id, _)) = self.products[*who].registered else { return };
                site.engine.remove_instance(&site.who, &self.name, id).await.map(drop)
            }
            Local::Move(who, at) => {
                let Some((id, _)) = self.products[*who].registered else { return };
                site.engine.move_instance(&site.who, &self.name, id, place(*at)).await.map(drop)
            }
            Local::Transfer(what, quantity, back) => {
                let (from, to) = if *back { (1, 0) } else { (0, 1) };
                let wanted = vec![named(*what, LicenseType::Perpetual, *quantity, PLACES[to])];
                let moved = site.engine.transfer_named(&site.who, &self.name, place(from), wanted);
                moved.await.map(drop)
            }
            Local::Token(at) => self.token(site, *at).await.map(|token| self.made.push(token.id)),
            Local::Revoke => {
                let Some(id) = self.made.pop() else { return };
                site.engine.revoke_token(&site.who, &self.name, id).await.map(drop)
            }
        };
        refused_at_most(done);
    }

    async fn register(&mut self, site: &Site, who: usize, at: usize) -> Result<(), Error> {
        let (key, now) = (&self.products[who].key, site.engine.now());
        let message = format!("register {who} {}", now.iso()).into_bytes();
        let serial = format!("{}-{who}", self.name);
        let wanted = Registration {
            udi: Udi { pid: Some("SIM".into()), serial: Some(serial.clone()), ..Udi::default() },
            software_tag: "regid.2026-01.com.syncom.SIM,1.0_0b1ae5b3".into(),
            product_name: "Syncom SIM".into(),
            hostname: Some(serial),
            members: Vec::new(),
            token: self.texts[at].clone(),
            csr: csr::make(key, "SIM").unwrap(),
            force: true,
            nonce: site.engine.ids().secret(),
            sent: now,
            signature: key.sign(&message).unwrap(),
            message,
        };
        let registered = site.engine.register(wanted).await?.instance;
        self.products[who].registered = Some((registered.id, registered.identity.serial));
        Ok(())
    }

    fn origin(&self, site: &Site, who: usize) -> Option<Origin> {
        let product = &self.products[who];
        let (instance, serial) = product.registered?;
        let sent: Timestamp = site.engine.now();
        let message = format!("message {who} {}", sent.iso()).into_bytes();
        let signature = product.key.sign(&message).unwrap();
        Some(Origin { instance, serial, sent, message, signature })
    }
}

fn place(at: usize) -> VaRef {
    VaRef::Name(PLACES[at].to_owned())
}

/// A transfer of one license.
pub fn named(what: usize, license_type: LicenseType, quantity: i64, to: &str) -> NamedTransfer {
    NamedTransfer {
        license: GOODS[what].to_owned(),
        license_type,
        quantity,
        to: to.to_owned(),
        precedence: Precedence::LongestTermFirst,
    }
}

/// Done, or refused by a rule: nothing else may happen. Answers whether it was done.
pub fn refused_at_most<T>(done: Result<T, Error>) -> Option<T> {
    match done {
        Ok(done) => Some(done),
        Err(Error::Domain(_)) => None,
        Err(defect) => panic!("{defect}"),
    }
}

/// The file that is meant, if there is one.
pub fn pick<'a, T>(made: &'a [Made<T>], which: &Which) -> Option<&'a Made<T>> {
    match &which.older {
        Some(_) if made.is_empty() => None,
        Some(index) => Some(index.get(made)),
        None => made.last(),
    }
}
