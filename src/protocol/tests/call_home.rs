//! The envelope of Smart Call Home: what goes in comes out, and what is wrong is named.

use super::super::call_home::{BadEnvelope, CallHomeMessage, SESSION_FROM, SESSION_TO};
use super::super::message::LIMIT;
use super::*;
use proptest::prelude::*;

fn message(attachment: &str) -> CallHomeMessage {
    let created = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
    CallHomeMessage::request("M1:SIM000001:695B7E90".to_owned(), created, attachment.to_owned())
}

fn refused(xml: &str) -> String {
    CallHomeMessage::parse(xml.as_bytes()).unwrap_err().to_string()
}

/// A whole envelope with one thing in it replaced.
fn spoilt(from: &str, to: &str) -> Result<CallHomeMessage, BadEnvelope> {
    let whole = message("{}").to_xml();
    assert!(whole.contains(from), "{from}");
    CallHomeMessage::parse(whole.replace(from, to).as_bytes())
}

fn problem(from: &str, to: &str) -> String {
    spoilt(from, to).unwrap_err().problem
}

#[test]
fn an_envelope_comes_out_as_it_went_in() {
    for text in [
        "{}",
        "",
        " {\"a\": \"<&>'\\\"]]>\"}\r\n\t",
        "{\"request\":\"\u{1f600} ä &amp; &#13;\"}\r",
        &"x".repeat(100_000),
    ] {
        let sent = message(text);
        assert_eq!(CallHomeMessage::parse(sent.to_xml().as_bytes()), Ok(sent));
    }
    let dateless = CallHomeMessage { created: None, ..message("{}") };
    assert_eq!(CallHomeMessage::parse(dateless.to_xml().as_bytes()), Ok(dateless));
}

/// device-protocol.md 1.2 and 1.4: what is signed arrives byte for byte.
#[test]
fn the_signed_text_survives_both_envelopes() {
    let mut request = registration();
    request.header.locale = "\u{ffff}\u{fffe}<]]>&\u{85}\u{2028}\u{7f}ä".to_owned();
    let text = request.to_text();
    let json = SignedRequest::envelope(&text, vec![7; 64]);
    let read = CallHomeMessage::parse(message(&json).to_xml().as_bytes()).unwrap();
    let signed: Value = serde_json::from_str(&read.attachment).unwrap();
    assert_eq!(signed["request"].as_str(), Some(text.as_str()));
}

#[test]
fn an_answer_goes_the_other_way() {
    let request = message("{}");
    let created = request.created.unwrap();
    let answer = CallHomeMessage::answer(Some(&request), "A1".to_owned(), created, "[]".to_owned());
    assert_eq!((&*answer.session_to, &*answer.session_from), (SESSION_FROM, SESSION_TO));
    assert_eq!((&*answer.message_id, &*answer.attachment), ("A1", "[]"));
    let unread = CallHomeMessage::answer(None, "A1".to_owned(), created, "[]".to_owned());
    assert_eq!(unread, answer);
}

#[test]
fn prefixes_cdata_references_and_strangers_make_no_difference() {
    let same = [
        (
            "<aml-block:Content/>",
            "<x:y xmlns:x='urn:z'><x:z>&lt;</x:z><Block/></x:y><!-- c --><?pi?>",
        ),
        (">{}<", "><![CDATA[{}]]><"),
        (">{}<", ">{<![CDATA[]]>&#125;<"),
        (">{}<", ">&#x7b;}<"),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "\u{feff}"),
        ("<?xml version=\"1.0\"", "<?xml version='1.0'"),
        (" encoding=\"plain\"", ""),
        (" type=\"inline\"", " type='inline' other='&quot;'"),
        ("<aml-block:Attachments>", "<aml-block:Attachments><aml-block:Attachment/>"),
        ("\n", "\r\n"),
    ];
    let other = message("{}").to_xml().replace("soap-env:", "s:").replace(":soap-env=", ":s=");
    assert_eq!(CallHomeMessage::parse(other.as_bytes()), Ok(message("{}")));
    for (from, to) in same {
        assert_eq!(spoilt(from, to), Ok(message("{}")), "{from} → {to}");
    }
}

