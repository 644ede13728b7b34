//! After "nobody can tell", by tier: what is read, what is sent again, what a person must decide.

use super::{
    AMOUNT, BLIND, DOCUMENTED, FINAL, READABLE, Row, SHARED, TIMEOUT, VERIFIED, approved, at, attempt,
    baseline, doubt_and_resend, doubted, elsewhere, fenced, fire, kept, may_resend, play, policy, resend,
    sending, unknown,
};
use crate::machine::{
    Baseline, BaselineRole, Command, DoubtKind, Event, FiredKind, HoldReason, Phase, ProbedKind, Proof,
    Record, Refusal, ResendGround, SeenVerdict, State, Stop,
};
use refund_core::NotSentReason;

const LOOK: Command = Command::Probe;

fn held(why: HoldReason) -> Record {
    Record::Held { why }
}

fn held_from(seconds: u64) -> Command {
    Command::Stop(Stop::Held { from: Some(at(seconds)) })
}

fn looked(verdict: SeenVerdict, now: u64, due: u64) -> Record {
    Record::Looked { verdict, at: at(now), due: at(due) }
}

fn refused(refusal: Refusal, due: u64) -> Record {
    Record::Doubted { why: DoubtKind::AmbiguousRefusal, refusal, salvaged: false, due: at(due) }
}

/// A refusal with a code that also means "system error", at second 0.
fn to_confirm(state: State, due: u64) -> State {
    state.apply(refused(Refusal::Unconfirmed, due)).expect("follows")
}

/// Waits for the window, then looks.
fn first_look() -> Vec<Row> {
    vec![
        (at(1), Event::Go, Command::Wait(at(905))),
        (at(904), Event::Go, Command::Wait(at(905))),
        (at(905), Event::Go, LOOK),
    ]
}

/// Two looks that agree that nothing is there, 60 seconds apart.
fn two_looks(verdict: Record, then: Command) -> Vec<Row> {
    let mut rows = first_look();
    let seen = Event::Probed(ProbedKind::NotSeen);
    rows.extend(kept(at(905), seen, looked(SeenVerdict::NotSeen, 905, 965), Command::Wait(at(965))));
    rows.push((at(964), Event::Go, Command::Wait(at(965))));
    rows.push((at(965), Event::Go, LOOK));
    rows.extend(kept(at(965), seen, verdict, then));
    rows
}

#[test]
fn readable_waits_for_the_window_and_takes_a_change_by_our_amount_for_ours() {
    let mut rows = first_look();
    let settled = Record::Settled { by: Proof::Evidence };
    rows.extend(kept(at(905), Event::Probed(ProbedKind::Happened), settled, FINAL));
    for tier in [READABLE, DOCUMENTED] {
        play(policy(tier), unknown(tier), &rows);
    }
}

#[test]
fn readable_sends_anew_as_a_new_lineage_once_two_looks_saw_nothing() {
    for tier in [READABLE, SHARED, DOCUMENTED] {
        let mut rows = two_looks(Record::ProvenNot, Command::Lookup);
        rows.extend(attempt(tier, 2, 965).into_iter().skip(1));
        let machine = play(policy(tier), unknown(tier), &rows);
        assert_eq!((machine.state.lineage, machine.state.attempt, machine.state.maybe_sent), (2, 1, 1));
    }
}

#[test]
fn readable_asks_a_person_when_what_it_sees_fits_neither() {
    let mut rows = first_look();
    let contradiction = held(HoldReason::Contradiction);
    rows.extend(kept(at(905), Event::Probed(ProbedKind::CannotTell), contradiction, held_from(905)));
    play(policy(READABLE), unknown(READABLE), &rows);
    // Also when an earlier look saw nothing.
    let mut rows = two_looks(Record::ProvenNot, Command::Lookup);
    rows.truncate(7);
    rows.extend(kept(at(965), Event::Probed(ProbedKind::CannotTell), contradiction, held_from(905)));
    play(policy(READABLE), unknown(READABLE), &rows);
}

#[test]
fn readable_and_shared_proves_only_that_somebody_refunded_unless_it_is_named() {
    let mut rows = first_look();
    let shared = held(HoldReason::SharedAccount);
    rows.extend(kept(at(905), Event::Probed(ProbedKind::Happened), shared, held_from(905)));
    play(policy(SHARED), unknown(SHARED), &rows);
    // An entry that carries our reference is ours on any account.
    for tier in [READABLE, SHARED, DOCUMENTED] {
        let mut rows = first_look();
        let accepted = Record::Accepted { due: at(915) };
        let named = Event::Probed(ProbedKind::HappenedWithReference);
        rows.extend(kept(at(905), named, accepted, Command::Wait(at(915))));
        play(policy(tier), unknown(tier), &rows);
    }
}

