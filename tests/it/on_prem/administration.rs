//! Workspaces, the session bar, and the users.

use super::{GOOD, browser, fill, new_user, signed_in, try_to_sign_in, user_path, with_accounts};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use chrono::TimeDelta;

on_both_databases!(
    each_role_enters_what_the_matrix_says,
    the_bar_tells_who_is_signed_in,
    a_user_is_created_changed_disabled_and_removed,
    the_last_system_admin_stays,
    the_overview_counts_what_there_is,
    the_overview_tells_how_the_machine_is,
);

/// B-SHL-01: the Administration Workspace is for System Admins and Operators, its widgets by the
/// matrix; strangers are led to the login.
async fn each_role_enters_what_the_matrix_says(app: &TestApp) {
    let paths =
        ["/", "/admin", "/admin/users", "/admin/security", "/admin/api-toolkit", "/admin/events"];
    let matrix = [
        ("admin", [200, 200, 200, 200, 200, 200]),
        ("olga", [200, 200, 403, 403, 403, 200]),
        ("sam", [200, 403, 403, 403, 403, 403]),
    ];
    for (name, expected) in matrix {
        let person = signed_in(app, name).await;
        for (path, status) in paths.iter().zip(expected) {
            let page = person.get(path).await;
            assert_eq!(page.status, status, "{name} {path}: {}", page.text());
        }
        let offered = person.get("/").await.text().contains("Administration Workspace");
        assert_eq!(offered, name != "sam", "{name}");
    }
    for path in paths {
        assert!(browser(app).get(path).await.path.starts_with("/login"), "{path}");
    }
    let forged = signed_in(app, "admin").await.post("/admin/api-toolkit", &[("on", "yes")]).await;
    assert_eq!(forged.status, 403, "a form that no page of ours made");
}

/// B-SHL-07: user, system role, the login before this one, log out.
async fn the_bar_tells_who_is_signed_in(app: &TestApp) {
    let olga = signed_in(app, "olga").await;
    assert!(olga.get("/").await.text().contains("Last login: none before"));
    app.advance(TimeDelta::minutes(5));
    let olga = signed_in(app, "olga").await;
    let page = olga.get("/").await;
    let text = page.text();
    for part in ["olga", "System Operator", "2026-01-05 09:00", "15 idle minutes", "Log out"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    olga.submit(page.form("form[action='/logout']")).await;
    assert!(olga.get("/").await.path.starts_with("/login"));
}

/// B-ADM-01, B-ADM-02, B-ADM-26: the life of a user, and what the log says of it.
async fn a_user_is_created_changed_disabled_and_removed(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    assert!(new_user(&admin, "nina", "System Operator").await.text().contains("nina was created"));
    let twice = new_user(&admin, "NINA", "System User").await;
    assert!(twice.text().contains("There is a user 'NINA' already"), "{}", twice.text());
    assert_eq!(new_user(&admin, "a b", "System User").await.status, 400);
    assert_eq!(new_user(&admin, "tim", "root").await.status, 400);
    let path = user_path(&admin, "nina").await;
    let changed = fill(&admin, &format!("{path}/edit"), &[("last_name", "Nowak")]).await;
    assert!(changed.text().contains("Nina Nowak"), "{}", changed.text());
    fill(&admin, &format!("{path}/disable"), &[]).await;
    let refused = try_to_sign_in(&browser(app), "nina", GOOD).await;
    assert!(refused.text().contains("disabled"), "{}", refused.text());
    let list = admin.get("/admin/users").await;
    admin.submit(list.form(&format!("form[action='{path}/enable']"))).await;
    assert_eq!(try_to_sign_in(&browser(app), "nina", GOOD).await.path, "/password");
    fill(&admin, &format!("{path}/remove"), &[]).await;
    assert_eq!(try_to_sign_in(&browser(app), "nina", GOOD).await.status, 401);
    let file = admin.get("/admin/events.csv?area=Users").await.html;
    for fact in ["Created the System Operator nina.", "Disabled the user nina.", "Removed the user"]
    {
        assert!(file.contains(fact), "{fact}: {file}");
    }
    assert_eq!(admin.get("/admin/users/nonsense/edit").await.status, 404);
    assert_eq!(admin.get("/admin/events?area=Nonsense").await.status, 400);
}

/// AS-46, B-ADM-03: the last active System Admin is not disabled, removed or demoted, and nobody
/// raises their own role.
async fn the_last_system_admin_stays(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let path = user_path(&admin, "admin").await;
    for act in ["disable", "remove"] {
        let page = fill(&admin, &format!("{path}/{act}"), &[]).await;
        assert_eq!(page.status, 409, "{act}");
        assert!(page.text().contains("last active System Admin"), "{}", page.text());
    }
    let demote = [("role", "System User")];
    assert_eq!(fill(&admin, &format!("{path}/edit"), &demote).await.status, 409);
    new_user(&admin, "nina", "System Admin").await;
    let own = fill(&admin, &format!("{path}/edit"), &demote).await;
    assert!(own.text().contains("their own system role"), "{}", own.text());
    assert_eq!(fill(&admin, &format!("{path}/disable"), &[]).await.status, 409);
    let nina = user_path(&admin, "nina").await;
    assert_eq!(fill(&admin, &format!("{nina}/edit"), &demote).await.status, 200);
}

/// B-SHL-06: accounts, licenses and users are counted.
async fn the_overview_counts_what_there_is(app: &TestApp) {
    with_accounts(app).await;
    let olga = signed_in(app, "olga").await;
    let text = olga.get("/admin").await.text();
    for figure in ["Local accounts2", "Licenses14", "Product instances0", "Users3"] {
        assert!(text.contains(figure), "{figure}: {text}");
    }
    let home = olga.get("/").await.text();
    assert!(home.contains("Plant A") && home.contains("Plant B"), "{home}");
    let sam = signed_in(app, "sam").await;
    assert!(!sam.get("/").await.text().contains("Plant A"));
}

/// B-SHL-06: CPU, memory and disk as the kernel tells them, in words and as gauges; the disk is
/// that of the data.
async fn the_overview_tells_how_the_machine_is(app: &TestApp) {
    let olga = signed_in(app, "olga").await;
    let page = olga.get("/admin").await;
    let text = page.text();
    let health = super::engine(app).settings().data.clone();
    assert_eq!(health.as_deref(), Some(app.running.directory.as_path()));
    for label in ["CPU", "Memory", "Disk"] {
        assert!(text.contains(label), "{label}: {text}");
    }
    let shown = page.attributes("meter", "aria-label");
    assert_eq!(shown, ["CPU", "Memory", "Disk"], "{text}");
    for value in page.attributes("meter", "value") {
        assert!(value.parse::<u64>().is_ok(), "{value}");
    }
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap();
    let total = memory.lines().next().unwrap().split_whitespace().nth(1).unwrap();
    let total = total.parse::<u64>().unwrap() >> 20;
    assert!(text.contains(&format!("of {total}.")), "{total} GiB: {text}");
}
