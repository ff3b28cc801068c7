//! What stands on the login page: the Message of the Day, and the way out of a forgotten password.

use super::{browser, fill, new_user, signed_in, try_to_sign_in, user_path};
use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::databases::on_both_databases;
use chrono::TimeDelta;

on_both_databases!(
    the_message_of_the_day_is_shown_to_everybody,
    a_forgotten_password_is_replaced_once,
    an_answer_tells_nobody_who_is_there,
    a_code_ends,
    mails_are_read_by_system_admins,
);

const NEW: &str = "Battery-Staple-9";

/// Asks for a mail, by the form.
pub async fn forgot(app: &TestApp, name: &str) -> Page {
    fill(&browser(app), "/password/forgot", &[("username", name)]).await
}

/// Sets another password with a code, by the form.
pub async fn reset(app: &TestApp, code: &str, password: &str) -> Page {
    let fields = [("code", code), ("password", password), ("confirm", password)];
    fill(&browser(app), "/password/reset", &fields).await
}

/// The text of the newest mail with a code, and the code.
pub async fn mailed(app: &TestApp) -> Option<(String, String)> {
    let mails = super::engine(app).outbox().await.unwrap();
    let mail = mails.into_iter().find(|mail| mail.subject.starts_with("Another password"))?;
    let code = mail.body.split("enter this code: ").nth(1).unwrap().lines().next().unwrap();
    Some((format!("{}: {}", mail.recipient, mail.body), code.to_owned()))
}

/// B-SHL-03, B-ADM-12: before login for everybody, after login for who has signed in; off, nobody
/// sees it. Operators set it, System Users do not.
async fn the_message_of_the_day_is_shown_to_everybody(app: &TestApp) {
    let olga = signed_in(app, "olga").await;
    let before = "Authorised use only.\nLeave <now>.";
    let texts = [("before", before), ("after", "Patches on Friday."), ("on", "yes")];
    let saved = fill(&olga, "/admin/settings", &texts).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert!(saved.text().contains("is in effect"), "{}", saved.text());
    let login = browser(app).get("/login").await;
    assert_eq!(login.one(".notice"), "Authorised use only. Leave <now>.");
    assert!(!login.text().contains("Patches"), "{}", login.text());
    let wrong = try_to_sign_in(&browser(app), "sam", "wrong").await;
    assert!(wrong.text().contains("Authorised use only."), "{}", wrong.text());
    let sam = signed_in(app, "sam").await;
    let home = sam.get("/").await;
    assert!(home.text().contains("Patches on Friday."), "{}", home.text());
    assert_eq!(sam.get("/admin/settings").await.status, 403);
    let cssm = app.anonymous().get("/login").await;
    assert!(!cssm.text().contains("Authorised") && !cssm.text().contains("Forgot"));

    let much = "x".repeat(2_001);
    for (before, after, field) in [("", "", "before"), ("a", &much[..], "after")] {
        let texts = [("before", before), ("after", after)];
        let page = fill(&olga, "/admin/settings", &texts).await;
        assert_eq!(page.status, 400, "{field}: {}", page.text());
        assert_eq!(page.attributes(&format!("#f-{field}"), "aria-invalid"), ["true"], "{field}");
    }
    let page = olga.get("/admin/settings").await;
    let off = page.form("main form").without("on");
    assert_eq!(olga.submit(off).await.status, 200);
    assert!(browser(app).get("/login").await.texts(".notice").is_empty());
    assert!(!sam.get("/").await.text().contains("Patches"));
    let kept = olga.get("/admin/settings").await;
    assert_eq!(kept.one("#f-before").replace(' ', ""), "Authoriseduseonly.Leave<now>.");
    let admin = signed_in(app, "admin").await;
    let log = admin.get("/admin/events?area=Settings").await.text();
    assert!(log.contains("Message of the Day: shown."), "{log}");
    assert!(log.contains("Message of the Day: not shown."), "{log}");
}

