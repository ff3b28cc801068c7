//! Users, host licenses and meetings on the product's own pages, and by clicking.

use crate::support::app::{T0, instant};
use crate::support::browser::{Browser, Page};
use crate::support::chromium::Chromium;
use crate::support::facade::{PASSWORD, TestFacade, USER, product};
use fantoccini::{Client, Locator};
use syncom::clock::Clock;
use syncom::device::notices::Notice;

const HOST_LICENSES: &str = "/host-licenses";

/// A classic meetings server at the test's own clock.
struct Lab {
    facade: TestFacade,
    admin: Browser,
    clock: Clock,
    folder: tempfile::TempDir,
}

impl Lab {
    async fn new(profile: &str) -> Self {
        crate::support::app::install_crypto();
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::frozen(instant(T0));
        let facade =
            TestFacade::start(product(profile, "http://127.0.0.1:9"), folder.path(), &clock);
        let admin = facade.sign_in().await;
        Self { facade, admin, clock, folder }
    }

    async fn get(&self, path: &str) -> Page {
        self.admin.get(path).await
    }

    /// Sends the form of the licenses page with these values.
    async fn sends(&self, form: &str, values: &[(&str, &str)]) -> Page {
        let action = format!("form[action='{HOST_LICENSES}/{form}']");
        let page = self.get(HOST_LICENSES).await;
        let form =
            values.iter().fold(page.form(&action), |form, (key, value)| form.set(key, value));
        self.admin.submit(form).await
    }

    async fn adds(&self, users: &str) -> Page {
        let form = self.get("/users/add").await.form("main form").set("users", users);
        self.admin.submit(form).await
    }

    /// A button of a user's page.
    async fn press(&self, user: &str, action: &str) -> Page {
        let path = format!("/users/{user}@lab.example");
        let csrf = self.get(&path).await.form("main form").value("csrf").unwrap().to_owned();
        self.admin.post(&format!("{path}/{action}"), &[("csrf", &csrf)]).await
    }

    async fn user(&self, user: &str) -> String {
        self.get(&format!("/users/{user}@lab.example")).await.text()
    }
}

/// Ten permanent licenses, the trial over, so many of them reserved for `p1`, `p2` and so on.
async fn seed_004(assigned: usize) -> Lab {
    let lab = Lab::new("cwms2").await;
    let page = lab.sends("end-trial", &[]).await;
    assert_eq!(page.path, HOST_LICENSES, "nothing is installed: licensing works all the same");
    let page = lab.get("/users").await;
    assert_eq!(page.path, HOST_LICENSES, "and nothing else does");
    assert!(page.text().contains("The trial is over and no license is installed"));
    let page = lab.sends("buy", &[("count", "10")]).await.text();
    assert!(page.contains("The licenses are installed."), "{page}");
    let people: Vec<String> = (1..=assigned).map(|n| format!("p{n}@lab.example")).collect();
    lab.adds(&format!(
        "{}\nu1@lab.example, Ann Lee\nu2@lab.example\nn@lab.example",
        people.join("\n")
    ))
    .await;
    for n in 1..=assigned {
        let page = lab.press(&format!("p{n}"), "reserve").await.text();
        assert!(page.contains("has a license."), "{page}");
    }
    lab
}

fn holds(page: &str, words: &[&str]) {
    for words in words {
        assert!(page.contains(words), "no {words}: {page}");
    }
}

/// AS-59, HL-1, F-HL-01, F-HL-08: the question of seed 004. Some permanent licenses are free, and
/// a user without one hosts: a permanent one is assigned, and no grace license.
#[actix_web::test]
async fn a_free_permanent_license_answers_the_question() {
    let lab = seed_004(7).await;
    let page = lab.user("u1").await;
    holds(&page, &["What happens if this user hosts now?", "A permanent license is assigned"]);
    holds(&page, &["3 of 10 permanent licenses are free", "nobody gets a grace license then"]);
    let page = lab.press("u1", "meet-now").await.text();
    holds(&page, &["u1@lab.example hosts a meeting now.", "Nothing changes: a permanent license"]);
    let page = lab.get(HOST_LICENSES).await;
    assert_eq!(page.table("Lasts")[0].last().unwrap(), "8");
    assert_eq!(page.table("Lasts")[2].last().unwrap(), "0", "grace");
    holds(&page.text(), &["u1@lab.example got a permanent license by hosting"]);
    let kept = lab.facade.stop().await;
    let told = kept.log.entries().filter(|entry| matches!(entry.notice, Notice::Host { .. }));
    assert!(told.count() > 20, "each change is in the product's log");
    drop(lab.folder);
}