#[test]
fn what_is_missing_doubled_or_elsewhere_is_named() {
    let rules = [
        ("2003/05/soap-envelope\"", "2003/05/soap\"", "the outermost element must be Envelope"),
        ("soap-env:Body", "soap-env:Fault", "the element Body is missing"),
        ("soap-env:Header", "soap-env:Head", "the element Header is missing"),
        ("2004/01/aml-session", "2004/02/aml-session", "the element Session is missing"),
        ("2004/01/aml-block", "2004/02/aml-block", "the element Block is missing"),
        ("aml-session:MessageId", "aml-session:Id", "the element MessageId is missing"),
        ("M1:SIM000001:695B7E90", " ", "MessageId must have 1 to 255 characters"),
        (
            "<aml-session:Path>",
            "<aml-session:To>a</aml-session:To><aml-session:Path>",
            "a second element To",
        ),
        (
            "smart_licensing_data",
            "other",
            "there is no Attachment with the Name smart_licensing_data",
        ),
        ("encoding=\"plain\"", "encoding=\"base64\"", "the encoding of Data must be plain"),
        ("type=\"inline\"", "type=\"attached\"", "the type of the Attachment must be inline"),
        (">{}<", "><x/>{}<", "Data must hold text and no elements"),
        (">{}<", ">&other;<", "the entity 'other' is not known"),
        (">{}<", ">&#0;<", ""),
        (">{}<", ">&#xFFFF;<", "a character that XML does not allow"),
        (">{}<", ">\u{1}<", "a character that XML does not allow"),
        ("UTF-8", "ISO-8859-1", "the encoding must be UTF-8"),
        ("xml version=\"1.0\"", "xml version=\"1.1\"", "the XML version must be 1.0"),
        (
            "<soap-env:Envelope",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><soap-env:Envelope",
            "a DOCTYPE is not allowed",
        ),
        (
            "</soap-env:Envelope>\n",
            "</soap-env:Envelope><a/>",
            "a second element beside the envelope",
        ),
        ("</soap-env:Envelope>\n", "</soap-env:Envelope>text", "text outside of the envelope"),
        ("</soap-env:Envelope>", "", "it ends too early"),
        ("</soap-env:Body>", "</soap-env:Bod>", "expected `</soap-env:Body>`"),
        (" type=\"inline\"", " type=\"inline\" type=\"inline\"", ""),
        (" type=\"inline\"", " type=\"&b;\"", ""),
    ];
    for (from, to, wanted) in rules {
        let found = problem(from, to);
        assert!(found.contains(wanted), "{from} → {to}: {found}");
    }
}

#[test]
fn bounds_hold_before_memory_goes() {
    let deep = format!("<a>{}", "<b>".repeat(100_000));
    let soap = "<a xmlns='http://www.w3.org/2003/05/soap-envelope'>";
    assert!(refused(&deep).starts_with("the outermost element"));
    assert!(
        refused(&format!("{soap}{}", "<b>".repeat(100_000))).starts_with("elements stand more")
    );
    assert!(refused(&format!("{soap}{}", "<b/>".repeat(2_000))).starts_with("more than 1000"));
    let forty =
        |word: &str| -> Vec<String> { (0..40).map(|n| format!(" {word}{n}='1'")).collect() };
    let attributes = forty("a").concat();
    assert!(refused(&format!("{soap}<b{attributes}/>")).contains("more than 32 attributes"));
    let spaces = forty("xmlns:a").concat();
    assert!(!refused(&format!("{soap}<b{spaces}/>")).is_empty());
    let name = "n".repeat(1_000_000);
    assert!(refused(&format!("{soap}<{name}></b>")).len() < 400, "no complaint repeats it all");
    let long = CallHomeMessage::parse(&vec![b' '; LIMIT + 1]).unwrap_err();
    assert!(long.problem.contains("longer than 3145728 bytes"));
}

#[test]
fn a_complaint_tells_line_and_column() {
    let bad = spoilt("</soap-env:Body>", "ä &x;").unwrap_err();
    let xml = message("{}").to_xml();
    let line = xml.lines().position(|line| line == "</soap-env:Body>").unwrap() + 1;
    assert_eq!((bad.line, bad.column), (line, 3), "{bad}");
    assert_eq!(
        refused("<a"),
        "syntax error: tag not closed: `>` not found before end of input at line 1, column 1"
    );
    assert!(
        CallHomeMessage::parse(b"<a>\n\xff").unwrap_err().to_string().ends_with("line 2, column 1")
    );
}

#[test]
fn an_envelope_cut_anywhere_is_refused() {
    let whole = message("{}").to_xml();
    for length in 0..whole.trim_end().len() {
        assert!(CallHomeMessage::parse(&whole.as_bytes()[..length]).is_err(), "{length}");
    }
}

proptest! {
    #[test]
    fn any_text_that_xml_can_carry_comes_out_as_it_went_in(text in "[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]{0,200}") {
        prop_assert_eq!(CallHomeMessage::parse(message(&text).to_xml().as_bytes()).unwrap().attachment, text);
    }
}
