//! The portal as a whole: every link, every stranger, every forged form.

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, run};
use crate::support::device::tags;
use std::collections::{BTreeSet, VecDeque};

/// More addresses than the lab has pages; a crawl that reaches it has lost its way.
const MANY: usize = 400;

async fn on_sqlite(body: impl AsyncFnOnce(&TestApp)) {
    run(Database::sqlite(), body).await;
}

/// Addresses on this site that a page links to, without their fragments.
fn links(page: &Page) -> Vec<String> {
    let here = url::Url::parse("http://here").unwrap().join(&page.path).unwrap();
    let hrefs = page.attributes("a[href]", "href").into_iter();
    let targets = hrefs.map(|href| here.join(&href).unwrap());
    let inside = targets.filter(|target| target.host_str() == Some("here"));
    inside.map(|t| format!("{}?{}", t.path(), t.query().unwrap_or_default())).collect()
}

/// Follows every link that a person is offered, from the start.
async fn crawl(browser: &Browser, who: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut ahead = VecDeque::from(["/?".to_owned()]);
    while let Some(path) = ahead.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        assert!(seen.len() < MANY, "{who} finds no end: {path}");
        let page = browser.get(path.trim_end_matches('?')).await;
        assert_eq!(page.status, 200, "{who} at {path}: {}", page.text());
        if page.html.starts_with("<!doctype html>") {
            assert_eq!(page.texts("h1").len(), 1, "{who} at {path}");
            ahead.extend(links(&page));
        }
    }
    seen
}

/// Where the forms that change something lead, of all pages that a person is offered.
pub(crate) async fn actions(browser: &Browser, who: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for path in crawl(browser, who).await {
        let page = browser.get(path.trim_end_matches('?')).await;
        if page.html.starts_with("<!doctype html>") {
            all.extend(page.attributes("form[method=post][action]", "action"));
        }
    }
    all.into_iter().filter(|path| path != "/logout").collect()
}

/// A shortage in Berlin, with two products and a revoked token.
async fn make_a_story(app: &TestApp) {
    let bob = app.sign_in("bob").await;
    let general = bob.get("/sa/lab.example/inventory").await;
    let form = bob.get(&general.link("New Token…")).await.form("main form").set("terms", "yes");
    bob.submit(form.clone()).await;
    let token = bob.submit(form).await.one("#token-text");
    let list = bob.get(&general.path).await;
    // The newest token stands first; the older one goes.
    let revoke = list.attributes("a[href$='/revoke']", "href").pop().unwrap();
    bob.submit(bob.get(&revoke).await.form("main form")).await;
    for (number, count) in [(1, 4), (2, 9)] {
        let mut device = app.device(number);
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, count).await.unwrap();
    }
}

/// A-SHL-08, A-ALR-05, A-ALR-06: whatever a person is offered works, for every role;
/// nobody is offered what the roles refuse.
#[actix_web::test]
async fn every_link_that_a_person_is_offered_leads_somewhere() {
    on_sqlite(async |app| {
        make_a_story(app).await;
        let mut reached = Vec::new();
        for who in ["ann", "ulf", "vera", "appi", "berta", "bob", "tom"] {
            let browser = app.sign_in(who).await;
            reached.push((who, crawl(&browser, who).await));
        }
        let has = |who: &str, part: &str| {
            let (_, pages) = reached.iter().find(|(name, _)| *name == who).unwrap();
            pages.iter().any(|path| path.contains(part))
        };
        for part in ["/tokens/new", "/transfer?direction=from", "/remove", "/virtual-accounts/new"]
        {
            assert!(has("ann", part), "ann is not offered {part}");
            assert!(!has("vera", part), "vera is offered {part}");
        }
        assert!(!has("appi", "/inventory/"), "an approver sees no virtual account");
    })
    .await;
}

/// Nobody without a session sees a page; signing in leads to where one wanted to go.
#[actix_web::test]
async fn strangers_are_led_to_the_login_and_from_there_back() {
    on_sqlite(async |app| {
        let stranger = app.anonymous();
        let wanted = "/sa/lab.example/alerts?severity=major";
        let login = stranger.get(wanted).await;
        assert!(login.path.starts_with("/login?next="), "{}", login.path);
        let form = login.form("form").set("username", "ann").set("password", "wrong");
        let refused = stranger.submit(form).await;
        assert_eq!(refused.status, 401);
        assert!(refused.one("[role=alert]").contains("wrong"), "{}", refused.text());
        let form = refused.form("form");
        assert_eq!(form.value("username"), Some("ann"), "the name stays");
        let page = stranger.submit(form.set("password", "syncom-lab")).await;
        assert_eq!((page.status, page.path.as_str()), (200, wanted));
    })
    .await;
}

