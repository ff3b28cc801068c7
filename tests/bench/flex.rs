//! Flex usage: a million user-days of two hundred customers, the partner's page and the report of
//! all of them over 90 days, beside a plain scan of the same rows by the same index.

use super::process::{Loaded as _, Server};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use reqwest::Client;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;
use syncom::config::LAB_PASSWORD;
use syncom::domain::flex::{DayUse, Device, DeviceKind, Model, Person};

/// Customers, each with one cluster.
const CUSTOMERS: usize = 200;
/// Days of each.
const DAYS: usize = 90;
/// Users of each cluster.
const USERS: usize = 56;
/// Every figure is the median of so many.
const ROUNDS: usize = 31;
const LAB: &str = include_str!("../../src/lab/fixtures/lab.yaml");

/// Measures, and prints the table.
pub async fn measure() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let fixture = folder.path().join("fixture.yaml");
    std::fs::write(&fixture, with_customers()).unwrap();
    let data = folder.path().join("data");
    let server = Server::start_with(&data, &["--fixture", fixture.to_str().unwrap()]);
    eprintln!("{CUSTOMERS} customers are there after {:?}", server.took);
    let user = User::sign_in(&server).await;
    let classified = classify();
    let agents = user.agents().await;
    let all = "/_syncom/flex/partners/bench/usage?timeline=90";
    let json = median(async || assert_eq!(user.rest(all).await, CUSTOMERS)).await;
    let page = "/hub/bench/customer-license-usage?timeline=90&rows=100";
    let page = median(async || assert_eq!(user.page(page).await, 100)).await;
    let file = "/hub/bench/customer-license-usage/report.xlsx?from={}&to={}";
    let file = median_of(3, async || user.file(file).await).await;
    let mut scan = Scan::open(&data);
    let loaded = median(async || assert_eq!(scan.load(), CUSTOMERS * DAYS)).await;
    let summed = median(async || assert!(scan.sum() > 0)).await;
    println!("## Flex usage: {CUSTOMERS} customers, {DAYS} days, {USERS} users each\n");
    println!("| what | ms | times the scan |\n|---|---:|---:|");
    for (what, took) in [
        ("scan of the same rows by the index, loaded", loaded),
        ("the same, added up inside SQLite", summed),
        ("the partner's page over 90 days, 100 of 200 rows", page),
        ("report of all 200 as JSON", json),
        ("Custom report of all 200 as a workbook", file),
    ] {
        println!("| {what} | {took:.1} | {:.2} |", took / loaded);
    }
    let per_day = classified * 1e6 / f64::from(u32::try_from(CUSTOMERS * DAYS).unwrap());
    println!(
        "\nA million user-days classified: {classified:.2} s, {per_day:.0} µs a cluster and day."
    );
    println!("Reports of agents over HTTP, one after the other: {agents:.0} a second.");
}

/// The lab, and a partner with two hundred customers.
fn with_customers() -> String {
    let mut hub = String::from("hub:\n  - name: Bench\n    key: bench\n    customers:\n");
    let mut orders = String::from("flex_usage:\n");
    for n in 0..CUSTOMERS {
        writeln!(hub, "      - {{ name: Customer {n:03}, key: c{n:03} }}").unwrap();
        write!(
            orders,
            "  - customer: c{n:03}\n    order: B-{n}\n    transaction: Bench-{n}\n    \
             model: flex_2_0\n    quantities: {{ knowledge_worker: 50, common_area: 5, \
             telepresence: 2 }}\n    clusters:\n      - {{ name: C, region: R, version: 12.5.1, \
             publisher: p{n}.example, days: {DAYS}, uses: {{ knowledge_worker: {USERS}, \
             common_area: 4, telepresence: 1 }} }}\n"
        )
        .unwrap();
    }
    hub.push_str("    people:\n      - { name: benny, roles: [{ role: Full admin }] }\n");
    LAB.replace("\nhub:\n", &format!("\n{hub}")).replace("\nflex_usage:\n", &format!("\n{orders}"))
}

/// Seconds that it takes to classify a million user-days.
fn classify() -> f64 {
    let users = (0..USERS).map(|n| Person { id: n.to_string(), ..Person::default() }).collect();
    let phone = |n: usize| Device {
        name: format!("SEP{n}"),
        kind: DeviceKind::DeskPhone,
        owner: Some(n.to_string()),
    };
    let day = DayUse { users, devices: (0..USERS).map(phone).collect() };
    let begin = Instant::now();
    for _ in 0..CUSTOMERS * DAYS {
        day.check().unwrap();
        let found = day.classify(Model::Flex20).counts.knowledge_worker;
        assert_eq!(usize::try_from(found).unwrap(), USERS);
    }
    begin.elapsed().as_secs_f64()
}

/// The median of the usual number of runs, in milliseconds.
async fn median(work: impl AsyncFnMut()) -> f64 {
    median_of(ROUNDS, work).await
}

