//! The kinds of facts.

use crate::domain::coded::coded;

coded! {
    /// What kind of fact an event is; the code is stored and exported.
    EventKind {
        /// A registration token was created.
        TokenCreated = "token_created",
        /// A registration token was revoked.
        TokenRevoked = "token_revoked",
        /// A registration token's row was removed.
        TokenRemoved = "token_removed",
        /// A product instance registered.
        InstanceRegistered = "instance_registered",
        /// A product instance renewed its identity certificate.
        InstanceRenewed = "instance_renewed",
        /// A product instance was told what it may use.
        InstanceAuthorized = "instance_authorized",
        /// A product instance moved to another virtual account.
        InstanceMoved = "instance_moved",
        /// A product instance arrived from another virtual account.
        InstanceArrived = "instance_arrived",
        /// A product instance deregistered.
        InstanceDeregistered = "instance_deregistered",
        /// A person removed a product instance.
        InstanceRemoved = "instance_removed",
        /// A unit of a high-availability group was taken out of it.
        MemberRemoved = "member_removed",
        /// A product instance was given a voucher for a third party.
        VoucherIssued = "voucher_issued",
        /// A product instance was given a key for an export-restricted license.
        ExportKeyGranted = "export_key_granted",
        /// A product instance asked for such a key, and none is free.
        ExportKeyRefused = "export_key_refused",
        /// A product instance gave such a key back.
        ExportKeyReturned = "export_key_returned",
        /// A product instance does not wait for such a key any more.
        ExportKeyCancelled = "export_key_cancelled",
        /// A product instance whose registration ended stays, because it holds such a key.
        InstanceKept = "instance_kept",
        /// Licenses arrived by an order.
        LicensesAdded = "licenses_added",
        /// Licenses were reserved.
        LicensesReserved = "licenses_reserved",
        /// A reservation is to hold more, or a license that it did not hold.
        ReservationIncreased = "reservation_increased",
        /// A reservation is to hold less.
        ReservationDecreased = "reservation_decreased",
        /// An update of a reservation was cancelled.
        ReservationCancelled = "reservation_update_cancelled",
        /// The confirmation code of a reservation was entered.
        ReservationConfirmed = "reservation_confirmed",
        /// The reserved licenses of a product instance came back.
        ReservationReturned = "reservation_returned",
        /// A product instance moved with its reserved licenses.
        ReservationMoved = "reservation_moved",
        /// The licenses of a failed product were reserved for its replacement.
        ReservationRehosted = "reservation_rehosted",
        /// Support ended an update, or removed a product instance with a reservation.
        ReservationResolved = "reservation_resolved",
        /// A code of a reservation was refused.
        ReservationCodeRefused = "reservation_code_refused",
        /// A device brought licenses into the inventory.
        InventoryAdded = "inventory_added",
        /// Licenses left for another virtual account.
        LicensesTransferredOut = "licenses_transferred_out",
        /// Licenses came from another virtual account.
        LicensesTransferredIn = "licenses_transferred_in",
        /// Surplus of a license began to stand in for a lower tier, or ceased to.
        LicensesLent = "licenses_lent",
        /// A license began to stand on a higher tier's surplus, or ceased to.
        LicensesBorrowed = "licenses_borrowed",
        /// A license fell short.
        ComplianceLost = "compliance_lost",
        /// A license is covered again.
        ComplianceRegained = "compliance_regained",
        /// A virtual account was created.
        VirtualAccountCreated = "virtual_account_created",
        /// A virtual account was deleted.
        VirtualAccountDeleted = "virtual_account_deleted",
        /// Another virtual account became the default.
        DefaultChanged = "default_changed",
        /// A virtual account got another name, place, access level, description or other tags.
        VirtualAccountChanged = "virtual_account_changed",
        /// A registration token came to its end.
        TokenExpired = "token_expired",
        /// A product instance did not renew its authorization, and its licenses are free again.
        AuthorizationExpired = "authorization_expired",
        /// A person released what an instance uses beside its restricted licenses.
        InstanceReleased = "instance_released",
        /// Licenses began to count.
        LicensesStarted = "licenses_started",
        /// Licenses came to their end.
        LicensesExpired = "licenses_expired",
        /// Ordered licenses were provisioned.
        LicensesProvisioned = "licenses_provisioned",
        /// Licenses were cancelled.
        LicensesCancelled = "licenses_cancelled",
        /// The tags of a license changed.
        LicenseTagged = "license_tagged",
        /// An account got a custom tag.
        CustomTagCreated = "custom_tag_created",
        /// A custom tag got other values.
        CustomTagChanged = "custom_tag_changed",
        /// A custom tag was removed.
        CustomTagRemoved = "custom_tag_removed",
        /// An alert began.
        AlertRaised = "alert_raised",
        /// An alert ended.
        AlertCleared = "alert_cleared",
        /// A person dismissed an alert.
        AlertDismissed = "alert_dismissed",
        /// A newer agreement text was published.
        AgreementPublished = "agreement_published",
        /// A person accepted the agreement.
        AgreementAccepted = "agreement_accepted",
        /// A satellite's local account synchronized with CSSM.
        Synchronized = "synchronized",
        /// A synchronization failed.
        SyncFailed = "synchronization_failed",
        /// A local account has to register again.
        AccountExpired = "local_account_expired",
        /// Somebody got a role.
        RoleGiven = "role_given",
        /// A role of somebody became another one.
        RoleChanged = "role_changed",
        /// Somebody lost a role.
        RoleTaken = "role_taken",
        /// The support desk changed an attribute of the Smart Account.
        AccountChanged = "account_changed",
        /// An On-Prem was registered.
        OnPremCreated = "on_prem_created",
        /// An On-Prem got another name.
        OnPremRenamed = "on_prem_renamed",
        /// A virtual account was attached to an On-Prem.
        OnPremAttached = "on_prem_attached",
        /// A virtual account does not belong to an On-Prem any more.
        OnPremDetached = "on_prem_detached",
        /// A person removed an On-Prem.
        OnPremRemoved = "on_prem_removed",
        /// An On-Prem failed to synchronize and was removed.
        OnPremExpired = "on_prem_expired",
        /// An On-Prem synchronized over the network.
        OnPremSynchronized = "on_prem_synchronized",
        /// An On-Prem was synchronized by files.
        OnPremFileTaken = "on_prem_file_synchronized",
        /// A file of an On-Prem was refused.
        OnPremFileRefused = "on_prem_file_refused",
        /// The authorization file of an On-Prem was downloaded.
        OnPremAuthorized = "on_prem_authorization_downloaded",
    }
}