/// A form that none of our pages made changes nothing.
#[actix_web::test]
async fn a_form_without_its_guard_is_refused() {
    on_sqlite(async |app| {
        let bob = app.sign_in("bob").await;
        let general = bob.get("/sa/lab.example/inventory").await;
        let address = general.link("New Token…");
        let fields = [("expire_after", "30"), ("terms", "yes"), ("csrf", "guessed")];
        let refused = bob.post(&address, &fields).await;
        assert_eq!((refused.status, refused.one("h1")), (403, "Not allowed".to_owned()));
        let form = app.sign_in("ulf").await.get(&address).await.form("main form");
        let foreign = bob.submit(form.set("terms", "yes")).await;
        assert_eq!(foreign.status, 403, "the guard of another session");
        assert!(bob.get(&general.path).await.table("Token").is_empty());
    })
    .await;
}

/// AS-02, A-TOK-05, A-TOK-06, A-TOK-07: each broken rule stands beside its field, what was
/// typed stays, and nothing is created.
#[actix_web::test]
async fn the_token_form_names_every_broken_rule_and_keeps_what_was_typed() {
    on_sqlite(async |app| {
        let bob = app.sign_in("bob").await;
        let general = bob.get("/sa/lab.example/inventory").await;
        let form = bob.get(&general.link("New Token…")).await.form("main form");
        assert_eq!(form.value("expire_after"), Some("30"));
        assert_eq!(form.value("export_controlled"), Some("yes"), "ticked by default");
        for days in ["0", "366", "-1", "1.5", "", "abc"] {
            let typed = form.clone().set("expire_after", days).set("description", "six tries");
            let again = bob.submit(typed.set("max_uses", "0")).await;
            assert_eq!(again.status, 400, "{days:?}");
            assert!(again.one("#f-expire_after-error").contains("from 1 to 365"), "{days:?}");
            assert!(again.one("#f-max_uses-error").contains("0 is not a whole number"));
            assert!(again.one("#f-terms-error").contains("terms"));
            let kept = again.form("main form");
            assert_eq!(kept.value("expire_after"), Some(days));
            assert_eq!(kept.value("description"), Some("six tries"));
        }
        assert!(bob.get(&general.path).await.table("Token").is_empty());
        assert!(bob.get(&general.link("Event Log")).await.table("Message").is_empty());
    })
    .await;
}

/// A-SHL-06: a long table is read page by page, forwards and backwards, without a gap.
#[actix_web::test]
async fn a_long_table_is_read_page_by_page() {
    on_sqlite(async |app| {
        let bob = app.sign_in("bob").await;
        let general = bob.get("/sa/lab.example/inventory").await;
        let form = bob.get(&general.link("New Token…")).await.form("main form");
        for number in 1..=45 {
            let made = form.clone().set("terms", "yes").set("description", &format!("n{number}"));
            assert_eq!(bob.submit(made).await.status, 200);
        }
        let names = |page: &Page| -> Vec<String> {
            page.table("Token").into_iter().map(|row| row[5].clone()).collect()
        };
        let step = async |page: &Page, label: &str| {
            let href = page.attributes(&format!("a[aria-label='{label} page']"), "href");
            let path = page.path.split('?').next().unwrap().to_owned();
            bob.get(&format!("{path}{}", href[0])).await
        };
        let first = bob.get(&general.path).await;
        let second = step(&first, "Next").await;
        let third = step(&second, "Next").await;
        let all: Vec<_> = [&first, &second, &third].into_iter().flat_map(names).collect();
        let newest_first: Vec<_> = (1..=45).rev().map(|number| format!("n{number}")).collect();
        assert_eq!(all, newest_first);
        assert_eq!(names(&step(&third, "Previous").await), names(&second));
        assert_eq!(names(&step(&first, "Last").await).last(), Some(&"n1".to_owned()));
        assert_eq!(names(&step(&third, "First").await), names(&first));
        assert_eq!(bob.get(&format!("{}?rows=100", general.path)).await.table("Token").len(), 45);
        assert_eq!(bob.get(&format!("{}?rows=7", general.path)).await.status, 400);
    })
    .await;
}

/// A page that does not exist is a page for people and JSON for programs.
#[actix_web::test]
async fn an_address_that_leads_nowhere_says_so() {
    on_sqlite(async |app| {
        let ann = app.sign_in("ann").await;
        for path in [
            "/sa/nowhere.example/alerts",
            "/sa/lab.example/inventory/999/general",
            "/sa/lab.example/inventory/abc/licenses",
            "/sa/lab.example/inventory/100002/tokens/4711",
            "/sa/lab.example/inventory/100002/instances/x/remove",
        ] {
            let page = ann.get(path).await;
            assert_eq!((page.status, page.one("h1")), (404, "Not found".to_owned()), "{path}");
        }
        let answer = reqwest::get(format!("{}/nowhere", app.url())).await.unwrap();
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.headers()["content-type"], "application/json");
    })
    .await;
}
