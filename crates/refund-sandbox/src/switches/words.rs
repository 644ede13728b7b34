//! The sides of every switch that is not a number, each with the word that names it.
//!
//! Words are the control API's spelling; code compares variants.

/// A value that is chosen by its word.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// Every side, with its word.
    const SIDES: &'static [(&'static str, Self)];

    fn word(self) -> &'static str {
        let side = Self::SIDES.iter().find(|(_, side)| *side == self);
        side.map_or("", |(word, _)| word)
    }

    fn named(word: &str) -> Option<Self> {
        Self::SIDES.iter().find(|(known, _)| *known == word).map(|(_, side)| *side)
    }

    fn words() -> Vec<&'static str> {
        Self::SIDES.iter().map(|(word, _)| *word).collect()
    }
}

macro_rules! sides {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),+ }

        impl Word for $name {
            const SIDES: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }
    )+};
}

sides! {
    /// Whether an oddity is taken or turned away.
    Strictness { Refuse = "refuse", Accept = "accept" }
    /// When a Robokassa refund request takes its money from the balance.
    Reservation { AtAcceptance = "at_acceptance", AtFinish = "at_finish" }
    /// The answer to an operation key nobody has.
    UnknownKey { Unauthorized = "unauthorized", OperationNotFound = "operation_not_found" }
    /// Whether items must total the refund.
    ItemsSum { MustEqual = "must_equal", NotChecked = "not_checked" }
    /// Whether `Tax`, `PaymentMethod` and `PaymentObject` must be listed values.
    ItemValues { Documented = "documented", Any = "any" }
    /// The hash chosen in the shop's settings.
    Hash {
        Md5 = "md5", Ripemd160 = "ripemd160", Sha1 = "sha1",
        Sha256 = "sha256", Sha384 = "sha384", Sha512 = "sha512",
    }
    /// Whether the shop has access to the refund API.
    Password3 { Issued = "issued", Missing = "missing" }
    /// The namespace of `OpStateExt`.
    XmlNamespace { Roboxchange = "merchant.roboxchange.com", Robokassa = "auth.robokassa.ru" }
    /// Whether `OpStateExt` tells the operation key.
    OpKeyShown { Shown = "shown", Absent = "absent" }
    /// How Sber writes `errorCode`.
    CodeForm { String = "string", Number = "number", Missing = "missing_on_success" }
    /// The media type of Sber's replies.
    JsonKind { Json = "json", Text = "text" }
    /// The language of Sber's messages when the request names none.
    Language { Ru = "ru", En = "en" }
    /// What a Sber refund without `amount` means.
    AmountMissing { Refuse = "refuse", Rest = "rest" }
    /// What `amount=0` means.
    ZeroAmount { Rest = "rest", Whole = "whole" }
    /// What a form parameter given twice means.
    Duplicates { Refuse = "refuse", First = "first" }
    /// How a refund line names its position.
    CartMatch { Sent = "sent_members", Triple = "whole_triple" }
    /// What a line is measured against.
    CartLimits { Remaining = "remaining", Original = "original" }
    /// Whether something is checked.
    Checked { MustHold = "must_hold", NotChecked = "not_checked" }
    /// Proof of origin of the OLD dialect's callbacks.
    Checksum { Symmetric = "symmetric", None = "none" }
    /// Whether the OLD dialect's callbacks tell amounts.
    CallbackAmounts { Absent = "absent", Shown = "shown" }
    /// What a repeated key of the platform vendor's means in the OLD dialect.
    OldKeys { Ignored = "ignored", Replay = "replay", Refuse = "refuse" }
    /// Whether the ECOM dialect's status lists operations.
    Operations { Absent = "absent", Shown = "shown" }
    /// What `depositedAmount` tells after a refund.
    Deposited { Net = "net", Gross = "gross" }
    /// The JSON type of `attributes`.
    Attributes { Object = "object", Array = "array" }
    /// What `amount: 0` means to the ECOM dialect.
    EcomZero { Refuse = "refuse", Rest = "rest" }
    /// How receipts end.
    ReceiptOutcome { Done = "done", Error = "error", Exhausted = "exhausted", BadData = "bad_data" }
}
