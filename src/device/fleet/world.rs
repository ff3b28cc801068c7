//! The clock of the world that the fleet talks to: read, and moved when asked.

use super::time::{Going, Time};
use crate::device::DeviceError;
use crate::device::client::{device_url, tls, with_causes};
use crate::device::profile::Transport;
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// A way to `/_syncom/clock`.
#[derive(Clone, Debug)]
pub struct World {
    http: reqwest::Client,
    url: Url,
    real: fn() -> Timestamp,
}

#[derive(Deserialize)]
struct Told {
    now: String,
    mode: String,
    happened: Option<Happened>,
}

#[derive(Deserialize)]
struct Happened {
    sites: BTreeMap<String, Site>,
}

#[derive(Deserialize)]
struct Site {
    events: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

impl World {
    /// The world behind a device URL.
    ///
    /// # Errors
    /// The URL or the CA certificate is wrong.
    pub fn new(
        url: &str,
        ca_pem: Option<&str>,
        real: fn() -> Timestamp,
    ) -> Result<Self, DeviceError> {
        let mut url = device_url(url, Transport::Smart)?;
        url.set_path("/_syncom/clock");
        url.set_query(None);
        // Years may pass before the answer comes: there is no time limit.
        let builder = reqwest::Client::builder().tls_backend_preconfigured(tls(ca_pem)?).no_proxy();
        let http = builder.build().map_err(|error| DeviceError::Usage(error.to_string()))?;
        Ok(Self { http, url, real })
    }

    /// What time it is there; `None` if the server is not Syncom.
    ///
    /// # Errors
    /// It is not reached.
    pub async fn time(&self) -> Result<Option<Time>, DeviceError> {
        let answer = self.http.get(self.url.clone()).send().await.map_err(|e| gone(&e))?;
        let text = answer.text().await.map_err(|error| gone(&error))?;
        let told: Option<Told> = serde_json::from_str(&text).ok();
        Ok(told.and_then(|told| self.read(&told)))
    }

    /// Lets time pass there: what time it is then, and how many events of each kind that caused.
    ///
    /// # Errors
    /// It is not reached, or refuses.
    pub async fn advance(
        &self,
        by: TimeDelta,
    ) -> Result<(Time, BTreeMap<String, u64>), DeviceError> {
        let body = serde_json::json!({"advance": format!("{}s", by.num_seconds())});
        let request = self.http.post(self.url.clone()).json(&body);
        let answer = request.send().await.map_err(|error| gone(&error))?;
        let (good, text) = (answer.status().is_success(), answer.text().await);
        let text = text.map_err(|error| gone(&error))?;
        let bad = |what: &str| DeviceError::BadAnswer(format!("{}: {what}", self.url));
        if !good {
            let problem: Option<Problem> = serde_json::from_str(&text).ok();
            return Err(bad(&problem.map_or(text, |problem| problem.detail)));
        }
        let told: Told = serde_json::from_str(&text).map_err(|_| bad("is not Syncom's clock"))?;
        let time = self.read(&told).ok_or_else(|| bad("tells no time"))?;
        let mut events = BTreeMap::new();
        let sites = told.happened.into_iter().flat_map(|happened| happened.sites.into_values());
        for (kind, count) in sites.flat_map(|site| site.events) {
            *events.entry(kind).or_default() += count;
        }
        Ok((time, events))
    }

    fn read(&self, told: &Told) -> Option<Time> {
        let now = Timestamp::parse(&told.now)?;
        let going = match told.mode.as_str() {
            "frozen" => Going::Stands(now),
            _ => Going::Runs(now - (self.real)()),
        };
        Some(Time { going, real: self.real })
    }
}

fn gone(error: &reqwest::Error) -> DeviceError {
    DeviceError::Unreachable(with_causes(error))
}
