//! Locks, idle ends, sessions and passwords.

use super::{GOOD, browser, fill, new_user, signed_in, try_to_sign_in, user_path};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use chrono::TimeDelta;
use syncom::config::LAB_PASSWORD;

on_both_databases!(
    five_wrong_passwords_lock_for_fifteen_minutes,
    an_idle_session_ends_and_a_used_one_goes_on,
    one_session_too_many_ends_the_oldest,
    a_weak_password_is_told_every_rule_it_breaks,
    a_password_ends_and_does_not_come_back,
    rules_are_set_and_checked,
);

/// AS-46, B-ADM-17, B-ADM-26: the sixth password is right and still refused, to the second.
async fn five_wrong_passwords_lock_for_fifteen_minutes(app: &TestApp) {
    let olga = browser(app);
    for _ in 0..5 {
        let page = try_to_sign_in(&olga, "olga", "wrong").await;
        assert_eq!(page.status, 401, "{}", page.text());
    }
    let page = try_to_sign_in(&olga, "olga", LAB_PASSWORD).await;
    assert_eq!(page.status, 401);
    assert!(page.text().contains("locked"), "{}", page.text());
    let admin = signed_in(app, "admin").await;
    assert!(admin.get("/admin/users").await.text().contains("Locked"));
    app.advance(TimeDelta::seconds(15 * 60 - 1));
    assert_eq!(try_to_sign_in(&olga, "olga", LAB_PASSWORD).await.status, 401);
    app.advance(TimeDelta::seconds(1));
    assert_eq!(try_to_sign_in(&olga, "olga", LAB_PASSWORD).await.path, "/");
    let admin = signed_in(app, "admin").await;
    let log = admin.get("/admin/events?area=Failures").await.text();
    assert!(log.contains("Wrong password, number 5 in a row."), "{log}");
    assert!(log.contains("Locked until 2026-01-05T09:15:00Z."), "{log}");
    let stranger = try_to_sign_in(&browser(app), "nobody", "wrong").await;
    assert_eq!(stranger.status, 401);
    assert!(stranger.text().contains("wrong"), "{}", stranger.text());
}

/// AS-46, B-ADM-17: a request within the fifteen minutes counts anew.
async fn an_idle_session_ends_and_a_used_one_goes_on(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    for _ in 0..3 {
        app.advance(TimeDelta::minutes(14));
        assert_eq!(admin.get("/admin").await.path, "/admin");
    }
    app.advance(TimeDelta::minutes(15));
    let page = admin.get("/admin").await;
    assert!(page.path.starts_with("/login"), "{}", page.path);
}

/// AS-46, B-ADM-17: with two sessions allowed, the third ends the first; what is set holds at once.
async fn one_session_too_many_ends_the_oldest(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let done = fill(&admin, "/admin/security", &[("max_sessions", "2")]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(signed_in(app, "olga").await);
        app.advance(TimeDelta::seconds(1));
    }
    let first = open[0].get("/admin").await;
    assert!(first.path.starts_with("/login"), "{}", first.path);
    assert_eq!(open[1].get("/admin").await.path, "/admin");
    assert_eq!(open[2].get("/admin").await.path, "/admin");
}

/// AS-46, B-ADM-18: `short` lacks four things, and all four are told.
async fn a_weak_password_is_told_every_rule_it_breaks(app: &TestApp) {
    let sam = signed_in(app, "sam").await;
    let fields = [("present", LAB_PASSWORD), ("password", "short"), ("confirm", "short")];
    let page = fill(&sam, "/password", &fields).await;
    assert_eq!(page.status, 400);
    let text = page.text();
    for rule in ["at least 12 characters", "an upper-case letter", "a digit", "a special character"]
    {
        assert!(text.contains(rule), "{rule}: {text}");
    }
    let fields = [("present", "wrong"), ("password", GOOD), ("confirm", GOOD)];
    assert_eq!(fill(&sam, "/password", &fields).await.status, 400);
    let fields = [("present", LAB_PASSWORD), ("password", GOOD), ("confirm", GOOD)];
    assert_eq!(fill(&sam, "/password", &fields).await.path, "/");
    assert_eq!(try_to_sign_in(&browser(app), "sam", GOOD).await.path, "/");
    let fields = [("present", GOOD), ("password", GOOD), ("confirm", GOOD)];
    let again = fill(&sam, "/password", &fields).await;
    assert!(again.text().contains("none of the last 5"), "{}", again.text());
}

/// B-ADM-18: a warning before the end; after it, nothing but another password; a first password
/// too is changed before anything else.
async fn a_password_ends_and_does_not_come_back(app: &TestApp) {
    app.advance(TimeDelta::days(170));
    let page = try_to_sign_in(&browser(app), "sam", LAB_PASSWORD).await;
    assert!(page.text().contains("Your password ends in 10 days"), "{}", page.text());
    app.advance(TimeDelta::days(10));
    let sam = browser(app);
    let page = try_to_sign_in(&sam, "sam", LAB_PASSWORD).await;
    assert_eq!(page.path, "/password");
    let fields = [("present", LAB_PASSWORD), ("password", GOOD), ("confirm", GOOD)];
    assert_eq!(fill(&sam, "/password", &fields).await.path, "/");

    let admin = browser(app);
    try_to_sign_in(&admin, "admin", LAB_PASSWORD).await;
    fill(&admin, "/password", &fields).await;
    assert_eq!(new_user(&admin, "nina", "System User").await.status, 200);
    let nina = browser(app);
    assert_eq!(try_to_sign_in(&nina, "nina", GOOD).await.path, "/password");
    assert_eq!(nina.get("/").await.path, "/password");
    assert!(user_path(&admin, "nina").await.starts_with("/admin/users/"));
}

/// B-ADM-17, B-ADM-18: numbers outside their bounds, and texts, are told beside their field.
async fn rules_are_set_and_checked(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let refused = fill(&admin, "/admin/security", &[("idle_minutes", "0")]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("0 is outside the rule: 1 to 1440"), "{}", refused.text());
    let refused = fill(&admin, "/admin/security/password", &[("min_length", "many")]).await;
    assert!(refused.text().contains("is not a whole number"), "{}", refused.text());
    let done = fill(&admin, "/admin/security/password", &[("min_length", "20")]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let short = new_user(&admin, "nina", "System User").await;
    assert!(short.text().contains("at least 20 characters"), "{}", short.text());
    let olga = signed_in(app, "olga").await;
    assert_eq!(olga.get("/admin/security").await.status, 403);
    assert!(admin.get("/admin/events").await.text().contains("Passwords: 20 characters"));
}
