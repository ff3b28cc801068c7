//! A forgotten password: asking for a mail, and setting another one with its code (B-SHL-03).

use super::form::{FormPage, Input, Kind};
use super::password::rules;
use crate::engine::RESET_MINUTES;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::help;
use actix_web::HttpResponse;

/// Asks for the login name.
pub async fn ask(ask: Ask) -> HttpResponse {
    show(&ask, async { Ok::<_, Failure>(name_page(&ask)) }).await
}

/// Sends a mail, if there is such a user; the answer is the same if not.
pub async fn send(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let own = ask.engine().host_common_name().await?;
        let origin = known(&ask.origin, own.as_deref()).then(|| ask.origin.clone());
        ask.engine().request_reset(fields.get("username"), origin).await?;
        let told = format!(
            "If there is such a user, a mail with a code is on its way; it works once, for \
             {RESET_MINUTES} minutes."
        );
        Ok(ask.done("/password/reset", told))
    })
    .await
}

/// Asks for the code and another password.
pub async fn code(ask: Ask) -> HttpResponse {
    show(&ask, code_page(&ask, ask.query.get("code"))).await
}

/// Sets it, or says what is wrong.
pub async fn set(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (code, new) = (fields.get("code"), (fields.get("password"), fields.get("confirm")));
        match ask.engine().reset_with_code(code, new).await {
            Ok(_) => Ok(ask.done("/login", "Your password was changed; sign in with it.".into())),
            Err(error) => {
                let page = code_page(ask, code).await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

/// Whether an origin leads to this satellite: a browser can be made to name another, and a mail
/// must not lead there. This machine does, and the host common name.
fn known(origin: &str, own: Option<&str>) -> bool {
    let url = url::Url::parse(origin).ok();
    if url.as_ref().and_then(url::Url::host_str).is_some_and(|host| Some(host) == own) {
        return true;
    }
    match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn name_page(ask: &Ask) -> FormPage {
    FormPage {
        frame: ask.frame(),
        title: "Forgot your password?".into(),
        lead: "A mail with a code goes to the address of the user.".into(),
        action: "/password/forgot".into(),
        inputs: vec![Input::new("username", "User name", Kind::Line("text"), "")],
        refused: None,
        button: "Send mail".into(),
        cancel: "/login".into(),
        topic: help::FORGOTTEN_PASSWORD,
    }
}

async fn code_page(ask: &Ask, code: &str) -> Result<FormPage, Failure> {
    let asked = rules(&ask.engine().password_rules().await?);
    Ok(FormPage {
        frame: ask.frame(),
        title: "Set another password".into(),
        lead: "With the code of the mail. All sessions of the user end, and a lock too.".into(),
        action: "/password/reset".into(),
        inputs: vec![
            Input::new("code", "Code", Kind::Line("text"), code),
            Input::secret("password", "New password").hint(asked),
            Input::secret("confirm", "New password again"),
        ],
        refused: None,
        button: "Set password".into(),
        cancel: "/login".into(),
        topic: help::FORGOTTEN_PASSWORD,
    })
}

#[cfg(test)]
mod tests {
    use super::known;

    /// B-SHL-03: a forged Host does not come into a mail.
    #[test]
    fn only_this_satellite_is_named_in_a_mail() {
        for here in ["http://localhost:8081", "http://127.0.0.1:1", "https://[::1]:8444"] {
            assert!(known(here, None), "{here}");
        }
        assert!(known("https://ssm.lab.example:8444", Some("ssm.lab.example")));
        for other in ["http://evil.example", "http://localhost.evil.example", "http://10.0.0.1", ""]
        {
            assert!(!known(other, Some("ssm.lab.example")), "{other}");
        }
    }
}
