//! Which broken provider is caught by which cases.
//!
//! A row is a claim about both: the mutant is caught, and by nothing that has nothing to do with it.

use crate::{
    breakers::Wrong,
    flavour::Flavour::{self, *},
    provider::Mutant::{self, *},
};

/// Broken transports under a correct provider.
pub(crate) const BROKEN_TRANSPORTS: &[(Wrong, &[&str])] = &[
    (
        Wrong::RetriesErrors,
        &["never_a_second_request", "error_before_commit_is_unknown", "error_after_commit_is_unknown"],
    ),
    (
        Wrong::ResendsOnClosed,
        &[
            "never_a_second_request",
            "drop_before_commit_is_unknown",
            "drop_after_commit_is_unknown",
            "probe_after_nothing",
        ],
    ),
    (Wrong::FollowsRedirects, &["never_a_second_request", "no_redirect_is_followed"]),
    (Wrong::SendsInOpen, &["open_alone_has_no_effect", "late_permit_is_refused"]),
    (Wrong::IgnoresDeadlines, &["late_permit_is_refused"]),
    (
        Wrong::SendsTwice,
        &[
            "one_fire_one_request",
            "never_a_second_request",
            "html_success_is_unknown",
            "garbage_success_is_unknown",
            "empty_success_is_unknown",
            "missing_reference_is_unknown",
        ],
    ),
];

/// Broken providers over a correct transport.
pub(crate) const BROKEN_PROVIDERS: &[(Mutant, Flavour, &[&str])] = &[
    (NewKeyPerAttempt, Rich, &["another_attempt_same_bytes", "keyed_resend_is_one_refund"]),
    (KeyOfThePayment, Rich, &["several_refunds", "keyed_lineages_differ", "probe_after_it_happened"]),
    (NoKey, Rich, &["keyed_resend_is_one_refund"]),
    (
        FloatMoney,
        Rich,
        &[
            "partial_refund",
            "several_refunds",
            "accepted_refund_settles",
            "cancellation_is_seen",
            "status_of_another_amount",
            "status_of_an_unknown_word",
        ],
    ),
    (
        WrongSumForPartial,
        Rich,
        &[
            "partial_refund",
            "several_refunds",
            "accepted_refund_settles",
            "cancellation_is_seen",
            "status_of_an_unknown_word",
        ],
    ),
    (
        FullIsAKopeckShort,
        Rich,
        &["full_refund", "over_refund_is_refused_before_sending", "receipt_is_as_described"],
    ),
    (RestIsEverything, Rich, &["several_refunds"]),
    (ImpurePrepare, Rich, &["same_input_same_bytes"]),
    (OpensAnything, Rich, &["foreign_request_is_refused"]),
    (UnreachableIsADoubt, Rich, &["unreachable_is_not_sent"]),
    (CartIgnored, Rich, &["cart_mismatch_is_refused"]),
    (HeldIsPaid, Rich, &["held_payment_is_refused"]),
    (ReceiptIgnored, Plain, &["receipt_is_as_described"]),
    (PenaltyIgnored, Plain, &["penalty_is_as_described"]),
    (PenaltyDropped, Rich, &["penalty_is_as_described"]),
    (AnyCurrency, Rich, &["other_currency_is_refused"]),
    (OnceIgnored, Plain, &["several_refunds"]),
    (PartsIgnored, Whole, &["partial_refund"]),
    (
        UnknownAsDeclined,
        Rich,
        &[
            "drop_before_commit_is_unknown",
            "drop_after_commit_is_unknown",
            "error_before_commit_is_unknown",
            "error_after_commit_is_unknown",
            "half_a_body_is_unknown",
        ],
    ),
    (DeclinedAsUnknown, Rich, &["refusal_is_a_decline", "refusal_keeps_its_words"]),
    (DeclinedAsAccepted, Rich, &["refusal_is_a_decline", "refusal_keeps_its_words"]),
    (MessageSwallowed, Rich, &["refusal_keeps_its_words"]),
    (SuccessOnHtml, Rich, &["html_success_is_unknown"]),
    (SuccessOnGarbage, Rich, &["garbage_success_is_unknown"]),
    (SuccessOnEmpty, Rich, &["empty_success_is_unknown"]),
    (SuccessWithoutReference, Rich, &["missing_reference_is_unknown"]),
    (SuccessOnHalfABody, Rich, &["half_a_body_is_unknown"]),
    (SuccessOnServerError, Rich, &["error_before_commit_is_unknown", "error_after_commit_is_unknown"]),
    (SuccessOnLostConnection, Rich, &["drop_before_commit_is_unknown", "drop_after_commit_is_unknown"]),
    (RateLimitIsAccepted, Rich, &["rate_limit_is_no_success"]),
    (
        LookupIsAKopeckShort,
        Rich,
        &["lookup_tells_the_payment", "full_refund", "several_refunds", "receipt_is_as_described"],
    ),
    (LookupOfAnybody, Rich, &["lookup_of_another_gateways_payment"]),
    (
        LookupMakesItUp,
        Rich,
        &["lookup_of_a_lost_payment", "lookup_makes_nothing_up", "unreachable_is_not_sent"],
    ),
    (
        LookupHidesRefunds,
        Plain,
        &["tier_is_as_described", "several_refunds", "probe_after_nothing", "probe_after_it_happened"],
    ),
    (UnknownWordIsPaid, Rich, &["lookup_of_an_unknown_word", "status_of_an_unknown_word"]),
    (PanicOnUnknownLabel, Rich, &["lookup_of_an_unknown_word", "status_of_an_unknown_word"]),
    (StatusWithoutAmount, Rich, &["status_of_another_amount"]),
    (StatusMakesItUp, Rich, &["status_of_a_lost_refund", "status_makes_nothing_up"]),
    (
        StatusNeverSettles,
        Rich,
        &["several_refunds", "over_refund_is_refused_before_sending", "accepted_refund_settles"],
    ),
    (StatusOfAnything, Rich, &["status_of_a_foreign_reference"]),
    (CanceledIsSettled, Rich, &["cancellation_is_seen"]),
    (ProbeSeesNothing, Rich, &["probe_after_it_happened", "probe_after_others", "probe_of_a_silent_gateway"]),
    (ProbeSeesEverything, Rich, &["probe_after_nothing", "probe_after_others", "probe_of_a_silent_gateway"]),
    (ProbeResends, Rich, &["questions_have_no_effect"]),
    (BlindGuess, Whole, &["tier_is_as_described", "probe_after_it_happened", "probe_of_a_silent_gateway"]),
    (NoVerifier, Rich, &["callbacks_are_as_described"]),
    (BelievesForged, Rich, &["forged_callback_is_refused", "altered_callback_is_refused"]),
    (BelievesGarbage, Rich, &["garbage_callback_is_refused"]),
    (BelievesNobody, Rich, &["genuine_callback_is_believed"]),
    (DescribesItselfTwice, Rich, &["describes_itself"]),
    (PasswordInDebug, Rich, &["no_secret_in_any_output"]),
    (PasswordInEvidence, Rich, &["no_secret_in_any_output"]),
];
