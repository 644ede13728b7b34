//! Random legal histories of several refunds, with ticks, reboots and reopenings in between: after every reopening the
//! journal tells what a plain list of the records tells.

use super::bench::{Bench, TERM, order, plan_of, prepared, shown};
use proptest::prelude::*;
use refund_core::{ArmLog, ArmRecord, At, Clock, Currency, IntentId, Moment, NotSentReason};
use refund_engine::machine::{
    Decision, DoubtKind, HoldReason, PollAnswer, Postponement, Proof, ReceiptTrack, Refusal, ResendGround,
    SeenVerdict, WithdrawReason,
};
use refund_engine::{Journal, JournalError, ManualClock, Phase, Record, Recorded, Reservation, Role, State};
use refund_journal::SqliteJournal;
use std::{collections::BTreeMap, time::Duration};

const CAPTURED: i64 = 100;
const ORDERS: [&str; 2] = ["1001", "1002"];

#[derive(Clone, Debug)]
enum Act {
    Plan { order: usize, kopecks: i64 },
    Record { refund: usize, choice: usize },
    Tick { seconds: u64 },
    Reboot,
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => (0..ORDERS.len(), 1..=CAPTURED).prop_map(|(order, kopecks)| Act::Plan { order, kopecks }),
        12 => (any::<usize>(), any::<usize>()).prop_map(|(refund, choice)| Act::Record { refund, choice }),
        2 => (1_u64..100).prop_map(|seconds| Act::Tick { seconds }),
        1 => Just(Act::Reboot),
        1 => Just(Act::Reopen),
    ]
}

/// Every record that could come next, plausible in its details; those that cannot follow are sorted out by the caller.
fn candidates(state: &State, now: Moment) -> Vec<Record> {
    let due = now.after(Duration::from_secs(30));
    let amount = state.amount.expect("planned with an amount");
    let untouched = state.lineage > 0 && state.attempt == 0;
    let lineage = if untouched { state.lineage } else { state.lineage + 1 };
    let doubt = |why, refusal, salvaged| Record::Doubted { why, refusal, salvaged, due };
    vec![
        Record::Approved,
        Record::Reserved { lineage, amount, baseline: shown(CAPTURED) },
        Record::Armed { lineage: state.lineage, attempt: state.attempt + 1, fire_by: due },
        Record::Postponed { why: Postponement::LookupFailed, due },
        Record::MayResend { on: ResendGround::SelfFencing },
        Record::NotSent { why: NotSentReason::Tls, due },
        Record::Accepted { due },
        Record::Settled { by: Proof::Reply },
        Record::Settled { by: Proof::Status },
        Record::Settled { by: Proof::Evidence },
        Record::Declined,
        doubt(DoubtKind::Status(502), Refusal::None, true),
        doubt(DoubtKind::AmbiguousRefusal, Refusal::Unconfirmed, false),
        Record::WindowRestarted { from: now, due },
        Record::Looked { verdict: SeenVerdict::NotSeen, at: now, due },
        Record::ProvenNot,
        Record::Polled { answer: PollAnswer::Processing, due },
        Record::Canceled,
        Record::Held { why: HoldReason::Contradiction },
        Record::Decided { decision: Decision::Happened },
        Record::Decided { decision: Decision::DidNotHappen },
        Record::Decided { decision: Decision::SendAgain },
        Record::TakenByHand,
        Record::Withdrawn { why: WithdrawReason::Rules },
        Record::Receipt(ReceiptTrack::Pending),
    ]
}

/// The journal beside a plain list of what it took.
struct Model {
    bench: Bench,
    journal: Option<SqliteJournal>,
    clock: ManualClock,
    refunds: Vec<(IntentId, &'static str)>,
    records: BTreeMap<IntentId, Vec<Record>>,
}

impl Model {
    fn new() -> Self {
        let bench = Bench::new();
        let (journal, clock) = (Some(bench.open()), bench.clock.clone());
        Self { bench, journal, clock, refunds: Vec::new(), records: BTreeMap::new() }
    }

    fn journal(&self) -> &SqliteJournal {
        self.journal.as_ref().expect("open between acts")
    }

    fn state(&self, intent: IntentId) -> State {
        State::fold(self.records[&intent].iter().copied()).expect("only legal records were taken")
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Plan { order, kopecks } => self.plan(ORDERS[order], kopecks).await,
            Act::Record { refund, choice } if !self.refunds.is_empty() => {
                let (intent, name) = self.refunds[refund % self.refunds.len()];
                self.record(intent, name, choice).await;
            }
            Act::Record { .. } => {}
            Act::Tick { seconds } => self.clock.advance(Duration::from_secs(seconds)),
            Act::Reboot => self.clock.reboot(),
            Act::Reopen => {
                self.journal = None;
                self.journal = Some(self.bench.open());
                self.compare().await;
            }
        }
    }

