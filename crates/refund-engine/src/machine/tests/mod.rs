//! The machine as tables: what may follow what, and what every tier does, step by step.
//!
//! Expected values are written by hand from the picture of a refund's life, never taken from the code.

mod copies;
mod crash;
mod doubt;
mod fields;
mod people;
mod poll;
mod send;
mod table;
mod taken;
mod waits;
mod word;

use super::{Baseline, BaselineRole, DoubtKind};
use super::{Command, Event, FiredKind, Machine, Policy, Record, Refusal, ResendGround, State, Stop, step};
use refund_core::{Actors, BootId, KeyTrust, Moment, SelfFencing, Tier};
use std::time::Duration;

const HERE: BootId = BootId(1);

/// So many seconds after the story begins.
fn at(seconds: u64) -> Moment {
    Moment::new(HERE, 1_000_000 + seconds * 1_000)
}

/// The same on another boot of the machine, or on another machine.
fn elsewhere(seconds: u64) -> Moment {
    Moment { boot: BootId(2), ..at(seconds) }
}

const BLIND: Tier = Tier::Blind;
const READABLE: Tier = Tier::Readable(Actors::OnlyUs);
const SHARED: Tier = Tier::Readable(Actors::Shared);
const DOCUMENTED: Tier = Tier::Keyed { trust: KeyTrust::Documented, actors: Actors::OnlyUs };
const VERIFIED: Tier = Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::OnlyUs };

/// A permit lives 5 seconds, the window 900, agreeing looks are 60 apart, the status is asked after 10, 20 and 30.
fn policy(tier: Tier) -> Policy {
    Policy {
        tier,
        self_fencing: SelfFencing::Off,
        poll: const { &[Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(30)] },
        settle: Duration::from_secs(900),
        confirm_gap: Duration::from_secs(60),
        attempts_max: 5,
        fire_within: Duration::from_secs(5),
    }
}

fn fenced(tier: Tier) -> Policy {
    Policy { self_fencing: SelfFencing::On, ..policy(tier) }
}

/// 600 of 1000, nothing refunded before: 600 twice does not fit, so the gateway's balance is a fence.
const AMOUNT: i64 = 600;

fn baseline(tier: Tier) -> Baseline {
    match tier {
        Tier::Blind => Baseline { captured: 1_000, refunded: None, used: 0, role: BaselineRole::Unused },
        _ => Baseline { captured: 1_000, refunded: Some(0), used: 0, role: BaselineRole::Evidence },
    }
}

fn planned() -> Record {
    Record::Planned { amount: Some(AMOUNT) }
}

fn reserved(lineage: u32, tier: Tier) -> Record {
    Record::Reserved { lineage, amount: AMOUNT, baseline: baseline(tier) }
}

fn armed(lineage: u32, attempt: u16, seconds: u64) -> Record {
    Record::Armed { lineage, attempt, fire_by: at(seconds + 5) }
}

/// Something can be done about it from this second on.
fn doubted(why: DoubtKind, due: u64) -> Record {
    Record::Doubted { why, refusal: Refusal::None, salvaged: false, due: at(due) }
}

fn may_resend(on: ResendGround) -> Record {
    Record::MayResend { on }
}

const TIMEOUT: Event = Event::Fired(FiredKind::Unknown { why: DoubtKind::Timeout, salvaged: false });

fn fold(records: &[Record]) -> State {
    State::fold(records.iter().copied()).expect("a legal history")
}

/// Approved and nothing more.
fn approved() -> State {
    fold(&[planned(), Record::Approved])
}

/// Armed at second 0, permit until second 5.
fn sending(tier: Tier) -> State {
    fold(&[planned(), Record::Approved, reserved(1, tier), armed(1, 1, 0)])
}

/// Sent at second 0, and no answer: the window ends at second 905.
fn unknown(tier: Tier) -> State {
    sending(tier).apply(doubted(DoubtKind::Timeout, due(tier))).expect("follows")
}

/// Sent at second 0 through a gateway that shows nothing; a person decides from second 905 on.
fn held_unknown() -> State {
    let held = Record::Held { why: super::HoldReason::NoEvidence };
    unknown(BLIND).apply(held).expect("follows")
}

/// When something can be done about what was sent at second 0: what is read is read after its window, anything else is
/// done at once.
fn due(tier: Tier) -> u64 {
    if [BLIND, VERIFIED].contains(&tier) { 0 } else { 905 }
}

/// Taken by the gateway at second 0; to be asked for at second 10.
fn accepted(tier: Tier) -> State {
    sending(tier).apply(Record::Accepted { due: at(10) }).expect("follows")
}

/// One row of a script: when, what is reported, what must be commanded.
type Row = (Moment, Event, Command);

/// Plays a script from a state and answers the machine at its end.
fn play(policy: Policy, state: State, rows: &[Row]) -> Machine {
    let mut machine = Machine::new(state, policy);
    for (number, (now, event, expected)) in rows.iter().enumerate() {
        let stepped = step(machine, *event, *now);
        let Ok((next, command)) = stepped else {
            panic!("row {number}, {event:?}: {stepped:?}, expected {expected:?}");
        };
        assert_eq!(command, *expected, "row {number}, {event:?} at {machine:?}");
        machine = next;
    }
    machine
}

/// From "approved" to the moment the request is fired, all at second 0.
fn fire(tier: Tier) -> Vec<Row> {
    attempt(tier, 1, 0)
}

/// A lineage's first attempt, from the lookup on.
fn attempt(tier: Tier, lineage: u32, seconds: u64) -> Vec<Row> {
    let now = at(seconds);
    let reservation = reserved(lineage, tier);
    vec![
        (now, Event::Go, Command::Lookup),
        (now, Event::LookedUp(baseline(tier)), Command::Check { lineage }),
        (now, Event::Checked { amount: AMOUNT }, Command::Reserve(reservation)),
        (now, Event::ReserveDone, Command::Open),
        (now, Event::OpenDone, Command::Arm(armed(lineage, 1, seconds))),
        (now, Event::ArmDone, Command::Fire),
    ]
}

/// A resend, from the connection that stands to the request that is fired.
fn resend(attempt: u16, seconds: u64) -> Vec<Row> {
    vec![
        (at(seconds), Event::OpenDone, Command::Arm(armed(1, attempt, seconds))),
        (at(seconds), Event::ArmDone, Command::Fire),
    ]
}

/// A doubt at this second that is followed by a resend: its reason is written first.
fn doubt_and_resend(now: u64, doubt: Record, on: ResendGround) -> Vec<Row> {
    let event = match doubt {
        Record::Doubted { why: DoubtKind::Crash, .. } => Event::Go,
        _ => TIMEOUT,
    };
    let mut rows = kept(at(now), event, doubt, Command::Keep(may_resend(on)));
    rows.push((at(now), Event::KeepDone, Command::Open));
    rows
}

/// A record is asked for and becomes durable; what follows is the last column.
fn kept(now: Moment, event: Event, record: Record, then: Command) -> Vec<Row> {
    vec![(now, event, Command::Keep(record)), (now, Event::KeepDone, then)]
}

const FINAL: Command = Command::Stop(Stop::Final);

#[test]
fn a_machine_is_small_and_copied_not_cloned() {
    fn copied<T: Copy>() -> usize {
        size_of::<T>()
    }
    // A simulator keeps millions: fixed size, no heap. Raise the limits only on purpose.
    assert!(copied::<State>() <= 336, "{}", copied::<State>());
    assert!(copied::<Machine>() <= 544, "{}", copied::<Machine>());
    assert!(copied::<Event>() <= 64 && copied::<Command>() <= 128);
}
