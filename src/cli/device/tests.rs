//! The command line by itself: values, files and exit codes, without a server.

use super::args::tag_and_count;
use super::*;
use crate::device::situations::portal::{Portal, license};
use chrono::TimeDelta;
use clap::Parser as _;

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    device: DeviceArgs,
}

fn parse(words: &[&str]) -> Result<DeviceArgs, clap::Error> {
    Line::try_parse_from([&["device"], words].concat()).map(|line| line.device)
}

fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

#[test]
fn counts_are_whole_numbers_behind_the_last_equals_sign() {
    assert_eq!(tag_and_count("a,b=c=4"), Ok(("a,b=c".to_owned(), 4)));
    for wrong in ["a", "=4", "a=", "a=-1", "a=1.5", "a=1000000001"] {
        assert!(tag_and_count(wrong).is_err(), "{wrong}");
    }
    assert!(parse(&["use"]).is_err());
}

#[test]
fn offsets_have_a_unit_or_are_seconds() {
    let offset = |text: &str| text.parse::<Offset>();
    assert_eq!(offset("30d"), Ok(Offset::Fixed(TimeDelta::days(30))));
    assert_eq!(offset("-2h"), Ok(Offset::Fixed(TimeDelta::hours(-2))));
    assert_eq!(offset("0"), Ok(Offset::Fixed(TimeDelta::zero())));
    assert_eq!(offset("server"), Ok(Offset::Server));
    for wrong in ["", "d", "3w", "1.5d", "ä", "99999999999999999d"] {
        assert!(offset(wrong).is_err(), "{wrong}");
    }
    assert!(parse(&["show", "--offset", "-2h"]).is_ok());
}

/// A-EXP-03: three commands, two of them with a license.
#[test]
fn keys_are_requested_returned_and_cancelled() {
    for words in
        [&["export", "request", "hseck9"][..], &["export", "return", "a"], &["export", "cancel"]]
    {
        assert!(parse(words).is_ok(), "{words:?}");
    }
    for words in [&["export"][..], &["export", "request"], &["export", "cancel", "hseck9"]] {
        assert!(parse(words).is_err(), "{words:?}");
    }
}

#[tokio::test]
async fn a_product_is_made_used_and_shown_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.json");
    let file = path.to_str().unwrap();
    let run = async |words: &[&str]| {
        let args = parse(&[words, &["--state", file]].concat()).unwrap();
        dispatch(&args, &now).await
    };
    let new = ["new", "--pid", "C9300", "--serial", "FOC1", "--key", "p256", "--hide-hostname"];
    let text = run(&new).await.unwrap();
    assert!(text.contains("UDI: PID:C9300,SN:FOC1"), "{text}");
    assert!(text.contains("hidden from the server"), "{text}");
    assert_eq!(exit_code(&run(&new).await.unwrap_err()), 2);

    let text = run(&["use", "regid.a,1.0_x=4"]).await.unwrap();
    assert!(text.contains("EVAL MODE"), "{text}");
    let text = run(&["show", "--json", "--offset", "1d"]).await.unwrap();
    let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(shown["authorization"]["state"], "eval");
    assert_eq!(shown["evaluation_seconds_left"], 89 * 86_400);
    assert_eq!(shown["usage"][0]["count"], 4);

    let text = run(&["show", "license", "tech", "support"]).await.unwrap();
    assert!(text.starts_with("Registration:\n  Status: UNREGISTERED\n"), "{text}");
    assert!(text.contains("Use of regid.a,1.0_x is now 4"), "{text}");
    for wrong in [&["show", "license"][..], &["show", "license", "plan"], &["show", "all", "of"]] {
        assert_eq!(exit_code(&run(wrong).await.unwrap_err()), 2, "{wrong:?}");
    }

    assert_eq!(exit_code(&run(&["register", "token"]).await.unwrap_err()), 2);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let gone = run(&["register", "token", "--url", &nowhere]).await.unwrap_err();
    assert_eq!(exit_code(&gone), 3);
    let text = run(&["show"]).await.unwrap();
    assert!(text.contains("UNREGISTERED - RETRY IN PROGRESS"), "{text}");
    assert_eq!(exit_code(&run(&["renew", "auth"]).await.unwrap_err()), 1);
}

