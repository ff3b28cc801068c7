//! What the offer contains for everybody who has an account (F-AU-20): words on the plan's page,
//! and services that an order may name.

use crate::domain::coded::coded;

coded! {
    /// A service of the offer.
    Service {
        /// Webex Meetings.
        Meetings = "meetings",
        /// Webex Training.
        Training = "training",
        /// Webex Events.
        Events = "events",
        /// Webex Support.
        Support = "support",
        /// Dial-in numbers.
        Audio = "audio",
        /// Recordings.
        Recordings = "recordings",
        /// Messages and files.
        Messaging = "messaging",
        /// Room devices.
        Devices = "devices",
        /// Administration and compliance.
        ProPack = "pro_pack",
        /// Media on one's own network.
        Edge = "edge",
    }
}

impl Service {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meetings => "Webex Meetings",
            Self::Training => "Webex Training",
            Self::Events => "Webex Events",
            Self::Support => "Webex Support",
            Self::Audio => "PSTN audio",
            Self::Recordings => "Recordings",
            Self::Messaging => "Webex app",
            Self::Devices => "Cloud room devices",
            Self::ProPack => "Pro Pack",
            Self::Edge => "Webex Edge",
        }
    }

    /// What it comes with.
    pub fn contents(self) -> &'static str {
        match self {
            Self::Meetings | Self::Training | Self::Events => "Rooms for 1,000 people",
            Self::Support => "5 customers at the same time",
            Self::Audio => "An option: dial-in numbers in selected countries",
            Self::Recordings => "Storage without a limit",
            Self::Messaging => "An account with 20 GB for each user",
            Self::Devices => "Registration of room devices in the cloud",
            Self::ProPack => "Administration, security and analytics",
            Self::Edge => "Media over one's own network",
        }
    }
}