/// B-SHL-03: the code of the mail sets another password, once; sessions and the lock end.
async fn a_forgotten_password_is_replaced_once(app: &TestApp) {
    let olga = signed_in(app, "olga").await;
    for _ in 0..5 {
        try_to_sign_in(&browser(app), "olga", "wrong").await;
    }
    let login = browser(app).get("/login").await;
    assert_eq!(login.link("Forgot your password?"), "/password/forgot");
    let asked = forgot(app, "olga").await;
    assert_eq!(asked.path, "/password/reset");
    let (mail, code) = mailed(app).await.unwrap();
    assert!(mail.starts_with("olga@lab.example: "), "{mail}");
    let link = format!("{}/password/reset?code={code}", app.satellite_url());
    assert!(mail.contains(&link), "{mail}");
    let form = browser(app).get(&format!("/password/reset?code={code}")).await;
    assert_eq!(form.attributes("#f-code", "value"), std::slice::from_ref(&code));

    let weak = reset(app, &code, "short").await;
    assert_eq!(weak.status, 400);
    assert_eq!(weak.attributes("#f-password", "aria-invalid"), ["true"], "{}", weak.text());
    assert_eq!(
        weak.attributes("#f-code", "value"),
        std::slice::from_ref(&code),
        "what was typed stays"
    );
    let done = reset(app, &code, NEW).await;
    assert_eq!(done.path, "/login", "{}", done.text());
    assert!(done.text().contains("Your password was changed"), "{}", done.text());
    assert!(olga.get("/").await.path.starts_with("/login"), "open sessions end");
    assert_eq!(try_to_sign_in(&browser(app), "olga", NEW).await.path, "/", "the lock is gone");
    let again = reset(app, &code, "Other-Horse-88").await;
    assert_eq!(again.status, 400);
    assert!(again.text().contains("was used already"), "{}", again.text());
    let admin = signed_in(app, "admin").await;
    let log = admin.get("/admin/events").await.text();
    assert!(log.contains("Asked for another password by mail."), "{log}");
    assert!(log.contains("Set another password with a mailed code."), "{log}");
}

/// B-SHL-03: known, unknown and disabled names are answered alike; only the log knows.
async fn an_answer_tells_nobody_who_is_there(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    new_user(&admin, "nina", "System User").await;
    let nina = user_path(&admin, "nina").await;
    fill(&admin, &format!("{nina}/disable"), &[]).await;
    let known = forgot(app, "sam").await;
    let before = mailed(app).await.unwrap();
    for name in ["nobody", "nina", "", "sam\u{7}"] {
        let other = forgot(app, name).await;
        assert_eq!((other.status, &other.path), (known.status, &known.path), "{name:?}");
        assert_eq!(other.one(".flash"), known.one(".flash"), "{name:?}");
    }
    assert_eq!(mailed(app).await.unwrap(), before, "nobody else got a mail");
    let log = admin.get("/admin/events?area=Failures").await.text();
    assert_eq!(log.matches("there is no such user who may sign in").count(), 4, "{log}");
}

/// B-SHL-03: after an hour, after a newer one, and for a user who was disabled meanwhile; there is
/// one mail a minute at most.
async fn a_code_ends(app: &TestApp) {
    forgot(app, "sam").await;
    let (_, first) = mailed(app).await.unwrap();
    forgot(app, "sam").await;
    assert_eq!(mailed(app).await.unwrap().1, first, "a minute has to pass");
    app.advance(TimeDelta::minutes(1));
    forgot(app, "sam").await;
    let (_, second) = mailed(app).await.unwrap();
    assert_ne!(second, first);
    assert_eq!(reset(app, &first, NEW).await.status, 400, "the newer one made it void");
    app.advance(TimeDelta::minutes(60));
    let late = reset(app, &second, NEW).await;
    assert_eq!(late.status, 400);
    assert_eq!(late.attributes("#f-code", "aria-invalid"), ["true"], "{}", late.text());
    forgot(app, "sam").await;
    let (_, third) = mailed(app).await.unwrap();
    let admin = signed_in(app, "admin").await;
    let sam = user_path(&admin, "sam").await;
    fill(&admin, &format!("{sam}/disable"), &[]).await;
    assert_eq!(reset(app, &third, NEW).await.status, 400, "disabled");
    assert_eq!(reset(app, "nonsense", NEW).await.status, 400);
}

/// B-SHL-03, C-EML-10: a code is not shown to who has not signed in, nor to an operator.
async fn mails_are_read_by_system_admins(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    assert!(admin.get("/admin/settings/outbox").await.text().contains("No mail yet"));
    forgot(app, "sam").await;
    let (_, code) = mailed(app).await.unwrap();
    let open = crate::support::rest::Rest::new(&app.satellite_url());
    let open = open.get("/_syncom/outbox").await.text;
    assert!(open.contains("Another password") && !open.contains(&code), "{open}");
    let olga = signed_in(app, "olga").await;
    assert_eq!(olga.get("/admin/settings/outbox").await.status, 403);
    assert_eq!(olga.get("/admin/settings").await.texts("nav.subtabs li"), ["Message of the Day"]);
    let outbox = admin.get("/admin/settings/outbox").await;
    assert!(outbox.text().contains(&code), "{}", outbox.text());
    assert!(outbox.text().contains("sam@lab.example"), "{}", outbox.text());
    assert_eq!(admin.get("/admin/settings").await.texts("nav.subtabs li").len(), 2);
}
