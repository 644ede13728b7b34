//! `check_cart.rs` is run with a request that holds and with a broken one; both verdicts are pinned.

#[path = "../check_cart.rs"]
#[expect(dead_code, reason = "its `main` is for people; the function it calls is what is tested")]
mod check_cart;

use refund_text::Lang;
use std::path::Path;

fn verdict(request: &str, lang: Lang) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    check_cart::verdict(&here.join("orders/sber-partial.json"), &here.join(request), lang)
        .unwrap_or_else(|problem| panic!("{problem:?}"))
}

#[test]
fn a_good_cart_is_told_with_its_exact_amount() {
    // 100.00 + 300.15 × 0.5 = 250.075, half up.
    assert_eq!(verdict("requests/sber-partial.json", Lang::En), "ok: 250.08 RUB\n");
}

#[test]
fn a_broken_cart_is_told_with_every_mistake() {
    insta::assert_snapshot!("broken-en", verdict("broken/sber-partial.json", Lang::En));
    insta::assert_snapshot!("broken-ru", verdict("broken/sber-partial.json", Lang::Ru));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let order = Path::new("none.json");
    let problem = check_cart::verdict(order, order, Lang::En).expect_err("there is no file");
    assert_eq!(problem.code(), "request-no-file");
}
