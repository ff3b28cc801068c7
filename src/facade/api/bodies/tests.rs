//! Every value that the published client's own test has refused, and the good ones.

use super::*;
use serde_json::json;

const TAG: &str = "regid.a,1.0_x";

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// device-protocol.md 4.5: the bad values of the client's own test.
#[test]
fn a_bad_registration_names_its_field() {
    let good = registration(&bytes(&json!({"token": "t", "reregister": true}))).unwrap();
    assert_eq!(good, ("t".to_owned(), true));
    let long = "x".repeat(257);
    let bad =
        [json!(-1), json!(66000), json!(1.4), json!(null), json!(""), json!(long), json!("a\0b")];
    for value in bad {
        let error = registration(&bytes(&json!({"token": value}))).unwrap_err();
        assert!(error.to_string().starts_with("token: "), "{error}");
        let error = registration(&bytes(&json!({"token": "t", "reregister": value}))).unwrap_err();
        assert!(error.to_string().starts_with("reregister: it must be true or false"), "{error}");
    }
    assert!(registration(b"").unwrap_err().to_string().starts_with("body: "));
    assert!(registration(b"[]").unwrap_err().to_string().starts_with("body: "));
}

#[test]
fn a_bad_transport_names_its_field() {
    let read = |value: Value| transport(&bytes(&value), "http://lab:1/x", Transport::Smart);
    let (url, _, proxy) = read(json!({"ssms": null})).unwrap();
    assert_eq!((url.as_str(), proxy), ("http://lab:1/x", None));
    let good = json!({"ssms": "http://a", "proxy": {"server": "127.0.0.1", "port": 49152}});
    assert_eq!(read(good).unwrap().2.unwrap().url, "http://127.0.0.1:49152");
    for value in [json!(1), json!(true), json!(""), json!("x".repeat(257)), json!("h\0b")] {
        let error = read(json!({"ssms": value})).unwrap_err().to_string();
        assert!(error.starts_with("ssms: "), "{error}");
        let error = read(json!({"proxy": {"server": value, "port": 80}})).unwrap_err().to_string();
        assert!(error.starts_with("proxy.server: "), "{error}");
    }
    for port in [json!(-1), json!(0), json!(66000), json!("123"), json!(1.4), json!(true)] {
        let error = read(json!({"proxy": {"server": "a", "port": port}})).unwrap_err().to_string();
        assert!(error.starts_with("proxy.port: "), "{error}");
    }
    assert!(read(json!({"proxy": {"port": 80}})).is_err());
    assert!(read(json!({"proxy": 1})).is_err());
}

#[test]
fn features_are_counted_in_both_forms() {
    let known = [TAG.to_owned()];
    let read = |value: Value| counts(&bytes(&value), &known);
    assert_eq!(read(json!({TAG: 3})).unwrap(), [(TAG.to_owned(), 3)]);
    assert_eq!(read(json!([{"id": TAG, "count": 0}])).unwrap(), [(TAG.to_owned(), 0)]);
    for count in [json!(1.3), json!(null), json!("1"), json!(-1), json!(1_000_000_001)] {
        assert!(read(json!([{"id": TAG, "count": count}])).is_err(), "{count}");
        assert!(read(json!({TAG: count})).is_err(), "{count}");
    }
    for id in [json!(1.3), json!(null), json!("unknown")] {
        assert!(read(json!([{"id": id, "count": 1}])).is_err(), "{id}");
    }
    assert!(read(json!([])).is_err() && read(json!({})).is_err() && read(json!("x")).is_err());
    let twice = json!([{"id": TAG, "count": 1}, {"id": TAG, "count": 2}]);
    assert!(read(twice).unwrap_err().to_string().contains("named twice"));
}

/// F-HL-18: the bad values of the client's own test.
#[test]
fn reservation_bodies_are_checked() {
    for value in [json!(-1), json!("false"), json!(1.4), json!(null), json!("")] {
        assert!(mode(&bytes(&value)).is_err(), "{value}");
    }
    assert!(matches!((mode(b"true"), mode(b"false")), (Ok(true), Ok(false))));
    for value in [json!(-1), json!(true), json!(""), json!("x".repeat(8193)), json!("a\0")] {
        assert!(code(&bytes(&value)).is_err(), "{value}");
    }
    assert_eq!(code(b"\"<a/>\"").unwrap(), "<a/>");
}