/// A refund reserved while the gateway showed nothing cannot be read against the payment's sums, whatever the profile
/// says by now: others may have come between.
#[test]
fn nothing_is_read_against_a_baseline_that_was_not_kept_for_it() {
    let rows = kept(at(1), Event::Go, held(HoldReason::NoEvidence), held_from(905));
    for tier in [READABLE, SHARED, DOCUMENTED] {
        play(policy(tier), unknown(BLIND), &rows);
    }
}

#[test]
fn a_look_that_cannot_be_read_only_prolongs_the_wait() {
    let mut rows = first_look();
    let unreadable = Event::Probed(ProbedKind::Unreadable);
    let seen = Event::Probed(ProbedKind::NotSeen);
    for (now, due) in [(905, 906), (906, 908), (908, 912)] {
        let record = looked(SeenVerdict::Unreadable, now, due);
        rows.extend(kept(at(now), unreadable, record, Command::Wait(at(due))));
        rows.push((at(due), Event::Go, LOOK));
    }
    // The first look that saw nothing stands through the ones that saw nothing at all.
    rows.extend(kept(at(912), seen, looked(SeenVerdict::NotSeen, 912, 972), Command::Wait(at(972))));
    rows.push((at(972), Event::Go, LOOK));
    let record = looked(SeenVerdict::Unreadable, 972, 988);
    rows.extend(kept(at(972), unreadable, record, Command::Wait(at(988))));
    rows.push((at(988), Event::Go, LOOK));
    rows.extend(kept(at(988), seen, Record::ProvenNot, Command::Lookup));
    play(policy(READABLE), unknown(READABLE), &rows);
}

#[test]
fn a_refusal_that_needs_confirmation_is_read_like_any_doubt() {
    for tier in [READABLE, SHARED, DOCUMENTED, VERIFIED] {
        let state = to_confirm(sending(tier), 905);
        play(policy(tier), state, &two_looks(Record::Declined, FINAL));
    }
    let mut rows = first_look();
    let settled = Record::Settled { by: Proof::Evidence };
    rows.extend(kept(at(905), Event::Probed(ProbedKind::Happened), settled, FINAL));
    play(policy(READABLE), to_confirm(sending(READABLE), 905), &rows);
    // Blind there is nothing to confirm it with; it was no resend, and is not called one.
    let rows = kept(at(1), Event::Go, held(HoldReason::NoEvidence), held_from(905));
    play(policy(BLIND), to_confirm(sending(BLIND), 1), &rows);
    play(fenced(BLIND), to_confirm(sending(BLIND), 1), &rows);
}

#[test]
fn blind_asks_a_person_at_once_who_may_decide_after_the_window() {
    let mut rows = fire(BLIND);
    rows.push((at(90), TIMEOUT, Command::Keep(doubted(DoubtKind::Timeout, 90))));
    rows.push((at(90), Event::KeepDone, Command::Keep(held(HoldReason::NoEvidence))));
    rows.push((at(90), Event::KeepDone, held_from(905)));
    play(policy(BLIND), approved(), &rows);
}

#[test]
fn blind_with_a_reference_from_a_cut_reply_asks_by_it() {
    let cut = FiredKind::Unknown { why: DoubtKind::TruncatedReply, salvaged: true };
    let doubt = Record::Doubted {
        why: DoubtKind::TruncatedReply,
        refusal: Refusal::None,
        salvaged: true,
        due: at(1),
    };
    let until_look = || {
        let mut rows = fire(BLIND);
        rows.extend(kept(at(1), Event::Fired(cut), doubt, LOOK));
        rows
    };
    let mut rows = until_look();
    let accepted = Record::Accepted { due: at(11) };
    rows.extend(kept(
        at(1),
        Event::Probed(ProbedKind::HappenedWithReference),
        accepted,
        Command::Wait(at(11)),
    ));
    play(policy(BLIND), approved(), &rows);

    let mut rows = until_look();
    let unreadable = looked(SeenVerdict::Unreadable, 1, 2);
    rows.extend(kept(at(1), Event::Probed(ProbedKind::Unreadable), unreadable, Command::Wait(at(2))));
    rows.push((at(2), Event::Go, LOOK));
    play(policy(BLIND), approved(), &rows);

    // The gateway does not know the reference, or says something else: that is no proof of anything. And what the
    // gateway once answered is never sent again, fence or not.
    for kind in [ProbedKind::NotSeen, ProbedKind::CannotTell] {
        for policy in [policy(BLIND), fenced(BLIND)] {
            let mut rows = until_look();
            rows.extend(kept(at(1), Event::Probed(kind), held(HoldReason::NoEvidence), held_from(905)));
            play(policy, approved(), &rows);
        }
    }
}

