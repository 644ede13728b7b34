//! Every place where machine and text differ or the text can be read in two ways, shown by its shortest life.
//!
//! What stands here is what `exceptions` tolerates and what the plain rules were told to read. A test that fails because
//! the machine has been mended asks for its exception to be taken out.

use super::{
    bridge,
    exceptions::{AMBIGUITIES, KNOWN_DEFECT, LAX},
    life::Life,
    rules::Model,
};
use refund_core::{Actors, BootId, DoubtReason, KeyTrust, Moment, NotSentReason, SelfFencing, Tier};
use refund_engine::machine::{
    Baseline, BaselineRole, Command, Decision, Event, FiredKind, HoldReason, Machine, Policy, ProbedKind,
    Record, Refusal, State, StatusKind, Stop, WithdrawReason, step,
};
use std::time::Duration;

const POLL: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(15)];
const ARMED: Moment = Moment::new(BootId(1), 5_000);
const NOW: Moment = Moment::new(BootId(1), 10_000_000);
const LATER: Moment = Moment::new(BootId(1), 20_000_000);

const SHOWN: Baseline = Baseline { captured: 200, refunded: Some(0), used: 0, role: BaselineRole::Evidence };
const NOT_SHOWN: Baseline = Baseline { captured: 200, refunded: None, used: 0, role: BaselineRole::Unused };

/// Planned, approved, reserved and armed once.
fn armed(baseline: Baseline) -> Vec<Record> {
    let mut records = vec![Record::Planned { amount: Some(150) }, Record::Approved, reserved(1, baseline)];
    records.push(arm(1, 1));
    records
}

fn reserved(lineage: u32, baseline: Baseline) -> Record {
    Record::Reserved { lineage, amount: 150, baseline }
}

fn arm(lineage: u32, attempt: u16) -> Record {
    Record::Armed { lineage, attempt, fire_by: ARMED }
}

fn doubted(refusal: Refusal) -> Record {
    Record::Doubted { why: DoubtReason::Timeout, refusal, salvaged: false }
}

const SEND_AGAIN: Record = Record::Decided { decision: Decision::SendAgain };

fn policy(tier: Tier, self_fencing: SelfFencing) -> Policy {
    Policy {
        tier,
        self_fencing,
        poll: &POLL,
        settle: Duration::from_secs(900),
        confirm_gap: Duration::from_secs(60),
        attempts_max: 5,
        fire_within: Duration::from_secs(5),
    }
}

/// What the machine says after these records and events, long after everything was sent.
fn says(tier: Tier, fencing: SelfFencing, records: Vec<Record>, events: &[Event]) -> Command {
    let state = State::fold(records).expect("a life that can be read");
    let mut machine = Machine::new(state, policy(tier, fencing));
    let mut said = Command::Wait(NOW);
    for event in events {
        if let Command::Reserve(record) | Command::Arm(record) | Command::Keep(record) = said {
            assert!(machine.state.apply(record).is_ok(), "{record:?} is refused");
        }
        (machine, said) = step(machine, *event, NOW).expect("an event that answers");
    }
    said
}

/// The exception's name, the life and the record the fold takes against the rules.
fn lax_lives() -> Vec<(usize, Vec<Record>, Record)> {
    let held = Record::Held { why: HoldReason::NoEvidence };
    let on_word = [armed(NOT_SHOWN), vec![doubted(Refusal::None), held, SEND_AGAIN]].concat();
    let twice = [armed(SHOWN), vec![doubted(Refusal::None), arm(1, 2)]].concat();
    let accepted = Record::Accepted { due: LATER };
    let by_hand = vec![
        Record::Planned { amount: Some(150) },
        Record::Approved,
        reserved(1, SHOWN),
        Record::NotSent { why: NotSentReason::Refused, due: LATER },
        Record::TakenByHand,
        SEND_AGAIN,
    ];
    vec![
        (0, [on_word, vec![reserved(2, NOT_SHOWN), arm(2, 1)]].concat(), Record::Declined),
        (1, [twice.clone(), vec![doubted(Refusal::Unconfirmed)]].concat(), Record::Declined),
        (2, [twice, vec![accepted]].concat(), Record::Canceled),
        (3, [armed(SHOWN), vec![accepted, Record::Held { why: HoldReason::Mismatch }]].concat(), SEND_AGAIN),
        (4, by_hand, arm(1, 1)),
    ]
}

