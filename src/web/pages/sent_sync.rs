//! A form with a file between satellite and CSSM.

use super::ask::{Ask, Failure, Fields, Sent};
use crate::web::error::ApiError;
use crate::web::multipart::Upload;
use crate::web::visit::LargeUpload;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError as _};
use std::future::Future;
use std::pin::Pin;

/// A file that is to be carried: `sat-a_authorization.sync`.
pub fn download(name: &str, what: &str, file: Vec<u8>) -> HttpResponse {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
    let name: String = name.chars().map(plain).collect();
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}_{what}.sync\""),
        ))
        .insert_header(("Cache-Control", "no-store"))
        .body(file)
}

/// A form that was sent with a file of a satellite.
pub struct SentSync {
    sent: Sent,
    file: Option<Upload>,
}

impl FromRequest for SentSync {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ask = Ask::read(request);
        let form = LargeUpload::from_request(request, payload);
        Box::pin(async move {
            let (form, file) = match form.await {
                Ok(form) => (Ok(Fields(form.fields)), form.file),
                Err(error) => (Err((error.status_code(), error.to_string())), None),
            };
            Ok(Self { sent: Sent::of(ask?, form), file })
        })
    }
}

impl SentSync {
    /// The request and its fields, unless the form may not be taken.
    pub fn parts(&self) -> Result<(&Ask, &Fields), Failure> {
        self.sent.parts()
    }

    /// What is in the file; nothing if none was chosen.
    pub fn bytes(&self) -> Vec<u8> {
        self.file.as_ref().map_or_else(Vec::new, |file| file.bytes.clone())
    }

    /// Carries the form out, or shows why not.
    pub async fn act(
        &self,
        work: impl Future<Output = Result<HttpResponse, Failure>>,
    ) -> HttpResponse {
        self.sent.act(work).await
    }
}
