//! A server of a few lines: the smallest that the product accepts.

use super::*;
use crate::crypto::ca::{Authority, IdentityRequest, SignerRequest};
use crate::crypto::csr;
use crate::crypto::sign::PublicKey;
use crate::protocol::answers::*;
use crate::protocol::bodies::{EntitlementRequest, RequestBody};
use crate::protocol::error_codes::Fault;
use crate::protocol::export_key::ExportKeyAnswer;
use crate::protocol::fields::Der;
use crate::protocol::message::{Request, SignedRequest};
use crate::protocol::response::{Response, ResponseData, SignedResponse};
use crate::protocol::third_party::ThirdPartyKeyAnswer;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

/// Certificates, keys and what the server is to do next.
pub(super) struct Lab {
    root: Authority,
    sub: Authority,
    signer: PrivateKey,
    signer_der: Vec<u8>,
    device_key: Option<PublicKey>,
    pub(super) serial: u64,
    /// What comes instead of a good answer.
    pub(super) refuse: Option<Fault>,
    /// Tampers with a finished answer.
    pub(super) spoil: fn(&mut Lab, &Request, Vec<u8>) -> Vec<u8>,
    /// What was received.
    pub(super) received: Vec<Request>,
    /// The server's time.
    pub(super) now: Timestamp,
    /// What it thinks of the usage.
    pub(super) status: AuthorizationStatus,
}

impl Lab {
    pub(super) fn new() -> Self {
        let root =
            Authority::create_root("root", PrivateKey::generate(KeyKind::P256).unwrap()).unwrap();
        let sub = root.issue_sub("sub").unwrap();
        let signer = PrivateKey::generate(KeyKind::P256).unwrap();
        let request = SignerRequest {
            spki_der: &signer.spki_der(),
            common_name: "signer",
            serial: 3,
            not_before: now(),
            not_after: now().plus_days(4000),
        };
        let signer_der = sub.issue_signer(&request).unwrap().der;
        Self {
            root,
            sub,
            signer,
            signer_der,
            device_key: None,
            serial: 100,
            refuse: None,
            spoil: |_, _, bytes| bytes,
            received: Vec::new(),
            now: now(),
            status: AuthorizationStatus::Authorized,
        }
    }

    pub(super) fn root_pem(&self) -> String {
        self.root.certificate_pem()
    }

    pub(super) fn chain(&self) -> Vec<Der> {
        let ders = [&self.signer_der[..], self.sub.certificate_der(), self.root.certificate_der()];
        ders.into_iter().map(|der| Der(der.to_vec())).collect()
    }

    pub(super) fn sign(&self, response: &Response) -> Vec<u8> {
        let text = response.to_text();
        let signature = self.signer.sign(text.as_bytes()).unwrap();
        SignedResponse::envelope(&text, signature, 3).into_bytes()
    }

    fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        let signed = SignedRequest::parse(bytes).unwrap();
        let request = signed.request;
        self.received.push(request.clone());
        let response = if let Some(fault) = self.refuse.clone() {
            Response::refuse(Some(&request.header), &fault, self.now)
                .with_signing_certificates(self.chain())
        } else {
            let body = self.body(&request);
            let key = self.device_key.as_ref().unwrap();
            assert_eq!(key.verify(signed.text.as_bytes(), &signed.signature.0), Ok(()));
            Response::accept(&request, self.data(&request, body))
        };
        let bytes = self.sign(&response);
        (self.spoil)(self, &request, bytes)
    }

    pub(super) fn data(&self, request: &Request, body: AnswerBody) -> ResponseData {
        let certifies = matches!(body, AnswerBody::Registration(_) | AnswerBody::IdCertRenew(_));
        ResponseData {
            timestamp: self.now,
            nonce: request.header.nonce.clone(),
            product_instance_identifier: Some(Uuid::from_u128(1)),
            signing_certificates: if certifies { self.chain() } else { Vec::new() },
            body: Some(body),
        }
    }

    pub(super) fn body(&mut self, request: &Request) -> AnswerBody {
        let (smart_account, virtual_account) = ("Contoso Lab".to_owned(), "Berlin".to_owned());
        match &request.body {
            RequestBody::Registration(asked) => AnswerBody::Registration(RegistrationAnswer {
                id_certificate: self.certify(&asked.csr),
                smart_account,
                virtual_account,
                export_control_allowed: true,
                registration_date: self.now,
                renew_at: self.now.plus_days(180),
                expires_at: self.now.plus_days(365),
            }),
            RequestBody::IdCertRenew(asked) => AnswerBody::IdCertRenew(IdCertRenewAnswer {
                id_certificate: self.certify(&asked.csr),
                renew_at: self.now.plus_days(180),
                expires_at: self.now.plus_days(365),
            }),
            RequestBody::Authorization(asked) => AnswerBody::Authorization(AuthorizationAnswer {
                status: self.status,
                entitlements: asked.entitlements.iter().map(covered).collect(),
                renew_at: self.now.plus_days(30),
                expires_at: self.now.plus_days(90),
                smart_account,
                virtual_account,
            }),
            RequestBody::ThirdPartyKey(_) => {
                AnswerBody::ThirdPartyKey(ThirdPartyKeyAnswer { data: Vec::new() })
            }
            RequestBody::ExportKey(asked) => AnswerBody::ExportKey(ExportKeyAnswer {
                license: asked.license.clone(),
                display_name: None,
                granted_at: None,
            }),
            RequestBody::Deregistration(_) => AnswerBody::Deregistration(DeregistrationAnswer {}),
        }
    }

    fn certify(&mut self, asked: &Der) -> Der {
        let csr = csr::read(&asked.0).unwrap();
        self.device_key = Some(PublicKey::from_spki_der(&csr.spki_der).unwrap());
        self.serial += 1;
        let request = IdentityRequest {
            spki_der: &csr.spki_der,
            product_name: "Syncom SIM",
            product_instance_id: Uuid::from_u128(1),
            serial: self.serial,
            not_before: self.now,
            not_after: self.now.plus_days(365),
        };
        Der(self.sub.issue_identity(&request).unwrap().der)
    }
}

fn covered(asked: &EntitlementRequest) -> EntitlementAnswer {
    EntitlementAnswer {
        tag: asked.tag.clone(),
        version: asked.version.clone(),
        count: asked.count,
        enforce_mode: EnforceMode::InCompliance,
        display_name: Some("UCM Enhanced Plus".to_owned()),
        description: None,
        export_restricted: false,
        subscription_id: None,
        term_end: None,
    }
}

/// The address of a port on which nobody listens.
pub(super) fn nowhere() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Serves `lab` on a free port until the test ends; the client trusts its root.
pub(super) async fn start(lab: Lab) -> (Arc<Mutex<Lab>>, Client) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let lab = Arc::new(Mutex::new(lab));
    let shared = Arc::clone(&lab);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = read_body(&mut stream).await;
            let answer = shared.lock().unwrap().answer(&body);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n",
                answer.len()
            );
            stream.write_all(&[head.as_bytes(), &answer].concat()).await.unwrap();
        }
    });
    (lab, Client::new(&url, None, None).unwrap())
}

async fn read_body(stream: &mut tokio::net::TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text.split("content-length: ").nth(1).unwrap();
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            if bytes.len() >= end + 4 + length {
                return bytes[end + 4..].to_vec();
            }
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the product hung up");
    }
}