#[test]
fn the_fold_takes_more_than_the_text_allows() {
    let lives = lax_lives();
    assert_eq!(lives.len(), LAX.len());
    for (number, records, record) in lives {
        let lax = &LAX[number];
        let mut life = Life::unborn();
        for earlier in &records {
            life = Model::WHOLE.after(&life, &bridge::fact(*earlier)).expect("a life by the rules");
        }
        let fact = bridge::fact(record);
        assert_eq!(Model::WHOLE.after(&life, &fact), Err(lax.clause), "{}", lax.name);
        assert!((lax.fits)(&life, &fact), "{}", lax.name);
        let state = State::fold(records).expect("a life that can be read");
        assert!(state.apply(record).is_ok(), "mended, take out the exception: {}", lax.name);
    }
}

/// Text: "`withdrawn`: taken back before anything was sent", and after a person's word "a refusal of a later one is what
/// the gateway says to a second copy". Machine: reserved it is held, but approved it is withdrawn by itself.
#[test]
fn a_refund_to_be_sent_again_on_a_word_is_withdrawn_by_itself_while_approved() {
    let held = |why: HoldReason| Record::Held { why };
    let on_word =
        [armed(NOT_SHOWN), vec![doubted(Refusal::None), held(HoldReason::NoEvidence), SEND_AGAIN]].concat();
    // The next lineage is acknowledged, which lets others in, then cancelled, and is to be sent once more.
    let taken = [reserved(2, NOT_SHOWN), arm(2, 1), Record::Accepted { due: LATER }];
    let cancelled = [held(HoldReason::RefusedOnResend), SEND_AGAIN];
    let let_others_in = [on_word.clone(), taken.to_vec(), cancelled.to_vec()].concat();

    let refused_by_a_rule = [Event::Go, Event::LookedUp(NOT_SHOWN), Event::Broken];
    let withdrawn = |why| Command::Keep(Record::Withdrawn { why });
    let said = says(Tier::Blind, SelfFencing::Off, let_others_in.clone(), &refused_by_a_rule);
    assert_eq!(said, withdrawn(WithdrawReason::Rules), "mended, take out: {}", KNOWN_DEFECT.name);
    let over_budget =
        [Event::Go, Event::LookedUp(NOT_SHOWN), Event::Checked { amount: 150 }, Event::OverBudget];
    let said = says(Tier::Blind, SelfFencing::Off, let_others_in, &over_budget);
    assert_eq!(said, withdrawn(WithdrawReason::Budget), "mended, take out: {}", KNOWN_DEFECT.name);

    let said = says(Tier::Blind, SelfFencing::Off, on_word, &refused_by_a_rule);
    assert_eq!(said, Command::Keep(held(HoldReason::Contradiction)));
}

/// Text: a reservation "keeps [its lineage] if nothing of it was ever sent", and "a new lineage begins only after a
/// verdict or when a person says so". Machine: an attempt that was armed and proven unsent ends the lineage too.
/// Harmless, nothing left; the rules follow the machine.
#[test]
fn an_armed_attempt_that_never_left_ends_its_lineage() {
    let unsent = Record::NotSent { why: NotSentReason::NeverHanded, due: LATER };
    let state = State::fold([armed(SHOWN), vec![unsent]].concat()).expect("a life that can be read");
    assert!(state.apply(reserved(2, SHOWN)).is_ok());
    assert!(state.apply(reserved(1, SHOWN)).is_err());
}

/// Text: "a cancellation of a resend speaks for the first send", no tier named; and "the gateway takes a key and replays
/// its first answer". Machine: with a verified key all copies are one refund, so it ends cancelled; else it is held.
#[test]
fn a_cancelled_resend_under_a_verified_key_is_the_end() {
    let resent =
        || [armed(SHOWN), vec![doubted(Refusal::None), arm(1, 2), Record::Accepted { due: ARMED }]].concat();
    let asked = [Event::Go, Event::Status(StatusKind::Canceled)];
    let keyed = Tier::Keyed(KeyTrust::Verified);
    let said = says(keyed, SelfFencing::Off, resent(), &asked);
    assert_eq!(said, Command::Keep(Record::Canceled), "take out: {}", AMBIGUITIES[0].name);
    let held = Command::Keep(Record::Held { why: HoldReason::RefusedOnResend });
    assert_eq!(says(Tier::Blind, SelfFencing::On, resent(), &asked), held);
}

/// Text: a documented key "behaves as readable", and readable is "only us" or "shared", with shared the default.
/// Machine: as "only us", the bolder of the two; a descriptor has no way to say otherwise.
#[test]
fn a_documented_key_is_read_as_if_nobody_else_refunds() {
    let unknown = [armed(SHOWN), vec![doubted(Refusal::None)]].concat();
    let said = says(
        Tier::Keyed(KeyTrust::Documented),
        SelfFencing::Off,
        unknown,
        &[Event::Go, Event::Probed(ProbedKind::Happened)],
    );
    assert!(matches!(said, Command::Keep(Record::Settled { .. })), "{said:?}");
}

