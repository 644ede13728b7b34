//! What an operator does and sees, in both languages: exit code, stdout and stderr, pinned.

use crate::{
    shop::{LANGUAGES, Shop, WINDOW_SECONDS},
    tale::Tale,
};
use refund_cli::setup::Answers;
use std::sync::{Arc, Mutex};

fn says(word: &str) -> Answers {
    Answers::Lines(Arc::new(Mutex::new(vec![word.to_owned()])))
}

/// Runs each line, in both languages, and pins what was shown. `name` names the snapshot.
async fn pin(name: &str, lines: &[&str]) {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        shop.robokassa("rk-50", Some("50.00"));
        shop.sber("sber-all", None);
        let mut tale = Tale::default();
        for line in lines {
            tale.add(&shop, &shop.run(line).await);
        }
        tale.pin(name, lang);
    }
}

#[tokio::test]
async fn help_in_full() {
    let lines = ["--help", "create --help", "resolve --help", "list --help", "sandbox --help"];
    pin("help", &lines).await;
}

#[tokio::test]
async fn a_partial_refund_through_robokassa() {
    let lines = [
        "create rk-50.json --yes",
        "status rk-50",
        "status rk-50 --wait",
        "status rk-50",
        "show rk-50",
        "list",
    ];
    pin("robokassa-partial", &lines).await;
}

#[tokio::test]
async fn a_full_refund_through_sber() {
    pin("sber-full", &["create sber-all.json --yes", "show sber-all -v", "list --state settled"]).await;
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_writes_nothing() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let (rk, sber) = (shop.robokassa("rk-50", Some("50.00")), shop.sber("sber-all", None));
        let before = shop.kept().await;
        let mut tale = Tale::default();
        for file in [&rk, &sber] {
            tale.add(&shop, &shop.run(&format!("create {file} --dry-run")).await);
            tale.add(&shop, &shop.run(&format!("create {file} --dry-run --yes --output json")).await);
        }
        assert_eq!(shop.kept().await, before, "no refund was asked for and no record written");
        // A refund that is in the journal already, confirmed and not sent, is not touched either.
        let rk = shop.confirmed("rk-50").await;
        let before = shop.kept().await;
        tale.add(&shop, &shop.run(&format!("create {rk} --dry-run")).await);
        tale.add(&shop, &shop.run(&format!("create {rk} --dry-run --output json")).await);
        assert_eq!(shop.kept().await, before);
        tale.pin("dry-run", lang);
    }
}

#[tokio::test]
async fn nothing_is_sent_unless_somebody_confirms() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let file = shop.robokassa("rk-50", Some("50.00"));
        let before = shop.kept().await;
        let mut tale = Tale::default();
        let no = [
            shop.run(&format!("create {file}")).await,
            shop.run(&format!("create {file} --no-input")).await,
            shop.answering(&format!("create {file}"), says("нет")).await,
            shop.answering(&format!("create {file}"), says("")).await,
            shop.answering(&format!("create {file}"), Answers::Lines(Arc::default())).await,
        ];
        for ran in &no {
            assert_eq!(ran.code, 9, "{ran:?}");
            tale.add(&shop, ran);
        }
        assert_eq!(shop.kept().await, before);
        let yes = shop.answering(&format!("create {file}"), says("Да")).await;
        assert_eq!(shop.refund_requests().await, 1);
        tale.add(&shop, &yes);
        // One that is confirmed and not sent yet is asked about again.
        let file = shop.confirmed("rk-again").await;
        tale.add(&shop, &shop.answering(&format!("create {file}"), says("n")).await);
        tale.pin("confirmation", lang);
    }
}

#[tokio::test]
async fn the_same_request_again_sends_nothing_and_another_one_is_refused() {
    for lang in LANGUAGES {
        let mut shop = Shop::open(lang).await;
        let file = shop.robokassa("rk-50", Some("50.00"));
        assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 0);
        let before = shop.kept().await;
        let mut tale = Tale::default();
        tale.add(&shop, &shop.run(&format!("create {file} --yes")).await);
        shop.robokassa("rk-50", Some("50.01"));
        tale.add(&shop, &shop.run(&format!("create {file} --yes")).await);
        shop.request("rk-50", "robokassa", "1002", Some("50.00"));
        tale.add(&shop, &shop.run(&format!("create {file} --yes")).await);
        assert_eq!(shop.kept().await, before);
        // The answer comes from the journal: the gateway need not be there.
        shop.robokassa("rk-50", Some("50.00"));
        shop.close_gateway().await;
        assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 0);
        tale.pin("same-key", lang);
    }
}

#[tokio::test]
async fn a_lost_reply_is_resolved_by_evidence_where_there_is_some() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let file = shop.sber("sber-all", None);
        shop.fault("sber-old", "refund", "drop_after_commit").await;
        let mut tale = Tale::default();
        for line in [format!("create {file} --yes"), "show sber-all".into(), "resolve sber-all".into()] {
            let ran = shop.run(&line).await;
            assert_eq!(ran.code, 6, "{ran:?}");
            tale.add(&shop, &ran);
        }
        tale.add(&shop, &shop.run("resolve sber-all --wait").await);
        assert_eq!(shop.refund_requests().await, 1, "money was asked for once");
        tale.pin("sber-reply-lost", lang);
    }
}

