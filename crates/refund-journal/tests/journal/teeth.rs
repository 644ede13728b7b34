//! The suite is tested too: a journal with one flaw must fail the case that is about it.

use super::bench::Bench;
use async_trait::async_trait;
use refund_core::{
    ArmError, ArmLog, ArmRecord, At, Clock, Currency, Digest, IntentId, IntentKey, Moment, PaymentRef,
    WallTime,
};
use refund_engine::suite::{CASES, Subject, run_all, run_one};
use refund_engine::{
    Journal, JournalError, Lease, ListQuery, Listed, ManualClock, Plan, Planned, Record, Recorded,
    Reservation, Role, Totals, Verified,
};
use refund_journal::SqliteJournal;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    EveryPlanIsFresh,
    DifferingPlansAreTheSame,
    AnotherFieldIsNamed,
    BatchesOneByOne,
    NotesAreLost,
    LeasesAreShared,
    FencesAreIgnored,
    NumbersAreIgnored,
    ReleaseKeepsTheLease,
    ReleaseKeepsTheFence,
    RenewDoesNothing,
    LeasesNeverEnd,
    BootsAreIgnored,
    DueNewestFirst,
    DueTooMany,
    BudgetIsIgnored,
    OneKopeckTooMuch,
    BusyIsIgnored,
    CabinetIsIgnored,
    ArmIsNotWritten,
    ArmTakesAnyPayload,
    StaleArmsAreTaken,
    BusyArmsAreTaken,
    AttachmentsAreReordered,
    SchemasAreLost,
    ExceptIsIgnored,
    OpenCountsAsDone,
    KeysByPrefix,
    OldestFirst,
    LimitIsIgnored,
    PhasesAreIgnored,
    PaymentIsIgnored,
    RootStays,
    CountsAreWrong,
}

struct Flawed {
    inner: SqliteJournal,
    flaw: Flaw,
    fences: Mutex<BTreeMap<IntentId, u64>>,
    clock: ManualClock,
    _directory: tempfile::TempDir,
}

/// A clock that shows a store less than there is.
struct Dull {
    clock: ManualClock,
    flaw: Flaw,
}

impl Clock for Dull {
    fn now(&self) -> Moment {
        let now = self.clock.now();
        match self.flaw {
            Flaw::LeasesNeverEnd => Moment { millis: 1, ..now },
            Flaw::BootsAreIgnored => Moment { boot: refund_core::BootId(1), ..now },
            _ => now,
        }
    }

    fn wall(&self) -> WallTime {
        self.clock.wall()
    }
}

impl Flawed {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn taken(&self, leases: &[Lease]) {
        let mut fences = self.fences.lock().expect("no panic holds it");
        fences.extend(leases.iter().map(|lease| (lease.at.intent, lease.at.fence)));
    }

    /// What the writer says it knows, made right behind its back.
    async fn corrected(&self, mut at: At) -> At {
        if self.is(Flaw::FencesAreIgnored) {
            at.fence =
                self.fences.lock().expect("no panic holds it").get(&at.intent).copied().unwrap_or(at.fence);
        }
        if self.is(Flaw::NumbersAreIgnored) {
            at.seq =
                self.inner.find(at.intent).await.expect("readable").map_or(at.seq, |found| found.state.seq);
        }
        at
    }

    async fn reserved_payload(&self, intent: IntentId) -> Option<Digest> {
        let history = self.inner.history(intent).await.ok()?;
        let reserved = history.iter().rfind(|recorded| matches!(recorded.record, Record::Reserved { .. }))?;
        reserved.attached(Role::Prepared).map(refund_core::Opaque::digest)
    }
}

#[async_trait]
impl ArmLog for Flawed {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        let mut record = ArmRecord { at: self.corrected(record.at).await, ..*record };
        match self.flaw {
            Flaw::ArmIsNotWritten => return Ok(()),
            Flaw::ArmTakesAnyPayload => {
                record.digest = self.reserved_payload(record.at.intent).await.unwrap_or(record.digest);
            }
            _ => {}
        }
        match self.inner.arm(&record).await {
            Err(ArmError::Stale) if self.is(Flaw::StaleArmsAreTaken) => Ok(()),
            Err(ArmError::Busy) if self.is(Flaw::BusyArmsAreTaken) => Ok(()),
            answer => answer,
        }
    }
}

#[async_trait]
impl Journal for Flawed {
    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Planned>, JournalError> {
        let mut plans = plans.to_vec();
        if self.is(Flaw::NotesAreLost) {
            plans.iter_mut().for_each(|plan| plan.note = plan.command.clone());
        }
        let answers = if self.is(Flaw::BatchesOneByOne) {
            let mut answers = Vec::new();
            for plan in plans {
                answers.extend(self.inner.plan(&[plan]).await?);
            }
            answers
        } else {
            self.inner.plan(&plans).await?
        };
        let flawed = |answer| match (self.flaw, answer) {
            (Flaw::EveryPlanIsFresh, _) => Planned::Fresh,
            (Flaw::DifferingPlansAreTheSame, Planned::Differs { .. }) => Planned::Same,
            (Flaw::AnotherFieldIsNamed, Planned::Differs { .. }) => Planned::Differs { field: "amount" },
            (_, answer) => answer,
        };
        Ok(answers.into_iter().map(flawed).collect())
    }

