//! The end of the demonstration: the sandbox's ledger beside the journal, to the kopeck.

use super::{stage::Stage, story::Story, words};
use refund_core::{Currency, Money};
use refund_desk::{Problem, ops};
use refund_engine::{Halt, ListQuery};
use serde_json::json;
use std::collections::BTreeSet;

/// Puts both side by side; true when every payment is equal and none was refunded more often than intended.
pub(super) async fn compare(stage: &Stage, story: &mut Story<'_>) -> Result<bool, Problem> {
    let journal = stage.engine.journal();
    let listed = journal.list(&ListQuery::default()).await.map_err(|error| ops::halted(Halt::from(error)))?;
    let payments: BTreeSet<_> = listed.iter().map(|refund| refund.payment.clone()).collect();
    let mut table = story.printer().table(&[
        &crate::words::HEAD_GATEWAY,
        &crate::words::HEAD_ORDER,
        &words::HEAD_PAID,
        &words::HEAD_LEDGER,
        &words::HEAD_TIMES,
        &words::HEAD_INTENDED,
        &words::HEAD_JOURNAL,
    ]);
    let (mut rows, mut equal) = (Vec::new(), !payments.is_empty());
    for payment in &payments {
        let totals = journal.totals(payment, Currency::RUB, None).await;
        let totals = totals.map_err(|error| ops::halted(Halt::from(error)))?;
        let (captured, refunded, times) = seen(stage, payment.payment.as_str()).await?;
        // Every refund this journal knows of it; what a rule stopped was never recorded.
        let intended = listed.iter().filter(|refund| refund.payment == *payment).count();
        let same = refunded == totals.done.minor() && totals.open.is_zero() && times == intended;
        equal &= same;
        table.add_row([
            payment.provider.to_string(),
            payment.payment.to_string(),
            Money::rub(captured).to_major_string(),
            Money::rub(refunded).to_major_string(),
            times.to_string(),
            intended.to_string(),
            totals.done.to_major_string(),
        ]);
        rows.push(json!({
            "gateway": payment.provider.as_str(),
            "order": payment.payment.as_str(),
            "captured": Money::rub(captured).to_major_string(),
            "ledger": Money::rub(refunded).to_major_string(),
            "refunds": times,
            "intended": intended,
            "journal": totals.done.to_major_string(),
            "equal": same,
        }));
    }
    if story.aloud() {
        let (printer, verdict) = (story.printer(), if equal { &words::EQUAL } else { &words::UNEQUAL });
        printer.data(&format!("\n=== {}\n{table}\n{}", printer.word(&words::LEDGER), printer.word(verdict)));
    }
    story.ledger(json!(rows));
    Ok(equal)
}

/// Captured, refunded and how many refunds, as the sandbox's ledger has them.
async fn seen(stage: &Stage, payment: &str) -> Result<(i64, i64, usize), Problem> {
    let id = stage.ledger_id(payment);
    let rows = stage.ledger().await?;
    let row = rows.iter().find(|row| row["id"] == id.as_str());
    let number = |name: &str| row.and_then(|row| row[name].as_i64()).unwrap_or(0);
    let times = row.and_then(|row| row["refunds"].as_array()).map_or(0, Vec::len);
    Ok((number("captured"), number("refunded"), times))
}