#[tokio::test]
async fn a_lost_reply_without_evidence_is_held_for_a_person() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let file = shop.robokassa("rk-50", Some("50.00"));
        shop.fault("robokassa", "refund", "drop_after_commit").await;
        let mut tale = Tale::default();
        for line in [
            &format!("create {file} --yes -v"),
            "status rk-50",
            "show rk-50",
            "resolve rk-50 --wait",
            "resolve rk-50 --happened --evidence в+кабинете+есть",
            "resolve rk-50 --happened --reason ответ+потерян",
            "resolve rk-50 --happened --reason ответ+потерян --evidence в+кабинете+есть",
            "withdraw rk-50 --reason передумали",
        ] {
            tale.add(&shop, &shop.run(line).await);
        }
        shop.pass(WINDOW_SECONDS).await;
        tale.add(&shop, &shop.run("status rk-50").await);
        let decided =
            shop.run("resolve rk-50 --happened --reason ответ+потерян --evidence в+кабинете+есть").await;
        assert_eq!(decided.code, 0, "{decided:?}");
        tale.add(&shop, &decided);
        tale.add(&shop, &shop.run("show rk-50").await);
        assert_eq!(shop.refund_requests().await, 1, "money was asked for once");
        tale.pin("robokassa-held", lang);
    }
}

#[tokio::test]
async fn what_did_not_happen_is_sent_again_only_when_a_person_says_so() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let file = shop.robokassa("rk-50", Some("50.00"));
        shop.fault("robokassa", "refund", "drop_before_commit").await;
        assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 6);
        shop.pass(WINDOW_SECONDS).await;
        let mut tale = Tale::default();
        assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 6, "create alone sends nothing");
        assert_eq!(shop.refund_requests().await, 1);
        tale.add(
            &shop,
            &shop.run("resolve rk-50 --send-again --reason не+ушло --evidence в+кабинете+пусто").await,
        );
        assert_eq!(shop.refund_requests().await, 1, "the decision itself sends nothing");
        tale.add(&shop, &shop.run(&format!("create {file} --yes")).await);
        assert_eq!(shop.refund_requests().await, 2);
        tale.pin("send-again", lang);
    }
}

#[tokio::test]
async fn what_did_not_happen_can_be_closed() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let file = shop.robokassa("rk-50", Some("50.00"));
        shop.fault("robokassa", "refund", "drop_before_commit").await;
        assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 6);
        shop.pass(WINDOW_SECONDS).await;
        let mut tale = Tale::default();
        tale.add(
            &shop,
            &shop.run("resolve rk-50 --did-not-happen --reason не+ушло --evidence в+кабинете+пусто").await,
        );
        tale.add(&shop, &shop.run(&format!("create {file} --yes")).await);
        tale.add(&shop, &shop.run("resolve rk-50 --happened --reason ошибка --evidence пусто").await);
        assert_eq!(shop.refund_requests().await, 1);
        tale.pin("did-not-happen", lang);
    }
}

#[tokio::test]
async fn a_refund_is_withdrawn_while_nothing_was_sent() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let file = shop.confirmed("rk-other").await;
        let mut tale = Tale::default();
        tale.add(&shop, &shop.run("withdraw rk-other").await);
        tale.add(&shop, &shop.run("withdraw rk-other --reason передумали").await);
        tale.add(&shop, &shop.run("show rk-other").await);
        tale.add(&shop, &shop.run(&format!("create {file} --yes")).await);
        assert_eq!(shop.refund_requests().await, 1, "the one in the way");
        tale.pin("withdraw", lang);
    }
}

/// A rehearsal must not answer for another place's refund, nor be asked about there.
#[tokio::test]
async fn a_journal_belongs_to_where_its_refunds_are_made() {
    let shop = Shop::open("en").await;
    let file = shop.robokassa("rk-50", Some("50.00"));
    let dry = shop.run(&format!("create {file} --dry-run")).await;
    assert_eq!(dry.code, 0, "{}", dry.shown());
    // A dry run ties nothing: the same journal may still become another place's.
    let elsewhere = shop.settings().replacen(r#"environment = "sandbox""#, r#"environment = "test""#, 1);
    shop.write("refund.toml", &shop.settings());
    let made = shop.run(&format!("create {file} --yes")).await;
    assert_eq!(made.code, 0, "{}", made.shown());
    let before = shop.kept().await;

    shop.write("refund.toml", &elsewhere);
    let again = shop.run(&format!("create {file} --yes")).await;
    assert_eq!(again.code, 4, "{}", again.shown());
    assert!(again.err.contains("journal of its own"), "{}", again.shown());
    let dry = shop.run(&format!("create {file} --dry-run")).await;
    assert_eq!(dry.code, 4, "{}", dry.shown());
    // Nobody is asked at the other place; the journal alone tells.
    let status = shop.run("status rk-50").await;
    assert_eq!(status.code, 4, "{}", status.shown());
    let named = shop.run("show rk-50 --profile shop-rk").await;
    assert_eq!(named.code, 4, "{}", named.shown());
    assert_eq!(shop.kept().await, before, "nothing was sent and nothing lost");
}
