//! A satellite as CSSM sees it: a key, files that it signs, and answers that it checks.

use super::app::{T0, TestApp, instant};
use super::browser::{Browser, Page};
use serde_json::Value;
use std::collections::BTreeMap;
use syncom::config::LAB_PASSWORD;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::crypto::sign::PublicKey;
use syncom::crypto::{ca, chain, csr, secret};
use syncom::domain::Timestamp;
use syncom::domain::id::{InstanceId, TokenId, VirtualAccountId};
use syncom::domain::sync::Kind;
use syncom::protocol::sync::{
    self, Direction, Header, Instance, Limits, LocalVirtualAccount, Mode, Record, Registration,
    Token, Udi, Writer,
};
use uuid::Uuid;

/// Where the pages of the On-Prems are.
pub const LIST: &str = "/sa/lab.example/on-prem";

/// A local account of a satellite.
pub struct TestSatellite {
    /// Its identity.
    pub uid: Uuid,
    /// The name of the local account.
    pub name: String,
    /// Its key.
    pub key: PrivateKey,
    /// How its virtual accounts belong to those of CSSM.
    pub mode: Mode,
    /// The credential for the network.
    pub credential: Option<String>,
    /// The number of the next request.
    pub sequence: u64,
    /// The last request that was confirmed.
    pub base: Option<Uuid>,
    /// Requests since.
    pub since: Vec<Uuid>,
    /// Local virtual accounts: identity, name and where they belong.
    pub local: Vec<(VirtualAccountId, String, Option<VirtualAccountId>)>,
    /// The nonce of its registration file.
    pub nonce: Uuid,
}

/// What came over the network.
#[derive(Debug)]
pub struct Heard {
    /// The status.
    pub status: u16,
    /// The problem, if it is one.
    pub json: Value,
    /// The file, if it is one.
    pub file: Vec<u8>,
    /// The credential that came along, and when it ends.
    pub credential: Option<(String, String)>,
}

impl TestSatellite {
    /// One of its own kind.
    pub fn new(name: &str) -> Self {
        let local = (VirtualAccountId(random()), "Default".to_owned(), None);
        Self {
            uid: random(),
            name: name.to_owned(),
            key: PrivateKey::generate(KeyKind::P256).unwrap(),
            mode: Mode::Onprem8,
            credential: None,
            sequence: 1,
            base: None,
            since: Vec::new(),
            local: vec![local],
            nonce: random(),
        }
    }

    fn header(&self, direction: Direction, made_at: Timestamp) -> Header {
        Header {
            direction,
            kind: None,
            uid: self.uid,
            on_prem: self.name.clone(),
            smart_account: "Contoso Lab".to_owned(),
            sequence: 0,
            nonce: self.nonce,
            base: None,
            since: Vec::new(),
            answers: None,
            next_sequence: None,
            made_at,
            made_by: "9.1-test".to_owned(),
        }
    }

    /// Its registration file.
    pub fn registration(&self, places: &[&str]) -> Vec<u8> {
        self.registration_for("Contoso Lab", places)
    }

    /// The same for another Smart Account.
    pub fn registration_for(&self, account: &str, places: &[&str]) -> Vec<u8> {
        let header = Header {
            smart_account: account.to_owned(),
            ..self.header(Direction::Registration, instant(T0))
        };
        let record = Record::Registration(Registration {
            csr: csr::make(&self.key, &self.name).unwrap(),
            local_account: self.name.clone(),
            mode: self.mode,
            virtual_accounts: places.iter().map(|place| (*place).to_owned()).collect(),
            email: format!("{}@lab.example", self.name),
            version: "9.0-test".to_owned(),
        });
        self.file(header, &[record])
    }

