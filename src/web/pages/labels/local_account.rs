//! Labels of local accounts of a satellite.

use crate::domain::on_prem::Mode;

/// The widget, and its first tab.
pub const ACCOUNTS: &str = "Accounts";
/// The tab of those that wait for a decision.
pub const REQUESTS: &str = "Account Requests";
/// The tab of what happened.
pub const EVENTS: &str = "Event Log";
/// The button of an administrator.
pub const NEW: &str = "New Account…";
/// The button of everybody else.
pub const REQUEST: &str = "Request an Account…";
/// The button that asks for a role in one that is there.
pub const REQUEST_ACCESS: &str = "Request Access…";
/// Gives a role.
pub const GRANT: &str = "Approve…";
/// Gives none.
pub const DECLINE: &str = "Decline…";
/// The name of a local account.
pub const NAME: &str = "Local Account Name";
/// The Smart Account in CSSM.
pub const SMART_ACCOUNT: &str = "Cisco Smart Account";
/// The virtual account in CSSM.
pub const VIRTUAL_ACCOUNT: &str = "Cisco Virtual Account";
/// Where mails go.
pub const EMAIL: &str = "Email for notification";
/// For whoever decides.
pub const MESSAGE: &str = "Message";
/// How virtual accounts belong together.
pub const MODE: &str = "Mode";
/// Who asked.
pub const REQUESTED_BY: &str = "Requested by";
/// When.
pub const REQUESTED_AT: &str = "Requested";
/// Registration over the network.
pub const APPROVE: &str = "Approve…";
/// The end of a request.
pub const REJECT: &str = "Reject…";
/// Registration by files.
pub const MANUAL: &str = "Manual Registration…";
/// Registration over the network once more.
pub const REGISTER_AGAIN: &str = "Re-Register…";
/// The end of its work.
pub const DEACTIVATE: &str = "Deactivate…";
/// It works again.
pub const ACTIVATE: &str = "Activate";
/// Its end.
pub const DELETE: &str = "Delete…";
/// The file for CSSM.
pub const GENERATE: &str = "Generate Registration File";
/// The file of CSSM.
pub const UPLOAD: &str = "Upload Authorization File";

/// A mode in words.
pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::OnPrem8 => "One virtual account, local ones inside (onprem8)",
        Mode::Classic => "Several virtual accounts (classic)",
    }
}
