//! A satellite as its administrator works with it, below the pages.

use super::app::TestApp;
use super::device::TestDevice;
use syncom::config::LAB_PASSWORD;
use syncom::domain::standing::{SyncKind, SyncState};
use syncom::domain::token::{Days, NewToken};
use syncom::engine::uplink::Login;
use syncom::engine::{AccountWish, Engine, Error, LicenseRow, LocalAccountView, VaRef, Who};

/// The site and a person who is signed in.
pub struct Satellite {
    pub engine: Engine,
    pub who: Who,
    url: String,
}

impl Satellite {
    /// `admin` signs in.
    pub async fn of(app: &TestApp, name: &str) -> Self {
        let site = app.running.site(name).unwrap();
        let signed_in = site.engine.sign_in("admin", LAB_PASSWORD).await.unwrap();
        let who = Who::Session(signed_in.secret);
        Self { engine: site.engine.clone(), who, url: format!("http://{}", site.http) }
    }

    /// Signs in again: hours may have passed.
    pub async fn again(&mut self) -> &Self {
        let signed_in = self.engine.sign_in("admin", LAB_PASSWORD).await.unwrap();
        self.who = Who::Session(signed_in.secret);
        self
    }

    /// Asks for a local account; its number.
    pub async fn request(&self, name: &str, va: &str) -> i64 {
        let wish = wish(name, va);
        self.engine.request_local_account(&self.who, wish).await.unwrap().number
    }

    /// Approves it with a person of CSSM.
    pub async fn approve(&self, number: i64, user: &str) -> Result<(), Error> {
        let login = login(user);
        self.engine.approve_local_account(&self.who, number, login).await.map(drop)
    }

    /// A local account that is registered over the network.
    pub async fn registered(&self, name: &str, va: &str) -> i64 {
        let number = self.request(name, va).await;
        self.approve(number, "ann").await.unwrap();
        number
    }

    /// Synchronizes over the network.
    pub async fn sync(&self, number: i64, kind: SyncKind) -> Result<(), Error> {
        self.engine.synchronize_now(&self.who, number, kind, None).await
    }

    /// How it stands.
    pub async fn view(&self, number: i64) -> LocalAccountView {
        self.engine.local_account(&self.who, number).await.unwrap()
    }

    /// The state of its synchronization.
    pub async fn state(&self, number: i64) -> SyncState {
        self.view(number).await.standing.unwrap().state
    }

    /// A registration token of a local virtual account.
    pub async fn token(&self, account: &str, va: &str) -> String {
        let new = NewToken {
            description: "a local one".to_owned(),
            days: Days::DEFAULT,
            max_uses: None,
            export_allowed: true,
        };
        let va = VaRef::Name(va.to_owned());
        self.engine.create_token(&self.who, account, va, new).await.unwrap().text
    }

    /// `dev-<number>`: a product that talks to the satellite.
    pub fn device(&self, app: &TestApp, number: u32) -> TestDevice {
        TestDevice::new(&format!("{}/SmartTransport", self.url), number, &app.running.clock)
    }

    /// Available, in use and balance of a license.
    pub async fn figures(&self, account: &str, va: &str, license: &str) -> (i64, i64, i64) {
        let rows = self.engine.licenses(&self.who, account, vec![va.to_owned()]).await.unwrap();
        let row = rows.iter().find(|row| row.pool.entitlement.name == license);
        let figures =
            |row: &LicenseRow| (row.standing.usable, row.standing.in_use, row.standing.balance);
        row.map_or((0, 0, 0), figures)
    }
}

/// What is asked for.
pub fn wish(name: &str, va: &str) -> AccountWish {
    AccountWish {
        name: name.to_owned(),
        smart_account: "Contoso Lab".to_owned(),
        virtual_accounts: va.to_owned(),
        email: "plant@lab.example".to_owned(),
        ..AccountWish::default()
    }
}

/// A person of CSSM.
pub fn login(user: &str) -> Login {
    Login { user: user.to_owned(), password: LAB_PASSWORD.to_owned() }
}
