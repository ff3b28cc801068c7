//! What the clock does for the hub.

use crate::domain::coded::coded;

coded! {
    /// What falls due.
    Due {
        /// A True Forward takes effect; the subject is the contract.
        TrueForward = "au_true_forward",
        /// New publishers of a customer are looked for; the subject is the customer.
        PublisherLook = "flex_publisher_look",
    }
}