    async fn claim(&self, intent: IntentId, term: Duration) -> Result<Lease, JournalError> {
        let mut answer = self.inner.claim(intent, term).await;
        if self.is(Flaw::LeasesAreShared) && matches!(answer, Err(JournalError::Leased)) {
            self.clock.advance(Duration::from_secs(3_600));
            answer = self.inner.claim(intent, term).await;
        }
        self.taken(answer.as_ref().map_or(&[], std::slice::from_ref));
        answer
    }

    async fn claim_due(&self, limit: u16, term: Duration) -> Result<Vec<Lease>, JournalError> {
        let limit = if self.is(Flaw::DueTooMany) { limit.saturating_add(1) } else { limit };
        let mut leases = self.inner.claim_due(limit, term).await?;
        if self.is(Flaw::DueNewestFirst) {
            leases.reverse();
        }
        self.taken(&leases);
        Ok(leases)
    }

    async fn renew(&self, at: At, term: Duration) -> Result<(), JournalError> {
        let at = self.corrected(at).await;
        if self.is(Flaw::RenewDoesNothing) { Ok(()) } else { self.inner.renew(at, term).await }
    }

    async fn release(&self, at: At) -> Result<(), JournalError> {
        if self.is(Flaw::ReleaseKeepsTheLease) {
            return Ok(());
        }
        if self.is(Flaw::ReleaseKeepsTheFence) {
            return self.inner.renew(at, Duration::ZERO).await.or(Ok(()));
        }
        self.inner.release(at).await
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<u64, JournalError> {
        let mut reservation = reservation.clone();
        reservation.at = self.corrected(reservation.at).await;
        if let Record::Reserved { baseline, .. } = &mut reservation.recorded.record {
            match self.flaw {
                Flaw::CabinetIsIgnored => baseline.refunded = None,
                Flaw::OneKopeckTooMuch => baseline.captured += 1,
                _ => {}
            }
        }
        let next = reservation.at.seq + 1;
        match self.inner.reserve(&reservation).await {
            Err(JournalError::Budget { .. }) if self.is(Flaw::BudgetIsIgnored) => Ok(next),
            Err(JournalError::PaymentBusy { .. }) if self.is(Flaw::BusyIsIgnored) => Ok(next),
            answer => answer,
        }
    }

    async fn append(&self, at: At, recorded: &Recorded) -> Result<u64, JournalError> {
        self.inner.append(self.corrected(at).await, recorded).await
    }

    async fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Result<Totals, JournalError> {
        let except = except.filter(|_| !self.is(Flaw::ExceptIsIgnored));
        let totals = self.inner.totals(payment, currency, except).await?;
        if self.is(Flaw::OpenCountsAsDone) {
            let done = totals.done.checked_add(totals.open).expect("small");
            return Ok(Totals { done, open: refund_core::Money::zero(currency) });
        }
        Ok(totals)
    }

    async fn find(&self, intent: IntentId) -> Result<Option<Listed>, JournalError> {
        self.inner.find(intent).await
    }

    async fn find_key(&self, key: &IntentKey) -> Result<Vec<Listed>, JournalError> {
        if self.is(Flaw::KeysByPrefix) {
            let all = self.inner.list(&ListQuery::default()).await?;
            return Ok(all.into_iter().filter(|one| one.key.as_str().starts_with(key.as_str())).collect());
        }
        self.inner.find_key(key).await
    }

    async fn list(&self, query: &ListQuery) -> Result<Vec<Listed>, JournalError> {
        let mut query = query.clone();
        match self.flaw {
            Flaw::LimitIsIgnored => query.limit = 0,
            Flaw::PhasesAreIgnored => query.phases.clear(),
            Flaw::PaymentIsIgnored => query.payment = None,
            _ => {}
        }
        let mut listed = self.inner.list(&query).await?;
        if self.is(Flaw::OldestFirst) {
            listed.reverse();
        }
        Ok(listed)
    }

    async fn history(&self, intent: IntentId) -> Result<Vec<Recorded>, JournalError> {
        let mut history = self.inner.history(intent).await?;
        for recorded in &mut history {
            match self.flaw {
                Flaw::AttachmentsAreReordered => recorded.attachments.reverse(),
                Flaw::SchemasAreLost => recorded.attachments.iter_mut().for_each(|attachment| {
                    let bytes = attachment.data.bytes().to_vec();
                    attachment.data = refund_core::Opaque::cut("lost@1", bytes);
                }),
                _ => {}
            }
        }
        Ok(history)
    }

    async fn verify(&self) -> Result<Verified, JournalError> {
        let mut verified = self.inner.verify().await?;
        match self.flaw {
            Flaw::RootStays => verified.root = Digest([0; 32]),
            Flaw::CountsAreWrong => verified.records = verified.payments,
            _ => {}
        }
        Ok(verified)
    }
}

fn flawed(flaw: Flaw) -> Subject {
    let bench = Bench::new();
    let clock = Arc::new(Dull { clock: bench.clock.clone(), flaw });
    let inner = SqliteJournal::open(&bench.path, clock).expect("opens");
    let (clock, directory) = (bench.clock.clone(), bench.directory);
    let journal = Flawed { inner, flaw, fences: Mutex::default(), clock, _directory: directory };
    Subject { journal: Arc::new(journal), clock: bench.clock }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_flaw_is_found_by_the_case_about_it() {
    let flaws = [
        (Flaw::EveryPlanIsFresh, "plan::a_new_key_is_fresh_and_the_same_request_is_the_same"),
        (Flaw::EveryPlanIsFresh, "plan::a_batch_sees_its_own_beginning"),
        (Flaw::DifferingPlansAreTheSame, "plan::another_request_under_the_key_names_the_field"),
        (Flaw::AnotherFieldIsNamed, "plan::another_request_under_the_key_names_the_field"),
        (Flaw::BatchesOneByOne, "plan::a_batch_is_planned_wholly_or_not_at_all"),
        (Flaw::NotesAreLost, "plan::the_first_record_carries_command_and_note"),
        (Flaw::LeasesAreShared, "lease::a_claim_is_exclusive"),
        (Flaw::LeasesAreShared, "lease::only_one_of_many_claims_wins"),
        (Flaw::FencesAreIgnored, "lease::a_fenced_off_worker_cannot_write"),
        (Flaw::NumbersAreIgnored, "write::a_stale_number_is_refused_and_nothing_is_written"),
        (Flaw::StaleArmsAreTaken, "write::a_second_arm_from_one_number_is_refused"),
        (Flaw::ReleaseKeepsTheLease, "lease::a_lease_given_back_is_free_at_once_and_writes_nothing_more"),
        (Flaw::ReleaseKeepsTheFence, "lease::a_lease_given_back_is_free_at_once_and_writes_nothing_more"),
        (Flaw::RenewDoesNothing, "lease::a_renewed_lease_lives_on"),
        (Flaw::LeasesNeverEnd, "lease::an_expired_lease_is_taken_over_with_a_higher_fence"),
        (Flaw::BootsAreIgnored, "lease::a_lease_of_another_boot_is_over"),
        (Flaw::DueNewestFirst, "lease::due_refunds_come_oldest_first"),
        (Flaw::DueTooMany, "lease::due_refunds_come_oldest_first"),
        (Flaw::BudgetIsIgnored, "budget::the_budget_holds_to_the_minor_unit"),
        (Flaw::BudgetIsIgnored, "budget::what_may_have_happened_keeps_its_amount"),
        (Flaw::OneKopeckTooMuch, "budget::the_budget_holds_to_the_minor_unit"),
        (Flaw::OneKopeckTooMuch, "budget::an_accepted_refund_nobody_reads_against_lets_others_in"),
        (Flaw::BusyIsIgnored, "budget::a_payment_takes_one_refund_at_a_time"),
        (Flaw::BusyIsIgnored, "budget::of_many_reservations_at_once_one_wins"),
        (Flaw::CabinetIsIgnored, "budget::what_others_refunded_in_the_cabinet_counts"),
        (Flaw::ArmIsNotWritten, "write::an_armed_record_is_durable_and_names_its_payload"),
        (Flaw::ArmTakesAnyPayload, "write::an_armed_record_is_durable_and_names_its_payload"),
        (Flaw::BusyArmsAreTaken, "write::a_reservation_overtaken_by_a_doubt_cannot_be_armed"),
        (Flaw::AttachmentsAreReordered, "read::a_history_comes_back_as_it_was_written"),
        (Flaw::SchemasAreLost, "read::a_history_comes_back_as_it_was_written"),
        (Flaw::ExceptIsIgnored, "read::totals_are_what_is_done_and_what_is_open"),
        (Flaw::OpenCountsAsDone, "read::totals_are_what_is_done_and_what_is_open"),
        (Flaw::KeysByPrefix, "read::refunds_are_found_by_id_and_by_key"),
        (Flaw::OldestFirst, "read::a_list_is_newest_first_and_obeys_its_query"),
        (Flaw::LimitIsIgnored, "read::a_list_is_newest_first_and_obeys_its_query"),
        (Flaw::PhasesAreIgnored, "read::a_list_is_newest_first_and_obeys_its_query"),
        (Flaw::PaymentIsIgnored, "read::a_list_is_newest_first_and_obeys_its_query"),
        (Flaw::RootStays, "read::verifying_counts_and_sums_up"),
        (Flaw::CountsAreWrong, "read::verifying_counts_and_sums_up"),
    ];
    for (flaw, case) in flaws {
        let subject = flawed(flaw);
        let verdict = tokio::spawn(async move { run_one(case, subject).await }).await;
        let failure = verdict.err().unwrap_or_else(|| panic!("{case} does not notice {flaw:?}"));
        assert!(failure.is_panic(), "{case}: {failure}");
    }
}

/// So that the flaws above are found for what they are, and not for how they are built in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_flaw_nothing_is_found() {
    assert_eq!(run_all(async || flawed(Flaw::None)).await, CASES);
}