/// AS-23, AS-26, AS-28, AS-29, F-HL-18: the whole way of a reservation by commands, in the words
/// of a device.
#[tokio::test]
async fn licenses_are_reserved_updated_and_returned_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (state, ca, file) = (path("device.json"), path("ca.pem"), path("AC.xml"));
    let run = async |words: &[&str]| {
        let args = parse(&[words, &["--state", &state]].concat()).unwrap();
        dispatch(&args, &now).await
    };
    let portal = Portal::new().unwrap();
    std::fs::write(&ca, portal.ca_pem()).unwrap();
    run(&["new", "--serial", "R1", "--key", "p256"]).await.unwrap();
    let code = |count| {
        let sudi = State::load(std::path::Path::new(&state)).unwrap().product.sudi;
        portal.specific(&sudi, now(), &[license("regid.a,1.0_x", count, None)]).unwrap()
    };
    assert_eq!(run(&["reserve", "enable"]).await.unwrap(), "License Reservation is ENABLED\n");
    let text = run(&["reserve", "request"]).await.unwrap();
    assert!(text.contains("Request code: CB-ZSIM:R1-"), "{text}");
    std::fs::write(&file, code(2)).unwrap();
    let error = run(&["reserve", "install", "--file", &file]).await.unwrap_err();
    assert!(error.to_string().contains("--ca FILE"), "{error}");
    let text = run(&["reserve", "install", "--file", &file, "--ca", &ca]).await.unwrap();
    assert!(text.starts_with("Reservation install file successful\nLast Confirmation code "));
    run(&["use", "regid.a,1.0_x=2"]).await.unwrap();
    let over = run(&["use", "regid.a,1.0_x=3"]).await.unwrap_err();
    assert_eq!(exit_code(&over), 1, "{over}");
    let text = run(&["reserve", "show"]).await.unwrap();
    for part in ["SPECIFIC INSTALLED on", "Total reserved count: 2", "License type: PERPETUAL"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = run(&["reserve", "install", &format!("\"{}\"", code(3))]).await.unwrap();
    assert!(text.starts_with("Reservation install successful"), "{text}");
    let text = run(&["reserve", "return"]).await.unwrap();
    assert!(text.contains("Return code: C") && text.trim().len() > 90, "{text}");
    let text = run(&["reserve", "return-authorization", &code(4)]).await.unwrap();
    assert!(text.contains("Return code: C"), "{text}");
    run(&["reserve", "disable"]).await.unwrap();
}

/// F-HL-21: of a file no more is read than a code can be long, and an archive is named.
#[tokio::test]
async fn large_files_and_archives_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let state = path("device.json");
    let run = async |words: &[&str]| {
        let args = parse(&[words, &["--state", &state]].concat()).unwrap();
        dispatch(&args, &now).await
    };
    run(&["new", "--key", "p256"]).await.unwrap();
    for (name, bytes, words) in [
        ("large", vec![b'x'; 65_537], "larger than 64 KiB"),
        ("zip", b"PK\x03\x04rest".to_vec(), "archive (zip)"),
        ("gzip", b"\x1f\x8brest".to_vec(), "archive (gzip)"),
    ] {
        std::fs::write(path(name), bytes).unwrap();
        let error = run(&["reserve", "install", "--file", &path(name)]).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(exit_code(&error), 2);
    }
    assert!(parse(&["reserve", "install"]).is_err());
}

#[test]
fn the_help_has_examples_and_exit_codes() {
    let help = parse(&["--help"]).unwrap_err().to_string();
    assert!(help.contains("syncom device register"), "{help}");
    assert!(help.contains("3 server not reached"), "{help}");
}
