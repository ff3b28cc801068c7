//! The server's `status_message` as sentences.

use super::DeviceError;
use crate::protocol::error_codes::StatusCode;
use serde_json::Value;

/// The messages of a `status_message`, field by field; the text itself when it has another form.
pub(super) fn messages(message: &str) -> Vec<String> {
    let Ok(Value::Object(fields)) = serde_json::from_str(message) else {
        return vec![message.to_owned()];
    };
    let lists = fields.values().filter_map(Value::as_array).flatten();
    lists.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Whether the server refuses because it does not know the instance, or its certificate no more.
// device-protocol.md 1.4: the field of a removed instance is PROVEN; the other is ours.
pub(super) fn unknown_identity(message: &str) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_str(message) else { return false };
    let speaks_of =
        |name| fields.get(name).is_some_and(|texts| texts.to_string().contains("-register"));
    speaks_of("product_instance_identifier") || speaks_of("id_cert_serial_number")
}

/// Whether the server's refusal is about that member.
pub(super) fn names_field(error: &DeviceError, field: &str) -> bool {
    let DeviceError::Refused { message, .. } = error else { return false };
    let Ok(Value::Object(fields)) = serde_json::from_str(message) else { return false };
    fields.contains_key(field)
}

/// One line for the user.
pub(super) fn refusal(status: StatusCode, message: &str) -> String {
    format!("{}: {}", status.name(), messages(message).join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_and_brackets_are_not_for_people() {
        let text = "{\"token\":[\"The token 'x' is not valid.\"],\"csr\":[\"Bad.\"]}";
        assert_eq!(messages(text), ["Bad.", "The token 'x' is not valid."]);
        assert_eq!(refusal(StatusCode::OkTryAgain, "later"), "OK_TRY_AGAIN: later");
    }
}
