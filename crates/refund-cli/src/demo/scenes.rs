//! The scenes. Each does what an operator would do, and says what happened as the desk tells it.

use super::{stage::Stage, story::Story, words};
use refund_core::{IntentId, Message};
use refund_desk::{
    Kind, Problem,
    ops::{self, Proposal, Wait},
    words as desk_words,
};
use refund_engine::{NewRefund, Patience, Phase, codec::Note, machine::Decision};
use serde_json::{Value, json};
use std::{path::Path, process::Stdio, time::Duration};

pub(super) async fn robokassa_full(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("robokassa-full", &words::ROBOKASSA_FULL);
    stage.pay_robokassa(1001, "1500.00").await?;
    let new = stage.request("demo-1", "robokassa", "1001", &full())?;
    create(stage, story, &new).await?;
    ops::status(&stage.engine, "demo-1", Wait::Yes).await?;
    story.step(&Message::new(&words::POLLED));
    end(stage, story, &new, Phase::Settled).await
}

pub(super) async fn sber_full(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("sber-full", &words::SBER_FULL);
    let order = "2f6a5d10-7c1e-4b52-9a55-000000000001";
    stage.pay_sber(order, "A-1", 235_000).await?;
    let new = stage.request("demo-2", "sber", order, &full())?;
    create(stage, story, &new).await?;
    end(stage, story, &new, Phase::Settled).await
}

/// Robokassa keeps no cart: the shop's own comes from an order file.
pub(super) async fn robokassa_cart(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("robokassa-cart", &words::ROBOKASSA_CART);
    stage.pay_robokassa(1003, "1450.15").await?;
    let sold = |position: &str, name: &str, quantity: &str, price: &str, vat: &str| {
        json!({
            "position": position, "name": name, "quantity": quantity, "price": price,
            "vat": vat, "method": "full_payment", "object": "commodity",
        })
    };
    let lines = [sold("1", "Чай", "2", "500.00", "vat20"), sold("2", "Мёд", "1.5", "300.10", "vat10")];
    let order = json!({ "schema": "refund/order@1", "order": "1003", "paid": "1450.15", "lines": lines });
    stage.write("order-1003.json", &order)?;
    let fields = json!({
        "amount": "650.05", "receipt": "cart", "order_file": "order-1003.json",
        "lines": [{ "position": "1", "quantity": "1" }, { "position": "2", "quantity": "0.5" }],
    });
    let new = stage.request("demo-3", "robokassa", "1003", &fields)?;
    create(stage, story, &new).await?;
    ops::status(&stage.engine, "demo-3", Wait::Yes).await?;
    story.step(&Message::new(&words::POLLED));
    end(stage, story, &new, Phase::Settled).await
}

/// Sber knows the cart. A second refund that asks for more than the first one left is stopped here.
pub(super) async fn sber_cart(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("sber-cart", &words::SBER_CART);
    let order = "2f6a5d10-7c1e-4b52-9a55-000000000004";
    let cart = json!([
        {"positionId": 1, "name": "Чай", "quantity": {"value": 2, "measure": "шт."}, "itemPrice": 10_000, "itemCode": "tea"},
        {"positionId": 2, "name": "Мёд", "quantity": {"value": 1.5, "measure": "кг"}, "itemPrice": 30_010, "itemCode": "honey"},
    ]);
    stage.pay_sber_with_cart(order, "A-4", 65_015, &cart).await?;
    let asks = |amount: &str, quantity: &str| {
        json!({
            "amount": amount, "receipt": "cart",
            "lines": [{ "position": "1", "name": "Чай", "quantity": quantity }],
        })
    };
    let new = stage.request("demo-4", "sber", order, &asks("100.00", "1"))?;
    create(stage, story, &new).await?;
    end(stage, story, &new, Phase::Settled).await?;

    let more = stage.request("demo-5", "sber", order, &asks("200.00", "2"))?;
    story.step(&Message::new(&words::MORE).with("key", &more.key).with("asked", "2").with("left", "1"));
    let before = stage.refund_requests("sber").await?;
    let Err(stopped) = ops::propose(&stage.engine, &more).await else {
        return Err(went_wrong("a refund of more than the line has left was not stopped"));
    };
    let violations = stopped.violations.ok_or_else(|| went_wrong("no rule stopped it"))?;
    for found in violations.as_slice() {
        let text = story.printer().text(&found.message);
        let said = Message::new(&crate::words::RULE_AT).with("rule", found.rule).with("path", &found.path);
        story.step(&said.with("text", text));
    }
    if stage.refund_requests("sber").await? != before {
        return Err(went_wrong("a refund that breaks a rule was sent"));
    }
    story.step(&Message::new(&words::NOTHING_SENT));

    let rest = stage.request("demo-5", "sber", order, &asks("100.00", "1"))?;
    create(stage, story, &rest).await?;
    end(stage, story, &rest, Phase::Settled).await
}