/// AS-59, HL-2, HL-3, HL-4, F-HL-03, F-HL-07, F-HL-09, F-HL-11, F-HL-16: grace, its end, and who gets
/// what is bought.
#[actix_web::test]
async fn grace_begins_and_ends() {
    let lab = seed_004(10).await;
    lab.clock.set(instant("2026-03-01T09:00:00Z"));
    holds(&lab.user("u1").await, &["A grace license is assigned, until 2026-08-28 09:00"]);
    lab.press("u1", "meet-now").await;
    let page = lab.get(HOST_LICENSES).await.text();
    holds(&page, &["More licenses are used than bought: 1 of 10 grace licenses are assigned."]);
    lab.clock.set(instant("2026-04-05T09:00:00Z"));
    lab.press("u2", "meet-now").await;
    lab.clock.set(instant("2026-04-10T09:00:00Z"));
    lab.sends("buy", &[("count", "1")]).await;
    holds(&lab.user("u1").await, &["Nothing changes: a permanent license"]);
    holds(&lab.user("u2").await, &["Nothing changes: a grace license", "until 2026-10-02 09:00"]);
    lab.clock.set(instant("2026-10-02T09:00:00Z"));
    let page = lab.user("u2").await;
    holds(&page, &["The meeting cannot be started", "expired on 2026-10-02 09:00", "Active"]);
    holds(&lab.press("u2", "meet-now").await.text(), &["expired on 2026-10-02 09:00"]);
    let list = lab.get("/users?license=expired").await.table("Managed");
    assert_eq!(list.len(), 1, "{list:?}");
    lab.facade.stop().await;
}

/// AS-59, HL-5, HL-12, F-HL-10, X-06: what a deactivation frees waits for *Reserve license* or a
/// new host; with the setting it goes to grace by itself.
#[actix_web::test]
async fn what_a_deactivation_frees_waits() {
    let lab = seed_004(10).await;
    for user in ["u1", "u2"] {
        lab.press(user, "meet-now").await;
    }
    let page = lab.press("p1", "deactivate").await.text();
    holds(&page, &["p1@lab.example is deactivated.", "Deactivated", "None"]);
    holds(&lab.user("u2").await, &["Nothing changes: a grace license"]);
    holds(&lab.user("n").await, &["1 of 10 permanent licenses is free"]);
    lab.press("u2", "reserve").await;
    holds(&lab.user("u2").await, &["Nothing changes: a permanent license"]);
    lab.press("p1", "activate").await;
    holds(&lab.user("p1").await, &["None", "A grace license is assigned"]);
    lab.sends("grace-upgrade", &[("automatic", "yes")]).await;
    lab.press("p2", "deactivate").await;
    holds(&lab.user("u1").await, &["Nothing changes: a permanent license"]);
    let page = lab.press("u1", "attendee-only").await.text();
    holds(&page, &["only a deactivation releases"]);
    lab.facade.stop().await;
}

async fn scheduled(lab: &Lab, values: &[(&str, &str)]) -> Page {
    let form = lab.get("/meetings/new").await.form("main form");
    lab.admin.submit(values.iter().fold(form, |form, (key, value)| form.set(key, value))).await
}

/// HL-6, HL-7, F-HL-12, F-HL-13, F-HL-14, F-HL-15, X-12: two meetings at once, alternate hosts, and what
/// is typed wrong.
#[actix_web::test]
async fn meetings_are_scheduled_started_and_ended() {
    let lab = seed_004(1).await;
    let of = [("topic", "Weekly"), ("host", "u1@lab.example"), ("alternate", "n@lab.example")];
    let page = scheduled(&lab, &of).await;
    holds(&page.text(), &["The meeting is scheduled.", "Weekly", "Alternate host"]);
    let absent = lab.admin.submit(page.form("main table form").to("/meetings/1/start-alternate"));
    holds(&absent.await.text(), &["scheduled host u1@lab.example holds no valid host license"]);
    let page = lab.admin.submit(page.form("main table form").to("/meetings/1/start-both")).await;
    holds(&page.text(), &["Meeting 1 is under way.", "Hosted by u1@lab.example"]);
    holds(&lab.user("n").await, &["None"]);
    scheduled(&lab, &of).await;
    let page = lab.get("/meetings").await;
    let page = lab
        .admin
        .submit(page.form("form[action='/meetings/2/start']").to("/meetings/2/start-alternate"));
    holds(&page.await.text(), &["Hosted by n@lab.example"]);
    lab.press("u1", "meet-now").await;
    holds(&lab.press("u1", "meet-now").await.text(), &["hosts two meetings already"]);
    let page = lab.get("/meetings").await;
    let page = lab.admin.submit(page.form("form[action='/meetings/1/end']")).await;
    holds(&page.text(), &["Meeting 1 is over."]);
    for (values, words) in [
        ([("topic", ""), ("host", "u1@lab.example"), ("minutes", "60")], "a text of 1 to 120"),
        ([("topic", "t"), ("host", "nobody"), ("minutes", "60")], "must be an address"),
        ([("topic", "t"), ("host", "u1@lab.example"), ("minutes", "x")], "must be a whole number"),
        ([("topic", "t"), ("host", "no@lab.example"), ("minutes", "9")], "There is no user"),
        ([("topic", "t"), ("host", "u1@lab.example"), ("starts", "soon")], "must be like 2026"),
    ] {
        let page = scheduled(&lab, &values).await;
        assert_eq!(page.status, 400, "{words}");
        holds(&page.text(), &[words]);
        assert_eq!(page.form("main form").value("topic"), Some(values[0].1));
    }
    lab.facade.stop().await;
}