async fn median_of(rounds: usize, mut work: impl AsyncFnMut()) -> f64 {
    let mut took = Vec::new();
    for _ in 0..=rounds {
        let begin = Instant::now();
        work().await;
        took.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    // The first one warms up.
    took.remove(0);
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

/// A Full admin of the partner, in a browser and with a bearer.
struct User {
    http: Client,
    url: String,
    bearer: String,
    cookie: String,
}

impl User {
    async fn sign_in(server: &Server) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let policy = reqwest::redirect::Policy::none();
        let http = Client::builder().no_proxy().redirect(policy).build().unwrap();
        let client = &server.ready["lab"]["api_client"];
        let url = format!("http://{}", server.address());
        let grant = [
            ("grant_type", "password"),
            ("client_id", client["id"].as_str().unwrap()),
            ("client_secret", client["secret"].as_str().unwrap()),
            ("username", "benny"),
            ("password", LAB_PASSWORD),
        ];
        let asked = http.post(format!("{url}/as/token.oauth2")).form(&grant).send().await.unwrap();
        let told: Value = asked.json().await.unwrap();
        let bearer = told["access_token"].as_str().unwrap().to_owned();
        let guard = cookie(&http, http.get(format!("{url}/login"))).await;
        let csrf = guard.1.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap();
        let form = [("csrf", csrf), ("username", "benny"), ("password", LAB_PASSWORD)];
        let asked = http.post(format!("{url}/login")).header("cookie", guard.0).form(&form);
        let cookie = cookie(&http, asked).await.0;
        Self { http, url, bearer, cookie }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Vec<u8> {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.unwrap().to_vec();
        assert!((200..300).contains(&status), "{status}: {}", String::from_utf8_lossy(&bytes));
        bytes
    }

    async fn call(&self, path: &str, body: Option<&Value>, bearer: &str) -> Value {
        let url = format!("{}{path}", self.url);
        let request = match body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        serde_json::from_slice(&self.send(request.bearer_auth(bearer)).await).unwrap()
    }

    /// How many subscriptions the report tells of.
    async fn rest(&self, path: &str) -> usize {
        self.call(path, None, &self.bearer).await["rows"].as_array().unwrap().len()
    }

    /// How many rows the page shows.
    async fn page(&self, path: &str) -> usize {
        let request = self.http.get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        let html = self.send(request).await;
        String::from_utf8(html).unwrap().matches("<th scope=\"row\">").count()
    }

    /// Downloads the Custom report over the last 90 days.
    async fn file(&self, path: &str) {
        let told = self.call("/_syncom/flex/partners/bench/usage?timeline=90", None, &self.bearer);
        let told = told.await;
        let path = path.replacen("{}", told["from"].as_str().unwrap(), 1);
        let path = path.replacen("{}", told["to"].as_str().unwrap(), 1);
        let request = self.http.get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        assert!(self.send(request).await.starts_with(b"PK"));
    }

    /// Agents that correct the present day: reports a second.
    async fn agents(&self) -> f64 {
        let mut secrets = Vec::new();
        for n in 0..CUSTOMERS {
            let base = format!("/_syncom/flex/customers/c{n:03}/clusters");
            let told = self.call(&base, None, &self.bearer).await;
            let number = told["clusters"][0]["cluster"]["cluster"].clone();
            let path = format!("{base}/{number}/secret");
            let told = self.call(&path, Some(&json!({})), &self.bearer).await;
            secrets.push(told["secret"].as_str().unwrap().to_owned());
        }
        let told = self.call("/_syncom/flex/partners/bench/usage", None, &self.bearer).await;
        let users: Vec<_> = (0..USERS).map(|n| json!({"id":n.to_string()})).collect();
        let phone =
            |n: usize| json!({"name":format!("P{n}"),"kind":"desk_phone","owner":n.to_string()});
        let devices: Vec<_> = (0..USERS).map(phone).collect();
        let body = json!({"day":told["to"],"users":users,"devices":devices});
        let begin = Instant::now();
        for secret in &secrets {
            let told = self.call("/_syncom/flex/agent/usage", Some(&body), secret).await;
            assert_eq!(told["corrected"], true);
        }
        f64::from(u32::try_from(CUSTOMERS).unwrap()) / begin.elapsed().as_secs_f64()
    }
}

/// The cookies that an answer sets, and its body.
async fn cookie(http: &Client, request: reqwest::RequestBuilder) -> (String, String) {
    let answer = http.execute(request.build().unwrap()).await.unwrap();
    let set = answer.headers().get_all("set-cookie").iter();
    let pairs = set.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned());
    let pairs = pairs.collect::<Vec<_>>().join("; ");
    (pairs, answer.text().await.unwrap())
}

/// The rows, without any rule.
struct Scan(SqliteConnection);

#[derive(QueryableByName)]
#[expect(dead_code, reason = "rows are loaded to be loaded")]
struct Row {
    #[diesel(sql_type = BigInt)]
    cluster: i64,
    #[diesel(sql_type = Integer)]
    day: i32,
    #[diesel(sql_type = BigInt)]
    professional: i64,
    #[diesel(sql_type = BigInt)]
    enhanced: i64,
    #[diesel(sql_type = BigInt)]
    access: i64,
    #[diesel(sql_type = BigInt)]
    knowledge_worker: i64,
    #[diesel(sql_type = BigInt)]
    common_area: i64,
    #[diesel(sql_type = BigInt)]
    telepresence: i64,
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    sum: i64,
}

/// The clusters of the partner's customers, found by the indexes.
const OWN: &str = "cluster IN (SELECT c.number FROM flex_clusters c JOIN hub_organizations o ON \
                   o.id = c.organization_id JOIN hub_organizations p ON p.id = o.partner_id WHERE \
                   p.key = 'bench')";

impl Scan {
    fn open(data: &Path) -> Self {
        Self(SqliteConnection::establish(data.join("cssm.db").to_str().unwrap()).unwrap())
    }

    fn load(&mut self) -> usize {
        let query = format!("SELECT * FROM flex_days WHERE {OWN} ORDER BY cluster, day");
        diesel::sql_query(query).load::<Row>(&mut self.0).unwrap().len()
    }

    fn sum(&mut self) -> i64 {
        let query = format!(
            "SELECT SUM(professional + enhanced + access + knowledge_worker + common_area + \
             telepresence) AS sum FROM flex_days WHERE {OWN}"
        );
        diesel::sql_query(query).get_result::<Sum>(&mut self.0).unwrap().sum
    }
}