pub(super) async fn sber_penalty(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("sber-penalty", &words::SBER_PENALTY);
    let order = "2f6a5d10-7c1e-4b52-9a55-000000000005";
    stage.pay_sber(order, "A-5", 500_000).await?;
    let fields = json!({ "amount": "5000.00", "penalty": "1300.00" });
    let new = stage.request("demo-6", "sber", order, &fields)?;
    create(stage, story, &new).await?;
    end(stage, story, &new, Phase::Settled).await
}

pub(super) async fn sber_reply_lost(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("sber-reply-lost", &words::SBER_LOST);
    let order = "2f6a5d10-7c1e-4b52-9a55-000000000002";
    stage.pay_sber(order, "A-2", 47_000).await?;
    stage.fault("sber-old", "drop_after_commit").await?;
    let new = stage.request("demo-7", "sber", order, &full())?;
    create(stage, story, &new).await?;
    story.step(&Message::new(&words::WINDOW_PASSES));
    ops::resolve(&stage.engine, "demo-7", Wait::Yes).await?;
    end(stage, story, &new, Phase::Settled).await
}

pub(super) async fn robokassa_reply_lost(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("robokassa-reply-lost", &words::ROBOKASSA_LOST);
    stage.pay_robokassa(1002, "999.99").await?;
    stage.fault("robokassa", "drop_after_commit").await?;
    let new = stage.request("demo-8", "robokassa", "1002", &full())?;
    create(stage, story, &new).await?;

    let before = stage.refund_requests("robokassa").await?;
    let again = ops::propose(&stage.engine, &new).await?;
    let sent = stage.refund_requests("robokassa").await? - before;
    let (Proposal::Replay(replayed), 0) = (again, sent) else {
        return Err(went_wrong("the same key was sent again"));
    };
    story.step(&Message::new(&words::CREATED_AGAIN));
    replayed.news.iter().for_each(|news| story.step(news));

    let note = Note {
        actor: "demo".to_owned(),
        reason: "reply lost".to_owned(),
        evidence: "the cabinet shows a refund of 999.99 for order 1002".to_owned(),
        ..Note::default()
    };
    match ops::decide(&stage.engine, "demo-8", Decision::Happened, note.clone()).await {
        Err(early) => story.step(&early.message),
        Ok(_) => return Err(went_wrong("a decision before the settle window was taken")),
    }
    story.step(&Message::new(&words::WINDOW_PASSES));
    stage.pass(15 * 60 + 5).await;
    ops::decide(&stage.engine, "demo-8", Decision::Happened, note).await?;
    story.step(&Message::new(&words::DECIDED));
    end(stage, story, &new, Phase::Settled).await
}

