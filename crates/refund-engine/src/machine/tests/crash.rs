//! A refund found "sending": the process that armed it is gone, or still there and late.

use super::{
    BLIND, READABLE, VERIFIED, at, doubt_and_resend, doubted, elsewhere, fenced, kept, may_resend, play,
    policy, resend, sending,
};
use crate::machine::{
    Command, DoubtKind, Event, HoldReason, Policy, ProbedKind, Record, Refusal, ResendGround, Stop,
};
use refund_core::Tier;

/// Something can be done about it from this second on.
fn crash(due: u64) -> Record {
    doubted(DoubtKind::Crash, due)
}

#[test]
fn it_may_have_been_sent_and_is_never_simply_fired() {
    // Readable: the window counts from the permit's deadline.
    let mut rows = kept(at(60), Event::Go, crash(905), Command::Wait(at(905)));
    rows.push((at(905), Event::Go, Command::Probe));
    play(policy(READABLE), sending(READABLE), &rows);
    // Blind: a person.
    let hold = Command::Keep(Record::Held { why: HoldReason::NoEvidence });
    let mut rows = kept(at(60), Event::Go, crash(60), hold);
    rows.push((at(60), Event::KeepDone, Command::Stop(Stop::Held { from: Some(at(905)) })));
    play(policy(BLIND), sending(BLIND), &rows);
}

/// What is sent again, and why it may be.
fn resent() -> [(Policy, Tier, ResendGround); 2] {
    [(policy(VERIFIED), VERIFIED, ResendGround::KeyReplay), (fenced(BLIND), BLIND, ResendGround::SelfFencing)]
}

/// Whoever armed it may have been paused and may still hold a live permit: what takes over sends only after it died.
#[test]
fn a_resend_waits_until_the_other_ones_permit_is_dead() {
    for (policy, tier, on) in resent() {
        let mut rows = kept(at(1), Event::Go, crash(5), Command::Wait(at(5)));
        rows.push((at(4), Event::Go, Command::Wait(at(5))));
        rows.extend(kept(at(5), Event::Go, may_resend(on), Command::Open));
        rows.extend(resend(2, 5));
        play(policy, sending(tier), &rows);
        // Found later: at once.
        let rows = doubt_and_resend(60, crash(60), on);
        play(policy, sending(tier), &rows);
    }
}

/// On another boot or machine the deadline says nothing: five seconds from now it is over whatever it was.
#[test]
fn a_permit_of_another_boot_is_given_its_whole_life() {
    let crash = Record::Doubted {
        why: DoubtKind::Crash,
        refusal: Refusal::None,
        salvaged: false,
        due: elsewhere(100),
    };
    let restarted = |due| Record::WindowRestarted { from: elsewhere(105), due: elsewhere(due) };
    for (policy, tier, on) in resent() {
        let rows = [
            (elsewhere(100), Event::Go, Command::Keep(crash)),
            (elsewhere(100), Event::KeepDone, Command::Keep(restarted(105))),
            (elsewhere(100), Event::KeepDone, Command::Wait(elsewhere(105))),
            (elsewhere(105), Event::Go, Command::Keep(may_resend(on))),
            (elsewhere(105), Event::KeepDone, Command::Open),
        ];
        play(policy, sending(tier), &rows);
    }
    let rows = [
        (elsewhere(100), Event::Go, Command::Keep(crash)),
        (elsewhere(100), Event::KeepDone, Command::Keep(restarted(1_005))),
        (elsewhere(100), Event::KeepDone, Command::Wait(elsewhere(1_005))),
        (elsewhere(1_005), Event::Go, Command::Probe),
        (elsewhere(1_005), Event::Probed(ProbedKind::CannotTell), {
            Command::Keep(Record::Held { why: HoldReason::Contradiction })
        }),
    ];
    play(policy(READABLE), sending(READABLE), &rows);
}

#[test]
fn recovery_that_crashes_begins_again_and_comes_to_the_same() {
    let once = play(
        policy(READABLE),
        sending(READABLE),
        &kept(at(60), Event::Go, crash(905), Command::Wait(at(905))),
    );
    let again = play(policy(READABLE), once.state, &[(at(61), Event::Go, Command::Wait(at(905)))]);
    assert_eq!(again.state, once.state, "recover(recover(x)) = recover(x)");
}
