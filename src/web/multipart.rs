//! Forms with a file: `multipart/form-data`, read strictly and never more of it than a code needs.
//!
//! The portal and the pages of a simulated product use it. `multer` reads the parts; it gets a
//! body that is in memory already, because the limit comes first.

use crate::protocol::codes::LONGEST;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::stream::{StreamExt, once};
use multer::{Constraints, Field, Multipart, SizeLimit};
use std::future::ready;

/// The largest body that is kept: a pasted code, a file, and the frame around them (ours).
const BODY: usize = 2 * LONGEST + 32 * 1024;
/// How much more is read and thrown away, so that a browser that is still sending sees the answer
/// instead of a broken connection (ours).
const PATIENCE: usize = 8 * 1024 * 1024;
/// The most parts of a form (ours).
const PARTS: usize = 64;

/// Beginnings of files that hold other files.
const ARCHIVES: [(&[u8], &str); 6] = [
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];

/// A form, read. That one of our pages sent it is for the caller to check: `csrf` is a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadForm {
    /// Names and values of what was typed.
    pub fields: Vec<(String, String)>,
    /// The file that was chosen.
    pub file: Option<Upload>,
}

/// A file that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name, as the browser tells it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a form with a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUpload {
    /// There is too much of it.
    #[error("{0} is larger than {max} KiB, the most that is taken: a code is much smaller", max = LONGEST / 1024)]
    TooLarge(String),
    /// The file is larger than one of its kind may be, in bytes.
    #[error("the file is larger than {0} bytes, the most that is taken")]
    FileTooLarge(usize),
    /// It is no form, or breaks off.
    #[error("the form could not be read: {0}")]
    Unreadable(String),
    /// The file is no text.
    #[error("{0}")]
    NoText(String),
}

impl BadUpload {
    /// The status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge(_) | Self::FileTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable(_) | Self::NoText(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl UploadForm {
    /// Reads the body of a request: parts, or the plain form of a page without a file.
    ///
    /// # Errors
    /// It is too large, or no form.
    pub async fn read(request: &HttpRequest, payload: Payload) -> Result<Self, BadUpload> {
        Self::read_within(request, body(request, payload).await?, LONGEST).await
    }

    /// As [`UploadForm::read`], with a file of at most so many bytes.
    ///
    /// # Errors
    /// It is too large, or no form.
    pub async fn read_large(
        request: &HttpRequest,
        payload: Payload,
        most: usize,
    ) -> Result<Self, BadUpload> {
        let body = whole(request, payload, most.saturating_add(BODY)).await?;
        match Self::read_within(request, body, most).await {
            Err(BadUpload::TooLarge(_)) => Err(BadUpload::FileTooLarge(most)),
            other => other,
        }
    }

    async fn read_within(
        request: &HttpRequest,
        body: web::Bytes,
        most: usize,
    ) -> Result<Self, BadUpload> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        if request.content_type() == "application/x-www-form-urlencoded" {
            let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
                .map_err(|error| BadUpload::Unreadable(error.to_string()))?;
            let form = Self { fields, file: None };
            return form
                .fields
                .iter()
                .try_for_each(|(name, value)| fits(name, value))
                .map(|()| form);
        }
        let boundary = multer::parse_boundary(kind).map_err(|_| {
            BadUpload::Unreadable("it has to be multipart/form-data with a boundary".into())
        })?;
        Self::parts(body, boundary, most).await
    }

    async fn parts(body: web::Bytes, boundary: String, most: usize) -> Result<Self, BadUpload> {
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        let limits = Constraints::new().size_limit(SizeLimit::new().per_field(limit));
        let whole = once(ready(Ok::<_, std::io::Error>(body)));
        let mut parts = Multipart::with_constraints(whole, boundary, limits);
        let mut form = Self::default();
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            count += 1;
            if count > PARTS {
                let problem = format!("it has more than {PARTS} fields");
                return Err(BadUpload::Unreadable(problem));
            }
            form.take(part).await?;
        }
        Ok(form)
    }

    async fn take(&mut self, part: Field<'_>) -> Result<(), BadUpload> {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| refused(&error))?;
        match file {
            // No file was chosen.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(_) if self.file.is_some() => {
                return Err(BadUpload::Unreadable("one file at a time".into()));
            }
            Some(file) => self.file = Some(Upload { name: file, bytes: bytes.into() }),
            None => {
                let value = String::from_utf8(bytes.into())
                    .map_err(|_| BadUpload::Unreadable(format!("{name} is no UTF-8")))?;
                fits(&name, &value)?;
                self.fields.push((name, value));
            }
        }
        Ok(())
    }

    /// A field's text; empty if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

impl Upload {
    /// What is in the file, if it is text.
    ///
    /// # Errors
    /// It is an archive, or not UTF-8.
    pub fn text(&self) -> Result<&str, BadUpload> {
        text(&self.name, &self.bytes)
    }
}

/// What is in a file of that name, if it is text.
///
/// # Errors
/// It is an archive, or not UTF-8.
pub fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, BadUpload> {
    let no = |problem: &str| BadUpload::NoText(format!("the file {name:.80} {problem}"));
    if let Some((_, kind)) = ARCHIVES.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return Err(no(&format!("is an archive ({kind}): unpack it, and give the file inside")));
    }
    if bytes.is_empty() {
        return Err(no("is empty"));
    }
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.ok_or_else(|| no("is no text in UTF-8"))
}

async fn body(request: &HttpRequest, payload: Payload) -> Result<web::Bytes, BadUpload> {
    let refused = |error| match error {
        BadUpload::FileTooLarge(_) => BadUpload::TooLarge("what was sent".into()),
        other => other,
    };
    whole(request, payload, BODY).await.map_err(refused)
}

/// The whole body of at most so many bytes. What is too large is refused by its announced length,
/// or as soon as it is.
///
/// # Errors
/// It is too large, or breaks off.
pub async fn whole(
    request: &HttpRequest,
    mut payload: Payload,
    most: usize,
) -> Result<web::Bytes, BadUpload> {
    let too_large = || BadUpload::FileTooLarge(most);
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced: usize = announced.and_then(|length| length.parse().ok()).unwrap_or_default();
    if announced > most + PATIENCE {
        return Err(too_large());
    }
    let (mut body, mut seen) = (web::BytesMut::new(), 0);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| BadUpload::Unreadable(error.to_string()))?;
        seen += chunk.len();
        if seen <= most {
            body.extend_from_slice(&chunk);
        } else if seen > most + PATIENCE {
            return Err(too_large());
        }
    }
    if seen > most { Err(too_large()) } else { Ok(body.freeze()) }
}

fn fits(name: &str, value: &str) -> Result<(), BadUpload> {
    if value.len() > LONGEST {
        return Err(BadUpload::TooLarge(name.to_owned()));
    }
    if name.contains('\0') || value.contains('\0') {
        let problem = format!("{name:.40} holds U+0000, which is no text");
        return Err(BadUpload::Unreadable(problem.replace('\0', "")));
    }
    Ok(())
}

fn refused(error: &multer::Error) -> BadUpload {
    match error {
        multer::Error::FieldSizeExceeded { field_name, .. } => {
            BadUpload::TooLarge(field_name.clone().unwrap_or_else(|| "a field".into()))
        }
        other => BadUpload::Unreadable(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