pub(super) async fn worker_killed(stage: &Stage, story: &mut Story<'_>) -> Result<(), Problem> {
    story.scene("worker-killed", &words::WORKER_KILLED);
    let order = "2f6a5d10-7c1e-4b52-9a55-000000000003";
    stage.pay_sber(order, "A-3", 128_050).await?;
    let new = stage.request("demo-9", "sber", order, &full())?;
    let (intent, _) = stage.engine.plan(&new).await.map_err(ops::halted)?;
    stage.engine.approve(intent, new.note.clone()).await.map_err(ops::halted)?;
    // The bank takes the refund and then says nothing: the worker waits, armed, and dies there.
    stage.fault("sber-old", "delay").await?;
    let program = stage.program.as_deref().ok_or_else(|| went_wrong("this program cannot start itself"))?;
    kill_in_flight(stage, program, intent, order).await?;
    story.step(&Message::new(&words::KILLED));

    let (found, _) = stage.shown(intent).await?;
    story.step(&Message::new(&words::FOUND).with("state", found.refund.state));
    stage.pass(refund_engine::engine::LEASE_TERM.as_secs() + 1).await;
    story.step(&Message::new(&words::LEASE_OVER));
    let ends = stage.engine.work(10, Patience::Patient).await.map_err(ops::halted)?;
    for (_, end) in ends {
        end.map_err(ops::halted)?;
    }
    end(stage, story, &new, Phase::Settled).await
}

/// Starts the worker in a process of its own and kills it once the bank has moved the money.
async fn kill_in_flight(stage: &Stage, program: &Path, intent: IntentId, order: &str) -> Result<(), Problem> {
    use refund_core::Clock as _;
    let now = stage.clock.now();
    let mut worker = tokio::process::Command::new(program)
        .arg("demo-worker")
        .arg("--folder")
        .arg(&stage.folder)
        .args(["--intent", &intent.to_string()])
        .args(["--millis", &now.millis.to_string()])
        .args(["--wall", &stage.clock.wall().0.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| went_wrong(&format!("the worker cannot be started: {error}")))?;
    for _ in 0..900 {
        if stage.ledger_of(order).await?.is_some_and(|(_, refunded)| refunded > 0) {
            return worker.kill().await.map_err(|error| went_wrong(&error.to_string()));
        }
        if let Ok(Some(status)) = worker.try_wait() {
            return Err(went_wrong(&format!("the worker ended by itself: {status}")));
        }
        pause().await;
    }
    Err(went_wrong("the bank never saw the worker's refund"))
}

#[expect(clippy::disallowed_methods, reason = "waits for another process, which no clock of ours drives")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Everything that is left.
fn full() -> Value {
    json!({ "full": true })
}

/// What `refund create --yes` does, told step by step.
async fn create(stage: &Stage, story: &mut Story<'_>, new: &NewRefund) -> Result<(), Problem> {
    let proposal = ops::propose(&stage.engine, new).await?;
    if let Proposal::Fresh(preview) = &proposal {
        let said = Message::new(&words::CHECKED).with("amount", preview.checked.amount());
        story.step(&said.with("order", &new.command.payment.payment).with("key", &new.key));
        for line in preview.checked.lines().into_iter().flatten() {
            let said = Message::new(&words::LINE).with("position", &line.sold.position);
            let said = said.with("name", &line.sold.name).with("quantity", line.quantity);
            story.step(&said.with("amount", line.amount));
        }
        if let Some(penalty) = preview.checked.command().penalty {
            story.step(&Message::new(&words::PENALTY).with("penalty", penalty));
        }
    }
    let confirmed = proposal.amount().ok_or_else(|| went_wrong("the refund was there already"))?;
    let told = ops::carry_out(&stage.engine, new, confirmed, Patience::None).await?;
    told.news.iter().for_each(|news| story.step(news));
    if !told.phase.is_final() {
        story.step(&Message::new(desk_words::about(told.phase)));
    }
    Ok(())
}

/// Ends a scene, and insists on how it must end.
async fn end(stage: &Stage, story: &mut Story<'_>, new: &NewRefund, expected: Phase) -> Result<(), Problem> {
    let intent = stage.engine.intent_of(new);
    let (now, history) = stage.shown(intent).await?;
    story.step(&Message::new(desk_words::about(now.phase)));
    story.ends(&now.refund, &history);
    if now.phase == expected {
        return Ok(());
    }
    Err(went_wrong(&format!("{} is {}, expected {}", new.key, now.phase.as_str(), expected.as_str())))
}

fn went_wrong(detail: &str) -> Problem {
    Problem::new(Kind::Internal, Message::new(&words::WENT_WRONG).with("detail", detail))
}
