//! Forms with a file: what is taken, and what is refused before it costs anything.

use super::*;
use actix_web::error::PayloadError;
use actix_web::test::TestRequest;
use proptest::prelude::*;

const BOUNDARY: &str = "----WebKitFormBoundaryAbC";

/// The body as browsers send it.
fn sent(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, value) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--{BOUNDARY}\r\n").bytes());
        body.extend(
            format!("Content-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes(),
        );
        body.extend(value.iter().chain(b"\r\n"));
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

async fn read_as(kind: &str, body: Vec<u8>) -> Result<UploadForm, BadUpload> {
    let request = TestRequest::post().insert_header((CONTENT_TYPE, kind)).set_payload(body);
    let (request, payload) = request.to_http_parts();
    UploadForm::read(&request, payload).await
}

async fn read(body: Vec<u8>) -> Result<UploadForm, BadUpload> {
    read_as(&format!("multipart/form-data; boundary={BOUNDARY}"), body).await
}

/// A-RSV-03, F-HL-21: fields and a file are read byte for byte; no file is no error.
#[actix_web::test]
async fn fields_and_a_file_are_read() {
    let body = sent(&[
        ("csrf", None, b"abc"),
        ("code", None, "ä\r\nb".as_bytes()),
        ("file", Some("AC 1.xml"), b"<a/>\r\n\r\n"),
    ]);
    let form = read(body).await.unwrap();
    assert_eq!((form.get("csrf"), form.get("code"), form.get("none")), ("abc", "ä\r\nb", ""));
    let file = form.file.unwrap();
    assert_eq!((file.name.as_str(), file.text()), ("AC 1.xml", Ok("<a/>\r\n\r\n")));
    let form = read(sent(&[("file", Some(""), b"")])).await.unwrap();
    assert_eq!(form, UploadForm::default());
    let plain = read_as("application/x-www-form-urlencoded", b"csrf=1&code=a+b".to_vec()).await;
    assert_eq!(plain.unwrap().get("code"), "a b");
}

/// A-RSV-03, F-HL-21: too large is 413, whichever part it is.
#[actix_web::test]
async fn what_is_too_large_is_refused() {
    let most = vec![b'x'; LONGEST];
    assert!(read(sent(&[("file", Some("a"), &most)])).await.is_ok());
    let more = vec![b'x'; LONGEST + 1];
    let field = format!("code={}", "x".repeat(LONGEST + 1));
    let refusals = [
        read(sent(&[("file", Some("a"), &more)])).await,
        read(sent(&[("code", None, &more)])).await,
        read(sent(&[("file", Some("a"), &vec![b'x'; 9 << 20])])).await,
        read_as("application/x-www-form-urlencoded", field.into_bytes()).await,
    ];
    for refused in refusals {
        let refused = refused.unwrap_err();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE, "{refused}");
        assert!(refused.to_string().contains("larger than 64 KiB"), "{refused}");
    }
}

/// F-HL-21: an announced length that is far too large is refused before a byte is read.
#[actix_web::test]
async fn a_huge_announcement_is_refused_unread() {
    let request = TestRequest::post()
        .insert_header((CONTENT_LENGTH, "104857600"))
        .insert_header((CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")))
        .to_http_request();
    let never = futures_util::stream::pending::<Result<web::Bytes, PayloadError>>();
    let payload = Payload::Stream { payload: never.boxed_local() };
    let refused = UploadForm::read(&request, payload).await.unwrap_err();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

/// F-HL-21: what is no form, or breaks off, is refused with the reason.
#[actix_web::test]
async fn what_is_no_form_is_refused() {
    let whole = sent(&[("code", None, b"abc")]);
    let many = vec![("a", None, &b"b"[..]); PARTS + 1];
    let two = sent(&[("f", Some("a"), b"1"), ("g", Some("b"), b"2")]);
    let refusals = [
        read_as("text/plain", whole.clone()).await,
        read_as("multipart/form-data", whole.clone()).await,
        read(whole[..whole.len() - 20].to_vec()).await,
        read(Vec::new()).await,
        read(sent(&many)).await,
        read(two).await,
        read(sent(&[("code", None, b"\xff\xfe")])).await,
        read(sent(&[("code", None, b"a\0b")])).await,
    ];
    for (index, refused) in refusals.into_iter().enumerate() {
        let refused = refused.map_err(|refused| refused.status());
        assert_eq!(refused, Err(StatusCode::BAD_REQUEST), "{index}");
    }
}

/// A-RSV-03, F-HL-21: archives are told by name; other files that are no text too.
#[test]
fn archives_are_named() {
    for (begin, kind) in ARCHIVES {
        let bytes = [begin, &b"rest"[..]].concat();
        let refused = text("code.bin", &bytes).unwrap_err();
        assert!(refused.to_string().contains(&format!("archive ({kind})")), "{refused}");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }
    for bytes in [&b""[..], b"\xff\xfea\0", b"a\0"] {
        assert!(matches!(text("a", bytes), Err(BadUpload::NoText(_))), "{bytes:?}");
    }
}

proptest! {
    /// F-HL-21: no body makes the reader panic.
    #[test]
    fn any_body_is_answered(
        pieces in prop::collection::vec("(--)?(----WebKitFormBoundaryAbC)?(--)?(\r\n){0,2}(Content-Disposition: form-data; name=\"[a-z]?\"(; filename=\"?[a-z]?\"?)?)?\\PC{0,8}", 0..12)
    ) {
        let body = pieces.concat().into_bytes();
        let _ = actix_web::rt::System::new().block_on(read(body));
    }
}
