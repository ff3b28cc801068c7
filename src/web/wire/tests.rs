use super::*;

fn fields(text: &str) -> Fields {
    Fields::from_json(text.as_bytes()).unwrap()
}

fn whole(value: &str) -> Result<Option<i64>, Bad> {
    fields(&format!("{{\"n\":{value}}}")).whole("n")
}

/// rest-api 0.10: the same number in three spellings.
#[test]
fn a_number_may_come_as_number_text_or_float() {
    for same in ["30", "\"30\"", "30.0", "\" 30 \"", "\"30.0\""] {
        assert_eq!(whole(same), Ok(Some(30)), "{same}");
    }
    assert_eq!(whole("null"), Ok(None));
    assert_eq!(whole("773126444402795033"), Ok(Some(773_126_444_402_795_033)));
    assert_eq!(whole("\"773126444402795033\""), Ok(Some(773_126_444_402_795_033)));
}

/// rest-api 0.10: what is no whole number is refused by its name.
#[test]
fn what_is_no_whole_number_is_refused_by_its_name() {
    let bad = [
        "1.5",
        "\"abc\"",
        "\"NaN\"",
        "1e300",
        "99999999999999999999",
        "true",
        "[]",
        "\"\"",
        "\"1.5\"",
        "\"30.\"",
        "1e17",
    ];
    for value in bad {
        let error = whole(value).unwrap_err();
        assert!(error.text.starts_with("n: "), "{value}: {error}");
        assert_eq!(error.status, StatusCode::BAD_REQUEST);
    }
}

/// rest-api 0.6: absent, empty and `null` bodies are no parameters.
#[test]
fn null_is_an_empty_body() {
    for body in ["", "  \n", "null", " null ", "{}"] {
        assert!(Fields::from_json(body.as_bytes()).unwrap().values.is_empty(), "{body:?}");
    }
    for body in [&b"{\"a\":"[..], b"[]", b"5", b"\"x\"", b"{\"a\":NaN}", b"\xff\xfe", b"{]"] {
        assert!(Fields::from_json(body).unwrap_err().text.starts_with("body: "), "{body:?}");
    }
}

/// The text of an error names the way to the field.
#[test]
fn an_error_inside_a_list_names_its_place() {
    let body = fields(r#"{"licenses":[{"quantity":1},{"quantity":-1}]}"#);
    let entries = body.objects("licenses", 10).unwrap();
    assert_eq!(entries[0].amount("quantity"), Ok(1));
    let error = entries[1].amount("quantity").unwrap_err();
    assert_eq!(error.text, "licenses[1].quantity: -1 is below zero");
    assert!(body.objects("licenses", 1).is_err());
    assert!(fields(r#"{"licenses":[7]}"#).objects("licenses", 10).is_err());
    assert!(fields(r#"{"licenses":{}}"#).objects("licenses", 10).is_err());
}

/// rest-api L1: a query adds what the body leaves out; it never overrules it.
#[test]
fn a_query_fills_the_gaps_of_a_body() {
    let mut both = fields(r#"{"limit":10,"offset":null}"#);
    both.add_pairs("limit=99&offset=7", false).unwrap();
    assert_eq!(both.whole("limit"), Ok(Some(10)));
    assert_eq!(both.whole("offset"), Ok(Some(7)));
    assert!(both.add_pairs("a=1&a=2", false).is_err());
    assert!(both.add_pairs("a=1&a=1", false).is_ok());
}

/// A database that cannot keep U+0000 is never asked to.
#[test]
fn the_null_character_is_refused() {
    let body = fields(r#"{"a":"x\u0000y","b":["\u0000"]}"#);
    assert!(body.text("a").unwrap_err().text.starts_with("a: "));
    assert!(body.texts("b").is_err());
}
