//! The address at which products of a local account report by policy.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in an address as it is (RFC 3986, unreserved).
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as a segment of an address.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, &UNRESERVED).to_string()
}

/// The URL for a tenant's products, below the address at which the satellite was called
/// (proven: `https://<host>/cslu/v1/pi/<local account>-<number>`).
pub fn tenant_url(origin: &str, tenant: &str) -> String {
    format!("{origin}/cslu/v1/pi/{}", segment(tenant))
}

#[cfg(test)]
mod tests {
    use super::tenant_url;

    /// P1: a name may hold anything.
    #[test]
    fn a_tenant_is_one_segment() {
        let url = tenant_url("https://sat.example", "Werk A/50%-2");
        assert_eq!(url, "https://sat.example/cslu/v1/pi/Werk%20A%2F50%25-2");
    }
}
