//! A REST client: JSON in, JSON out, a bearer of the site.

use serde_json::{Value, json};

/// A script that uses the API.
pub struct Rest {
    http: reqwest::Client,
    base: String,
    bearer: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; `Null` when it is no JSON.
    pub json: Value,
    /// The body as it came.
    pub text: String,
}

impl Rest {
    /// A client without a credential.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, base: base.to_owned(), bearer: None }
    }

    /// The same with a bearer that this grant gives.
    pub async fn signed_in(mut self, grant: &[(&str, &str)]) -> Self {
        let body = serde_urlencoded::to_string(grant).unwrap();
        let answer = self.form("/as/token.oauth2", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.bearer = Some(answer.json["access_token"].as_str().unwrap().to_owned());
        self
    }

    /// The bearer that it sends.
    pub fn bearer(&self) -> Option<&str> {
        self.bearer.as_deref()
    }

    /// Moves the higher tier out of Tokyo, where it would stand in for what is missing there.
    pub async fn take_the_substitutes_away(&self) {
        let path = "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example/\
                    virtual-accounts/Tokyo/licenses/transfer";
        let body = json!({"licenses":[{"license":"CUWL","licenseType":"PERPETUAL","quantity":100,
            "targetVirtualAccount":"DEFAULT","precedence":"LONGEST_TERM_FIRST"}]});
        let moved = self.post(path, &body).await;
        assert_eq!(moved.status, 200, "{moved:?}");
    }

    /// Gets a resource.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.at(path))).await
    }

    /// Deletes a resource.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.http.delete(self.at(path))).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.http.post(self.at(path)).header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    /// Posts a form.
    pub async fn form(&self, path: &str, body: String) -> Answer {
        let request = self.http.post(self.at(path));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(body)).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Sends a request of the test's own making, with the bearer.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = match &self.bearer {
            Some(bearer) => request.header("authorization", format!("Bearer {bearer}")),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        Answer { status, json: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }
}