/// Five sends of one lineage at most, all with its key; then it is read as a readable one.
#[test]
fn keyed_and_verified_sends_the_same_lineage_again_at_once() {
    let mut rows = fire(VERIFIED);
    for number in 2..=5 {
        let now = u64::from(number) * 90;
        rows.extend(doubt_and_resend(now, doubted(DoubtKind::Timeout, now), ResendGround::KeyReplay));
        rows.extend(resend(number, now));
    }
    // The last permit died at second 455.
    rows.extend(kept(at(540), TIMEOUT, doubted(DoubtKind::Timeout, 1_355), Command::Wait(at(1_355))));
    rows.push((at(1_355), Event::Go, LOOK));
    let settled = Record::Settled { by: Proof::Evidence };
    rows.extend(kept(at(1_355), Event::Probed(ProbedKind::Happened), settled, FINAL));
    play(policy(VERIFIED), approved(), &rows);
}

#[test]
fn a_resend_that_does_not_leave_backs_off_and_stays_unknown() {
    let mut rows = kept(at(90), Event::Go, may_resend(ResendGround::KeyReplay), Command::Open);
    let refused = |due| Record::NotSent { why: NotSentReason::Refused, due: at(due) };
    let event = Event::NotSent(NotSentReason::Refused);
    let stop = Command::Stop(Stop::NotReached);
    rows.extend(kept(at(90), event, refused(91), stop));
    rows.push((at(90), Event::Go, Command::Wait(at(91))));
    rows.push((at(91), Event::Go, Command::Open));
    rows.extend(resend(2, 91));
    rows.extend(kept(at(91), event, refused(93), stop));
    // The reason was for one send; the next has its own.
    let reason = Command::Keep(may_resend(ResendGround::KeyReplay));
    rows.push((at(93), Event::Go, reason));
    let machine = play(policy(VERIFIED), unknown(VERIFIED), &rows);
    assert_eq!(
        (machine.state.phase, machine.state.maybe_sent),
        (Phase::Unknown, 1),
        "the first may have left"
    );
}

/// "Exceeds" or any other refusal of a resend speaks for the first send.
#[test]
fn a_refusal_of_a_resend_is_never_a_failure() {
    for kind in [FiredKind::Declined, FiredKind::DeclinedUnconfirmed] {
        let mut rows = fire(VERIFIED);
        rows.extend(doubt_and_resend(90, doubted(DoubtKind::Timeout, 90), ResendGround::KeyReplay));
        rows.extend(resend(2, 90));
        // Window from the second permit: 95 + 900.
        rows.extend(kept(at(91), Event::Fired(kind), refused(Refusal::None, 995), Command::Wait(at(995))));
        rows.push((at(995), Event::Go, LOOK));
        let mut happened = rows.clone();
        let settled = Record::Settled { by: Proof::Evidence };
        happened.extend(kept(at(995), Event::Probed(ProbedKind::Happened), settled, FINAL));
        play(policy(VERIFIED), approved(), &happened);
        // And when nothing is there, it is sent anew rather than called declined.
        let seen = Event::Probed(ProbedKind::NotSeen);
        let first = looked(SeenVerdict::NotSeen, 995, 1_055);
        rows.extend(kept(at(995), seen, first, Command::Wait(at(1_055))));
        rows.push((at(1_055), Event::Go, LOOK));
        rows.extend(kept(at(1_055), seen, Record::ProvenNot, Command::Lookup));
        play(policy(VERIFIED), approved(), &rows);

        let mut rows = fire(BLIND);
        rows.extend(doubt_and_resend(90, doubted(DoubtKind::Timeout, 90), ResendGround::SelfFencing));
        rows.extend(resend(2, 90));
        rows.push((at(91), Event::Fired(kind), Command::Keep(refused(Refusal::None, 91))));
        rows.push((at(91), Event::KeepDone, Command::Keep(held(HoldReason::RefusedOnResend))));
        rows.push((at(91), Event::KeepDone, held_from(995)));
        play(fenced(BLIND), approved(), &rows);
    }
}

/// refunded before + 2 × amount > captured: to the kopeck.
#[test]
fn a_fence_stands_only_where_two_copies_do_not_fit() {
    for (captured, used, amount, stands) in [
        (1_000, 0, 500, false),
        (1_000, 0, 501, true),
        (1_000, 1, 500, true),
        (1_001, 0, 500, false),
        (1_001, 0, 501, true),
        (1_000, 400, 300, false),
        (1_000, 400, 301, true),
        (1_000, 0, 1_000, true),
        (i64::MAX, i64::MAX - 1, i64::MAX, true),
        (i64::MAX, 0, i64::MAX / 2, false),
    ] {
        let baseline = Baseline { captured, refunded: None, used, role: BaselineRole::Unused };
        assert_eq!(baseline.fences(amount), stands, "{amount} of {captured}, {used} before");
    }
}

