//! The behaviour every journal must show: one public list of cases, run against any store.
//!
//! A store's own tests call [`run_all`] with a way to make an empty journal, and compare what it answers with
//! [`CASES`], so that a case which stops running is a failure. A case panics with what was expected; each gets a
//! journal of its own. Cases speak the contract of [`crate::journal`] alone: they must not know how a store works.
//!
//! ```
//! # use refund_engine::suite::{Subject, run_all, CASES};
//! # async fn test(my_store: impl AsyncFn() -> Subject) {
//! assert_eq!(run_all(my_store).await, CASES);
//! # }
//! ```

pub mod budget;
pub mod lease;
pub mod plan;
pub mod read;
mod scene;
pub mod write;

use crate::{Journal, ManualClock};
use std::sync::Arc;

/// An empty journal and the clock it tells its leases by.
#[derive(Clone)]
pub struct Subject {
    /// The journal.
    pub journal: Arc<dyn Journal>,
    /// Its clock.
    pub clock: ManualClock,
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("clock", &self.clock).finish_non_exhaustive()
    }
}

macro_rules! cases {
    ($($module:ident::$case:ident),+ $(,)?) => {
        /// The names of all cases, in the order they run.
        pub const CASES: &[&str] = &[$(concat!(stringify!($module), "::", stringify!($case))),+];

        /// Runs one case by its name on an empty journal.
        ///
        /// # Panics
        /// When the journal does not behave, and for a name that is not in [`CASES`].
        pub async fn run_one(name: &str, subject: Subject) {
            match name {
                $(concat!(stringify!($module), "::", stringify!($case)) => $module::$case(&subject).await,)+
                other => panic!("the suite has no case {other:?}"),
            }
        }
    };
}

cases! {
    plan::a_new_key_is_fresh_and_the_same_request_is_the_same,
    plan::another_request_under_the_key_names_the_field,
    plan::a_batch_sees_its_own_beginning,
    plan::a_batch_is_planned_wholly_or_not_at_all,
    plan::the_first_record_carries_command_and_note,
    lease::a_claim_is_exclusive,
    lease::an_expired_lease_is_taken_over_with_a_higher_fence,
    lease::a_fenced_off_worker_cannot_write,
    lease::a_lease_given_back_is_free_at_once_and_writes_nothing_more,
    lease::a_renewed_lease_lives_on,
    lease::a_lease_of_another_boot_is_over,
    lease::only_one_of_many_claims_wins,
    lease::due_refunds_come_oldest_first,
    lease::only_what_can_be_worked_on_is_due,
    lease::what_is_due_is_handed_out_once,
    lease::what_waits_is_not_handed_out_again_at_once,
    write::a_stale_number_is_refused_and_nothing_is_written,
    write::a_record_that_cannot_follow_is_refused,
    write::records_with_calls_of_their_own_cannot_be_appended,
    write::an_armed_record_is_durable_and_names_its_payload,
    write::a_second_arm_from_one_number_is_refused,
    write::a_reservation_overtaken_by_a_doubt_cannot_be_armed,
    budget::the_budget_holds_to_the_minor_unit,
    budget::a_payment_takes_one_refund_at_a_time,
    budget::an_accepted_refund_nobody_reads_against_lets_others_in,
    budget::what_others_refunded_in_the_cabinet_counts,
    budget::what_surely_did_not_happen_is_given_back,
    budget::what_may_have_happened_keeps_its_amount,
    budget::what_queues_again_on_a_word_keeps_its_amount,
    budget::payments_have_budgets_of_their_own,
    budget::of_many_reservations_at_once_one_wins,
    budget::refunds_of_one_payment_never_exceed_it_together,
    read::a_history_comes_back_as_it_was_written,
    read::totals_are_what_is_done_and_what_is_open,
    read::refunds_are_found_by_id_and_by_key,
    read::a_list_is_newest_first_and_obeys_its_query,
    read::verifying_counts_and_sums_up,
}

/// Runs every case, each on a new journal, and answers their names in order.
///
/// # Panics
/// At the first case whose journal does not behave.
pub async fn run_all(make: impl AsyncFn() -> Subject) -> Vec<&'static str> {
    let mut ran = Vec::new();
    for name in CASES {
        tracing::debug!(case = name, "journal suite");
        run_one(name, make().await).await;
        ran.push(*name);
    }
    ran
}