    fn file(&self, header: Header, records: &[Record]) -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), header).unwrap();
        for record in records {
            writer.record(record).unwrap();
        }
        writer.finish(|text| self.key.sign(text)).unwrap()
    }

    /// A request file; it has the local virtual accounts, and what else is told.
    pub fn request(&mut self, app: &TestApp, kind: Kind, told: Vec<Record>) -> Vec<u8> {
        let nonce = random();
        let header = Header {
            kind: Some(kind),
            sequence: self.sequence,
            nonce,
            base: self.base,
            since: self.since.clone(),
            ..self.header(Direction::Request, app.now())
        };
        self.sequence += 1;
        self.since.push(nonce);
        let local = self.local.iter().enumerate().map(|(at, (id, name, upstream))| {
            let (id, name, upstream) = (*id, name.clone(), *upstream);
            Record::LocalVirtualAccount(LocalVirtualAccount {
                id,
                name,
                upstream,
                default: at == 0,
            })
        });
        let records: Vec<Record> = local.chain(told).collect();
        self.file(header, &records)
    }

    /// Takes a response: its request is confirmed.
    pub fn confirm(&mut self, app: &TestApp, file: &[u8]) -> Vec<Record> {
        let (header, records) = self.read(app, file);
        assert_eq!(header.direction, Direction::Response);
        let answers = header.answers.unwrap();
        assert!(self.since.contains(&answers), "the response answers another request");
        self.base = Some(answers);
        self.since.clear();
        self.sequence = header.next_sequence.unwrap();
        records
    }

    /// Reads a file of CSSM, and checks its signature and certificates up to the root.
    pub fn read(&self, app: &TestApp, file: &[u8]) -> (Header, Vec<Record>) {
        let root_pem = app.running.worlds.get("default").unwrap().root_pem;
        let root = ca::certificates_from_pem(&root_pem).unwrap().remove(0);
        let root_key = PublicKey::from_spki_der(&chain::read(&root).unwrap().spki_der).unwrap();
        let verified = sync::check(file, Limits::default()).unwrap().verify(&root_key).unwrap();
        let records: Vec<Record> = verified.records().map(Result::unwrap).collect();
        let Record::Authorization(certified) = &records[0] else { panic!("{:?}", records[0]) };
        let own = ca::certificates_from_pem(&certified.certificates[0]).unwrap().remove(0);
        let leaf = chain::verify(&own, &[], &root, app.now()).unwrap();
        assert_eq!(leaf.spki_der, self.key.spki_der(), "the certificate is of this key");
        assert_eq!(verified.header().uid, self.uid);
        (verified.header().clone(), records)
    }

    /// Registers over the network.
    pub async fn register(&mut self, app: &TestApp, by: (&str, &str), places: &[&str]) -> Heard {
        let file = self.registration(places);
        self.register_with(app, by, file).await
    }

    /// The same with this file.
    pub async fn register_with(
        &mut self,
        app: &TestApp,
        (user, password): (&str, &str),
        file: Vec<u8>,
    ) -> Heard {
        let url = format!("{}/_syncom/on-prem/register", app.url());
        let heard = send(client().post(url).basic_auth(user, Some(password)).body(file)).await;
        self.credential =
            heard.credential.clone().map(|(secret, _)| secret).or(self.credential.take());
        heard
    }

    /// Registers as `ann`, for one virtual account.
    pub async fn registered(app: &TestApp, name: &str, place: &str) -> Self {
        let mut one = Self::new(name);
        let heard = one.register(app, ("ann", LAB_PASSWORD), &[place]).await;
        assert_eq!(heard.status, 200, "{heard:?}");
        one.read(app, &heard.file);
        one
    }

    /// Sends a file over the network.
    pub async fn send(&self, app: &TestApp, file: Vec<u8>) -> Heard {
        let url = format!("{}/_syncom/on-prem/sync", app.url());
        let bearer = self.credential.clone().unwrap_or_default();
        send(client().post(url).bearer_auth(bearer).body(file)).await
    }

    /// Synchronizes over the network.
    pub async fn sync(&mut self, app: &TestApp, kind: Kind, told: Vec<Record>) -> Vec<Record> {
        let file = self.request(app, kind, told);
        let heard = self.send(app, file).await;
        assert_eq!(heard.status, 200, "{heard:?}");
        self.confirm(app, &heard.file)
    }

    /// A product instance that uses so many of a license.
    pub fn product(&self, app: &TestApp, number: u32, tag: &str, count: i64) -> Record {
        let uses = if count == 0 { BTreeMap::new() } else { [(tag.to_owned(), count)].into() };
        Record::Instance(Box::new(Instance {
            id: InstanceId(self.id(number)),
            virtual_account: self.local[0].0,
            udi: Udi {
                pid: Some("SIM".to_owned()),
                serial: Some(format!("{}-{number}", self.name)),
                ..Udi::default()
            },
            software_tag: "regid.2026-01.com.syncom.SIM,1.0_0b1ae5b3".to_owned(),
            product_name: "Syncom SIM".to_owned(),
            hostname: Some(format!("{}-dev-{number}", self.name)),
            export_allowed: false,
            reserved: false,
            registered_at: app.now(),
            last_contact_at: app.now(),
            authorized_at: Some(app.now()),
            in_compliance: Some(true),
            uses,
        }))
    }

    /// The identity of one of its products.
    pub fn id(&self, number: u32) -> Uuid {
        Uuid::from_u128(self.uid.as_u128() ^ u128::from(number))
    }

    /// A registration token.
    pub fn token(&self, app: &TestApp, description: &str) -> Record {
        Record::Token(Token {
            id: TokenId(random()),
            virtual_account: self.local[0].0,
            short: "MDky…ZjA=".to_owned(),
            description: description.to_owned(),
            export_allowed: false,
            max_uses: None,
            uses: 0,
            created_by: "lars".to_owned(),
            created_at: app.now(),
            expires_at: app.now().plus_days(30),
            revoked_at: None,
        })
    }
}

fn random() -> Uuid {
    Uuid::from_bytes(secret::random_bytes().unwrap())
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn send(request: reqwest::RequestBuilder) -> Heard {
    let answer = request.send().await.unwrap();
    let header =
        |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let credential = header("x-syncom-credential").zip(header("x-syncom-credential-ends"));
    let status = answer.status().as_u16();
    let file = answer.bytes().await.unwrap().to_vec();
    Heard { status, json: serde_json::from_slice(&file).unwrap_or_default(), file, credential }
}

/// Another credential for it.
pub async fn another_credential(app: &TestApp, user: &str, uid: Uuid) -> Heard {
    let url = format!("{}/_syncom/on-prem/credential", app.url());
    let body = serde_json::json!({ "uid": uid });
    send(client().post(url).basic_auth(user, Some(LAB_PASSWORD)).json(&body)).await
}

/// The page of an On-Prem, by its name in the list; the newest of those that are called so.
pub async fn on_prem(browser: &Browser, name: &str) -> Page {
    let list = browser.get(LIST).await;
    browser.get(&list.last_link(name)).await
}

/// Uploads a request file at the entry of an On-Prem.
pub async fn file_sync(browser: &Browser, name: &str, file: &[u8]) -> Page {
    let page = on_prem(browser, name).await;
    let form = browser.get(&page.link("File Sync…")).await;
    browser.upload(form.form("form[action$='sync']"), ("request.sync", file)).await
}

/// A file that a link leads to.
pub async fn download(browser: &Browser, path: &str) -> (u16, Vec<u8>) {
    browser.bytes(path).await
}