/// Text: "anything else → a person" where only we refund; self-fencing "where evidence cannot decide". Machine: with
/// self-fencing on, evidence that fits nothing is answered by a resend here too, not by a person. What was seen gets no
/// record of its own.
#[test]
fn a_fence_goes_before_a_person_where_only_we_refund() {
    let unknown = [armed(SHOWN), vec![doubted(Refusal::None)]].concat();
    let seen = [Event::Go, Event::Probed(ProbedKind::CannotTell)];
    let alone = Tier::Readable(Actors::OnlyUs);
    assert_eq!(says(alone, SelfFencing::On, unknown.clone(), &seen), Command::Open);
    let person = Command::Keep(Record::Held { why: HoldReason::Contradiction });
    assert_eq!(says(alone, SelfFencing::Off, unknown, &seen), person);
}

/// Text: a verdict is read "against the baseline", what the gateway showed as refunded before. Machine: takes the look's
/// word for it also when the gateway showed no sum then; that the provider says "cannot tell" is the provider's duty.
#[test]
fn a_baseline_without_a_sum_is_evidence_all_the_same() {
    let blank = Baseline { refunded: None, ..SHOWN };
    let unknown = [armed(blank), vec![doubted(Refusal::None)]].concat();
    let alone = Tier::Readable(Actors::OnlyUs);
    let said = says(alone, SelfFencing::Off, unknown, &[Event::Go, Event::Probed(ProbedKind::Happened)]);
    assert!(matches!(said, Command::Keep(Record::Settled { .. })), "{said:?}");
}

/// Text: "the gateway could not be reached; nothing was sent". Machine: says so of a run whose resend did not connect,
/// although the refund is unknown and an earlier send may have had its effect. Who tells it must look at the phase.
#[test]
fn a_resend_that_does_not_connect_ends_as_not_reached() {
    let unknown = [armed(SHOWN), vec![doubted(Refusal::None)]].concat();
    let keyed = Tier::Keyed(KeyTrust::Verified);
    let unreachable = [Event::Go, Event::NotSent(NotSentReason::Refused), Event::KeepDone];
    let state = State::fold(unknown.clone()).expect("a life that can be read");
    let mut machine = Machine::new(state, policy(keyed, SelfFencing::Off));
    let mut said = Command::Wait(NOW);
    for event in unreachable {
        if let (Event::KeepDone, Command::Keep(record)) = (event, said) {
            assert!(matches!(record, Record::NotSent { .. }));
        }
        (machine, said) = step(machine, event, NOW).expect("an event that answers");
    }
    assert_eq!(said, Command::Stop(Stop::NotReached));
    assert_eq!(machine.state.phase.as_str(), "unknown");
}

/// Text: "once more when the first send is armed" another refund's hold is looked for (ADR 12). Machine: that news is no
/// answer to `Arm`; a journal that refuses there ends the run. The reading: the check is the journal's alone.
#[test]
fn a_payment_found_busy_while_arming_is_no_event_of_the_machine() {
    let planned = vec![Record::Planned { amount: Some(150) }, Record::Approved];
    let state = State::fold(planned).expect("a life that can be read");
    let mut machine = Machine::new(state, policy(Tier::Blind, SelfFencing::Off));
    let ready = [
        Event::Go,
        Event::LookedUp(NOT_SHOWN),
        Event::Checked { amount: 150 },
        Event::ReserveDone,
        Event::OpenDone,
    ];
    for event in ready {
        (machine, _) = step(machine, event, NOW).expect("an event that answers");
    }
    assert!(step(machine, Event::PaymentBusy, NOW).is_err());
    assert!(step(machine, Event::ArmDone, NOW).is_ok());
    assert!(step(machine, Event::Fired(FiredKind::Accepted), NOW).is_err());
}

/// Text: "moments of two boots are never compared", and a wait names a moment "before" which there is nothing to do.
/// Machine: asked out of turn after a boot, it goes back to waiting for the schedule's moment, which is of the boot before;
/// the driver takes such a wait for over. The rules let a wait end there too.
#[test]
fn after_a_boot_a_nudge_goes_back_to_a_wait_that_cannot_be_compared() {
    let accepted = [armed(NOT_SHOWN), vec![Record::Accepted { due: LATER }]].concat();
    let state = State::fold(accepted).expect("a life that can be read");
    let machine = Machine::new(state, policy(Tier::Blind, SelfFencing::Off));
    let booted = Moment::new(BootId(2), 100);
    let (machine, said) = step(machine, Event::Nudge, booted).expect("an event that answers");
    assert_eq!(said, Command::AskStatus);
    let nothing_new = Event::Status(StatusKind::Unrecognised);
    let (_, said) = step(machine, nothing_new, booted).expect("an event that answers");
    assert_eq!(said, Command::Wait(LATER));
}