    async fn plan(&mut self, name: &'static str, kopecks: i64) {
        let plan = plan_of(name, &format!("k-{}", self.refunds.len()), kopecks);
        self.journal().plan(std::slice::from_ref(&plan)).await.expect("planned");
        self.refunds.push((plan.intent, name));
        self.records.insert(plan.intent, vec![Record::Planned { amount: Some(kopecks) }]);
    }

    async fn record(&mut self, intent: IntentId, name: &str, choice: usize) {
        let state = self.state(intent);
        let mut legal = candidates(&state, self.clock.now());
        legal.retain(|record| state.apply(*record).is_ok());
        let record = legal[choice % legal.len()];
        let at = self.journal().claim(intent, TERM).await.expect("always given back").at;
        assert_eq!(at.seq, state.seq);
        let taken = match record {
            Record::Reserved { .. } => self.reserve(at, name, record).await,
            Record::Armed { lineage, attempt, fire_by } => {
                let digest = prepared(intent).digest();
                self.arm(name, ArmRecord { at, lineage, attempt, digest, fire_by }).await
            }
            _ => {
                let recorded = Recorded::bare(record, self.clock.wall());
                assert_eq!(self.journal().append(at, &recorded).await, Ok(state.seq + 1), "{record:?}");
                true
            }
        };
        if taken {
            self.records.get_mut(&intent).expect("planned").push(record);
        }
        self.journal().release(at).await.expect("given back");
    }

    async fn reserve(&self, at: At, name: &str, record: Record) -> bool {
        let recorded = Recorded::bare(record, self.clock.wall())
            .with(Role::Prepared, prepared(at.intent).payload().clone());
        let answer = self.journal().reserve(&Reservation { at, recorded }).await;
        let siblings = self.siblings(at.intent, name);
        let Record::Reserved { amount, .. } = record else { unreachable!("chosen by the caller") };
        let left = CAPTURED - siblings.iter().map(State::claims).sum::<i64>();
        if siblings.iter().any(State::holds_payment) {
            assert!(matches!(answer, Err(JournalError::PaymentBusy { .. })), "{answer:?}");
        } else if amount > left {
            assert_eq!(answer, Err(JournalError::Budget { left }));
        } else {
            assert_eq!(answer, Ok(at.seq + 1));
        }
        answer.is_ok()
    }

    async fn arm(&self, name: &str, record: ArmRecord) -> bool {
        let answer = self.journal().arm(&record).await;
        let state = self.state(record.at.intent);
        let doubtful = |sibling: &State| sibling.holds_payment() && sibling.phase != Phase::Reserved;
        let siblings = self.siblings(record.at.intent, name);
        let expected = state.maybe_sent > 0 || !siblings.iter().any(doubtful);
        assert_eq!(answer.is_ok(), expected, "{answer:?}");
        answer.is_ok()
    }

    fn siblings(&self, intent: IntentId, name: &str) -> Vec<State> {
        let others = self.refunds.iter().filter(|(other, of)| *other != intent && *of == name);
        others.map(|(other, _)| self.state(*other)).collect()
    }

    /// The journal tells what the list tells, and nobody's money is exceeded.
    async fn compare(&self) {
        let mut records = 0;
        for (intent, _) in &self.refunds {
            let history = self.journal().history(*intent).await.expect("readable");
            let told: Vec<Record> = history.iter().map(|recorded| recorded.record).collect();
            assert_eq!(told, self.records[intent]);
            let listed = self.journal().find(*intent).await.expect("readable").expect("there");
            assert_eq!(listed.state, self.state(*intent));
            records += told.len() as u64;
        }
        for name in ORDERS {
            let states = self.siblings(IntentId(0), name);
            let of = |settled: bool| -> i64 {
                let chosen = states.iter().filter(|state| (state.phase == Phase::Settled) == settled);
                chosen.map(State::claims).sum()
            };
            let totals = self.journal().totals(&order(name), Currency::RUB, None).await.expect("readable");
            assert_eq!((totals.done.minor(), totals.open.minor()), (of(true), of(false)));
            assert!(of(true) + of(false) <= CAPTURED, "{states:?}");
        }
        assert_eq!(self.journal().verify().await.expect("in order").records, records);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_fold_the_same_after_reopening(acts in proptest::collection::vec(act(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let mut model = Model::new();
            for act in acts {
                model.act(act).await;
            }
            model.act(Act::Reopen).await;
        });
    }
}
