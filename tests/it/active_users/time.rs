//! What the clock does to contracts.

use super::Paula;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::{Value, json};

on_both_databases!(
    a_jump_of_three_years_runs_each_in_order,
    months_without_data_wait_for_a_word,
    a_new_term_may_reset_and_an_old_one_ends,
    what_is_settled_is_not_reported_again,
);

fn runs(told: &Value) -> Vec<(String, String)> {
    let all = told["true_forwards"].as_array().unwrap();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    all.iter().rev().map(|one| (text(one, "at"), text(one, "state"))).collect()
}

/// F-AU-34, F-AU-35, X-23: each anniversary at its own instant, once; then the term is over.
async fn a_jump_of_three_years_runs_each_in_order(app: &TestApp) {
    let paula = Paula(app);
    let zero = json!({"settings":{"missing":"zero"}});
    let at = paula.opened("zero", zero).await;
    app.set_clock("2029-06-01T09:00:00Z");
    let told = paula.get(&at).await;
    let at_midnight = |day: &str| (format!("{day}T00:00:00Z"), "done".to_owned());
    let expected = ["2027-01-15", "2028-01-15", "2029-01-15"].map(at_midnight);
    assert_eq!(runs(&told), expected);
    assert_eq!((&told["state"], &told["au_minimum"]), (&json!("ended"), &json!(45)));
    assert_eq!(told["next_true_forward"], Value::Null);
    let again = paula.post(&format!("{at}/true-forward"), json!({})).await;
    assert_eq!(
        (&again["repeated"], &again["run"]["effective"]),
        (&json!(true), &json!("2029-01-15"))
    );
    assert_eq!(runs(&paula.get(&at).await).len(), 3);
}

/// F-AU-34, F-AU-35: the lab's contract has data of one year: the second True Forward waits, and
/// so does what follows it.
async fn months_without_data_wait_for_a_word(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.of_the_fixture().await;
    app.set_clock("2029-06-01T09:00:00Z");
    let told = paula.get(&at).await;
    let states: Vec<String> = runs(&told).into_iter().map(|run| run.1).collect();
    assert_eq!(
        (states, &told["state"]),
        (vec!["done".to_owned(), "waiting".to_owned()], &json!("waiting"))
    );
    let path = format!("{at}/true-forward");
    let refused = paula.send(&path, &json!({})).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("no data of months 9, 10, 11"), "{}", refused.text);
    let second = paula.post(&path, json!({"confirm":true})).await;
    assert_eq!(
        (&second["run"]["effective"], &second["run"]["confirmed_by"]),
        (&json!("2028-01-15"), &json!("paula"))
    );
    assert_eq!(
        (&second["run"]["minimum_after"], &second["run"]["fee"]["minor"]),
        (&json!(60), &json!(0))
    );
    let told = paula.get(&at).await;
    assert_eq!(
        (&told["state"], runs(&told).len()),
        (&json!("waiting"), 3),
        "the third one waits now"
    );
    paula.post(&path, json!({"confirm":true})).await;
    assert_eq!(paula.get(&at).await["state"], "ended");
}

/// within a term the minimum stays; a renewal may make it anew, and begins when it ends.
async fn a_new_term_may_reset_and_an_old_one_ends(app: &TestApp) {
    let paula = Paula(app);
    let zero = json!({"months":12,"migrating":80,"settings":{"missing":"zero"}});
    let at = paula.opened("renewed", zero).await;
    let kept = paula.post(&format!("{at}/renewal"), json!({"months":12})).await;
    assert_eq!(kept["renewal"]["months"], 12);
    app.set_clock("2027-02-01T09:00:00Z");
    let told = paula.get(&at).await;
    assert_eq!(
        (&told["au_minimum"], &told["starts"], &told["ends"]),
        (&json!(80), &json!("2027-01-15"), &json!("2028-01-15"))
    );
    paula.post(&format!("{at}/renewal"), json!({"months":24,"headcount":400,"reset":true})).await;
    app.set_clock("2028-02-01T09:00:00Z");
    let told = paula.get(&at).await;
    assert_eq!(
        (&told["au_minimum"], &told["headcount_kw"], &told["ends"]),
        (&json!(60), &json!(400), &json!("2030-01-15"))
    );
    app.set_clock("2030-03-01T09:00:00Z");
    assert_eq!(paula.get(&at).await["state"], "ended");
    let anew = paula.post(&format!("{at}/renewal"), json!({"months":12})).await;
    assert_eq!(
        (&anew["state"], &anew["starts"], &anew["au_minimum"]),
        (&json!("running"), &json!("2030-03-01"), &json!(60))
    );
}

/// F-AU-35: a month whose year is settled takes no sessions; an adjustment does it.
async fn what_is_settled_is_not_reported_again(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.opened("late", json!({"settings":{"missing":"zero"}})).await;
    paula.people(&at, 1).await;
    app.set_clock("2027-01-20T09:00:00Z");
    let late = json!({"sessions":[super::session("1", "p1", "2026-11-20")]});
    let refused = paula.send(&format!("{at}/sessions"), &late).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("Correct it by an adjustment"), "{}", refused.text);
}