/// F-HL-19, F-HL-20, HL-11: the forms of the licenses page, and what is wrong beside its field.
#[actix_web::test]
async fn a_system_grows_joins_and_is_upgraded() {
    let lab = seed_004(2).await;
    lab.sends("demonstration", &[("count", "5"), ("days", "30")]).await;
    holds(&lab.get(HOST_LICENSES).await.text(), &["5 until 2026-02-04 09:00"]);
    let page = lab.sends("buy", &[("count", "none")]).await;
    assert_eq!(page.status, 400);
    holds(&page.text(), &["'none' must be a whole number"]);
    assert_eq!(page.form("form[action$='/buy']").value("count"), Some("none"));
    holds(&lab.sends("resize", &[("size", "extended")]).await.text(), &["only a large one"]);
    lab.sends("resize", &[("size", "small")]).await;
    let join = [("name", "South"), ("users", "* s1@lab.example\ns2@lab.example")];
    holds(&lab.sends("join", &join).await.text(), &["Multi-data Center, small for 2.x"]);
    lab.sends("install", &[("license", "mdc_small")]).await;
    let page = lab.sends("join", &join).await.text();
    holds(&page, &["South joined", "1 of its host licenses were released"]);
    let page = lab.sends("upgrade", &[("release", "4.0")]).await.text();
    holds(&page, &["The upgrade to 4.0 needs the license Multi-data Center, small for 4.x"]);
    lab.sends("install", &[("license", "mdc_small"), ("major", "4")]).await;
    let page = lab.sends("upgrade", &[("release", "4.0")]).await;
    holds(&page.text(), &["The system is upgraded.", "Evaluation ends", "2026-04-05 09:00"]);
    assert_eq!(page.table("Lasts")[1].last().unwrap(), "2", "trial licenses: kept");
    holds(&lab.get("/system").await.text(), &["Smart Licenses"]);
    lab.facade.stop().await;
}

async fn click(page: &Client, what: Locator<'_>) {
    let found = page.wait().for_element(what).await;
    found.unwrap_or_else(|error| panic!("{what:?}: {error}")).click().await.unwrap();
}

async fn fill(page: &Client, field: &str, text: &str) {
    let field = page.wait().for_element(Locator::Id(field)).await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn told(page: &Client, text: &str) {
    let path = format!("//main//*[contains(text(), '{text}')]");
    let found = page.wait().for_element(Locator::XPath(&path)).await;
    found.unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// AS-59, F-HL-08, F-HL-16: by clicking: a user is added, the answer is read, a meeting is hosted,
/// the user is deactivated.
#[actix_web::test]
async fn an_administrator_clicks_through_a_user_s_life() {
    let Some(chromium) = Chromium::start().await else { return };
    let lab = seed_004(1).await;
    let page = chromium.page();
    page.goto(&lab.facade.url).await.unwrap();
    fill(page, "f-username", USER).await;
    fill(page, "f-password", PASSWORD).await;
    click(page, Locator::Css("main form button")).await;
    click(page, Locator::LinkText("Users")).await;
    click(page, Locator::LinkText("Add users")).await;
    fill(page, "f-users", "new@lab.example, Nina New").await;
    click(page, Locator::Css(".sheet-foot button")).await;
    told(page, "The user is added.").await;
    click(page, Locator::LinkText("new@lab.example")).await;
    told(page, "9 of 10 permanent licenses are free").await;
    click(page, Locator::XPath("//button[.='Host a meeting now']")).await;
    told(page, "hosts a meeting now.").await;
    told(page, "Nothing changes: a permanent license").await;
    click(page, Locator::Css("main button.danger")).await;
    told(page, "is deactivated: a deactivated user does not host").await;
    click(page, Locator::LinkText("Meetings")).await;
    told(page, "Meet now").await;
    chromium.close().await;
    lab.facade.stop().await;
}
