//! Every place where machine and text differ or the text can be read in two ways, shown by its shortest life.
//!
//! What stands here is what `exceptions` tolerates and what the plain rules were told to read. A test that fails because
//! the machine has been mended asks for its exception to be taken out.

use super::{
    bridge,
    exceptions::{AMBIGUITIES, LAX},
    life::Life,
    rules::Model,
};
use refund_core::{Actors, BootId, DoubtReason, KeyTrust, Moment, SelfFencing, Tier};
use refund_engine::machine::{
    Baseline, BaselineRole, Command, Event, HoldReason, Machine, Policy, ProbedKind, Record, Refusal,
    ResendGround, State, StatusKind, step,
};
use std::time::Duration;

const POLL: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(15)];
const ARMED: Moment = Moment::new(BootId(1), 5_000);
const NOW: Moment = Moment::new(BootId(1), 10_000_000);
const LATER: Moment = Moment::new(BootId(1), 20_000_000);

const SHOWN: Baseline = Baseline { captured: 200, refunded: Some(0), used: 0, role: BaselineRole::Evidence };

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
    Record::Doubted { why: DoubtReason::Timeout, refusal, salvaged: false, due: ARMED }
}

const MAY: Record = Record::MayResend { on: ResendGround::KeyReplay };

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
    let twice = [armed(SHOWN), vec![doubted(Refusal::None), MAY, arm(1, 2)]].concat();
    vec![(0, [twice, vec![Record::Accepted { due: LATER }]].concat(), Record::Canceled)]
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

/// Text: "a cancellation of a resend speaks for the first send", no tier named; and "the gateway takes a key and replays
/// its first answer". Machine: with a verified key all copies are one refund, so it ends cancelled; else it is held.
#[test]
fn a_cancelled_resend_under_a_verified_key_is_the_end() {
    let resent = || {
        [armed(SHOWN), vec![doubted(Refusal::None), MAY, arm(1, 2), Record::Accepted { due: ARMED }]].concat()
    };
    let asked = [Event::Go, Event::Status(StatusKind::Canceled)];
    let keyed = Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::OnlyUs };
    let said = says(keyed, SelfFencing::Off, resent(), &asked);
    assert_eq!(said, Command::Keep(Record::Canceled), "take out: {}", AMBIGUITIES[0].name);
    let held = Command::Keep(Record::Held { why: HoldReason::RefusedOnResend });
    assert_eq!(says(Tier::Blind, SelfFencing::On, resent(), &asked), held);
}

/// Text: "anything else → a person" where only we refund; self-fencing "where evidence cannot decide". Machine: with
/// self-fencing on, evidence that fits nothing is answered by a resend here too, not by a person.
#[test]
fn a_fence_goes_before_a_person_where_only_we_refund() {
    let unknown = [armed(SHOWN), vec![doubted(Refusal::None)]].concat();
    let seen = [Event::Go, Event::Probed(ProbedKind::CannotTell)];
    let alone = Tier::Readable(Actors::OnlyUs);
    assert_eq!(
        says(alone, SelfFencing::On, unknown.clone(), &seen),
        Command::Keep(Record::MayResend { on: ResendGround::SelfFencing })
    );
    let person = Command::Keep(Record::Held { why: HoldReason::Contradiction });
    assert_eq!(says(alone, SelfFencing::Off, unknown, &seen), person);
}
