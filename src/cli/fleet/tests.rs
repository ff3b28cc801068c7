//! The command line by itself: what is wrong is named, before any server is asked.

use super::*;
use clap::Parser as _;

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    fleet: FleetArgs,
}

/// The orders of these words, or the complaint.
fn parsed(words: &[&str]) -> Result<Orders, String> {
    let words = [&["fleet", "--url", "http://127.0.0.1:1", "--token", "t"], words].concat();
    let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
    orders(&line.fleet).map_err(|error| {
        assert_eq!(exit_code(&error), 2);
        error.to_string()
    })
}

#[test]
fn what_is_wrong_is_named() {
    let cases: [(&[&str], &str); 14] = [
        (&["--count", "0"], "--count 0: must be from 1 to 999999"),
        (&["--count", "many"], "--count <COUNT>"),
        (&["--concurrency", "0"], "1..=4096"),
        (&["--mix", "ios-xe=6,toaster=1"], "--mix toaster=1: the profile 'toaster' is not known"),
        (&["--mix", "asa=some"], "'some' must be a whole number"),
        (&["--mix", "asa=0"], "--mix: at least one weight must be above 0"),
        (&["--use", "gold=1"], "--use gold: no product of the mix has such a license"),
        (&["--use", "basic=up:1..2"], "the pattern 'up' is not known"),
        (&["--fail", "1"], "must be a percentage"),
        (&["--fail", "theft=1%"], "must be one of wrong-token"),
        (&["--days", "10"], "--clock"),
        (&["--clock", "--renewals", "3"], "cannot be used with"),
        (&["--clock", "--step", "5s"], "--step: must be at least 1m"),
        (&["--ramp", "soon"], "--ramp"),
    ];
    for (words, rule) in cases {
        let error = parsed(words).err().unwrap_or_default();
        assert!(error.contains(rule), "{words:?}: {error}");
    }
    let error = parsed(&["--ca", "/nowhere.pem"]).unwrap_err();
    assert!(error.contains("--ca /nowhere.pem"), "{error}");
}

#[test]
fn what_is_not_said_has_a_default() {
    let plain = parsed(&[]).unwrap();
    assert_eq!((plain.renewals, plain.concurrency, plain.plan.products.len()), (2, 64, 100));
    assert!(plain.days.is_none());
    assert_ne!(plain.plan.spec.seed, parsed(&[]).unwrap().plan.spec.seed);
    assert!(parsed(&["--use", "none"]).unwrap().plan.uses.iter().all(Vec::is_empty));
    assert_eq!(parsed(&["--key", "rsa"]).unwrap().plan.spec.keys, 8);
    let year = parsed(&["--clock", "--seed", "a"]).unwrap();
    assert_eq!(year.days.unwrap().all, TimeDelta::days(365));
    assert_eq!(year.plan.products, parsed(&["--seed", "a"]).unwrap().plan.products);
}

#[test]
fn the_help_has_examples_and_exit_codes() {
    let help = Line::try_parse_from(["fleet", "--help"]).err().unwrap().to_string();
    for part in ["--mix ios-xe=6,asa=2,ucm=1", "3 server not reached", "walk:0..8"] {
        assert!(help.contains(part), "{help}");
    }
}