#[test]
fn a_fenced_refund_is_sent_again_only_where_the_profile_relies_on_it() {
    let reason = may_resend(ResendGround::SelfFencing);
    let hold = Command::Keep(held(HoldReason::NoEvidence));
    play(fenced(BLIND), unknown(BLIND), &[(at(1), Event::Go, Command::Keep(reason))]);
    play(policy(BLIND), unknown(BLIND), &[(at(1), Event::Go, hold)]);
    // Two copies fit: no fence.
    let loose = State { amount: Some(500), ..unknown(BLIND) };
    play(fenced(BLIND), loose, &[(at(1), Event::Go, hold)]);
    // The baseline is the one of before the first send, also for the fifth.
    let mut rows = kept(at(1), Event::Go, reason, Command::Open);
    for number in 2..=5 {
        let now = u64::from(number) * 90;
        rows.extend(resend(number, now));
        let doubt = doubted(DoubtKind::Timeout, now);
        rows.extend(match number {
            5 => kept(at(now), TIMEOUT, doubt, hold),
            _ => doubt_and_resend(now, doubt, ResendGround::SelfFencing),
        });
    }
    let machine = play(fenced(BLIND), unknown(BLIND), &rows);
    assert_eq!(machine.state.baseline, Some(baseline(BLIND)));
    assert_eq!((machine.state.lineage, machine.state.amount), (1, Some(AMOUNT)));
}

/// Readable orders that others refund too: the fence decides where the evidence cannot. Where the sum has risen by our
/// amount, whoever did it, the fence itself says that the gateway must refuse a second one: there is nothing to send.
#[test]
fn a_shared_order_is_sent_again_behind_its_fence() {
    let mut rows = first_look();
    let reason = may_resend(ResendGround::SelfFencing);
    rows.extend(kept(at(905), Event::Probed(ProbedKind::CannotTell), reason, Command::Open));
    rows.extend(resend(2, 905));
    let settled = Record::Settled { by: Proof::Reply };
    rows.extend(kept(at(905), Event::Fired(FiredKind::Settled), settled, FINAL));
    play(fenced(SHARED), unknown(SHARED), &rows);

    let mut rows = first_look();
    let shared = held(HoldReason::SharedAccount);
    rows.extend(kept(at(905), Event::Probed(ProbedKind::Happened), shared, held_from(905)));
    play(fenced(SHARED), unknown(SHARED), &rows);
}

#[test]
fn a_later_doubt_does_not_forget_a_salvaged_reference() {
    let cut = Record::Doubted {
        why: DoubtKind::TruncatedReply,
        refusal: Refusal::None,
        salvaged: true,
        due: at(0),
    };
    let state = sending(VERIFIED).apply(cut).expect("follows");
    let mut rows = kept(at(1), Event::Go, may_resend(ResendGround::KeyReplay), Command::Open);
    rows.extend(resend(2, 1));
    rows.extend(doubt_and_resend(90, doubted(DoubtKind::Timeout, 90), ResendGround::KeyReplay));
    let machine = play(policy(VERIFIED), state, &rows);
    assert!(machine.state.salvaged);
    // A verdict ends the lineage, and with it what its replies brought.
    let over = machine.state.apply(Record::ProvenNot).expect("follows");
    assert!(!over.salvaged);
}

#[test]
fn a_window_of_another_boot_starts_again_and_so_do_the_looks() {
    let seen = Event::Probed(ProbedKind::NotSeen);
    let mut rows = first_look();
    rows.extend(kept(at(905), seen, looked(SeenVerdict::NotSeen, 905, 965), Command::Wait(at(965))));
    let machine = play(policy(READABLE), unknown(READABLE), &rows);
    assert!(machine.state.look.is_some());
    // Rebooted, or taken over by another machine, at its second 10: from second 15, when any permit is dead.
    let restarted = Record::WindowRestarted { from: elsewhere(15), due: elsewhere(915) };
    let mut rows = kept(elsewhere(10), Event::Go, restarted, Command::Wait(elsewhere(915)));
    rows.push((elsewhere(915), Event::Go, LOOK));
    let again = Record::Looked { verdict: SeenVerdict::NotSeen, at: elsewhere(915), due: elsewhere(975) };
    rows.extend(kept(elsewhere(915), seen, again, Command::Wait(elsewhere(975))));
    rows.push((elsewhere(975), Event::Go, LOOK));
    rows.extend(kept(elsewhere(975), seen, Record::ProvenNot, Command::Lookup));
    play(policy(READABLE), machine.state, &rows);
}
