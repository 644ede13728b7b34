//! The cases, one function each: its name is the case's name, its first sentence the promise.
//!
//! A case seeds what it needs and leaves nothing that another one relies on. It must not know a gateway.

mod afterwards;
mod amounts;
mod callbacks;
mod description;
mod doubts;
mod lookups;
mod probes;
mod requests;
mod secrets;

use crate::{Running, bench::Bench};

/// Starts a case.
type Run = for<'a> fn(&'a Bench<'a>) -> Running<'a>;

macro_rules! cases {
    ($($module:ident::$case:ident),+ $(,)?) => {
        /// The names of all cases, in the order they are run.
        pub const CASES: &[&str] = &[$(stringify!($case)),+];

        /// The cases with their code.
        pub(crate) const TABLE: &[(&str, Run)] =
            &[$((stringify!($case), |bench| Box::pin($module::$case(bench)))),+];
    };
}

cases! {
    description::describes_itself,
    description::callbacks_are_as_described,
    description::tier_is_as_described,
    lookups::lookup_tells_the_payment,
    lookups::lookup_of_another_gateways_payment,
    lookups::lookup_of_a_lost_payment,
    lookups::lookup_of_an_unknown_word,
    lookups::lookup_makes_nothing_up,
    amounts::full_refund,
    amounts::partial_refund,
    amounts::several_refunds,
    amounts::over_refund_is_refused_before_sending,
    amounts::held_payment_is_refused,
    amounts::cart_mismatch_is_refused,
    amounts::receipt_is_as_described,
    amounts::penalty_is_as_described,
    amounts::other_currency_is_refused,
    requests::same_input_same_bytes,
    requests::another_attempt_same_bytes,
    requests::foreign_request_is_refused,
    requests::open_alone_has_no_effect,
    requests::one_fire_one_request,
    requests::late_permit_is_refused,
    requests::unreachable_is_not_sent,
    requests::never_a_second_request,
    requests::no_redirect_is_followed,
    requests::keyed_resend_is_one_refund,
    requests::keyed_lineages_differ,
    doubts::drop_before_commit_is_unknown,
    doubts::drop_after_commit_is_unknown,
    doubts::error_before_commit_is_unknown,
    doubts::error_after_commit_is_unknown,
    doubts::half_a_body_is_unknown,
    doubts::html_success_is_unknown,
    doubts::garbage_success_is_unknown,
    doubts::empty_success_is_unknown,
    doubts::missing_reference_is_unknown,
    doubts::rate_limit_is_no_success,
    doubts::refusal_is_a_decline,
    doubts::refusal_keeps_its_words,
    afterwards::accepted_refund_settles,
    afterwards::cancellation_is_seen,
    afterwards::status_of_another_amount,
    afterwards::status_of_a_lost_refund,
    afterwards::status_of_a_foreign_reference,
    afterwards::status_of_an_unknown_word,
    afterwards::status_makes_nothing_up,
    probes::probe_after_nothing,
    probes::probe_after_it_happened,
    probes::probe_after_others,
    probes::probe_of_a_silent_gateway,
    probes::questions_have_no_effect,
    callbacks::genuine_callback_is_believed,
    callbacks::forged_callback_is_refused,
    callbacks::altered_callback_is_refused,
    callbacks::garbage_callback_is_refused,
    secrets::no_secret_in_any_output,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_case_stands_twice() {
        let names: std::collections::BTreeSet<_> = CASES.iter().collect();
        assert_eq!((names.len(), TABLE.len()), (CASES.len(), CASES.len()));
    }
}
