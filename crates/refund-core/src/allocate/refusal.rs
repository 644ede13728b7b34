//! Why a wish has no exact lines, as sentences: where, with which values, what to do instead.

use super::left::Left;
use crate::{
    Currency, Line, Message, MessageDef, Money, Quantity, Violation,
    outcome::sanitize,
    rules::{Evidence, RuleDef},
};
use std::fmt;

/// The rule under which a refusal is told beside the others.
pub const RULE: RuleDef = RuleDef::new(
    "cart-allocation",
    Evidence::Confirmed,
    MESSAGES,
    "Sber wiki, credit register page: price × quantity is rounded half up per position, before summing (CONFIRMED); Sber, refund.do: no position that the order lacks (CONFIRMED); Robokassa, refund API page: Cost is the price of one unit (CONFIRMED)",
);

/// Why there are no exact lines for a wish. The message's id is stable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unallocatable {
    /// Where: `amount`, `lines[0].quantity`, `order_file`, `allocate.quantity`.
    pub path: String,
    /// What is wrong, with its values, and what to do instead.
    pub message: Message,
}

impl fmt::Display for Unallocatable {
    /// The id and the place, for logs; people get the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message.def().id, self.path)
    }
}

impl std::error::Error for Unallocatable {}

impl From<Unallocatable> for Violation {
    fn from(refusal: Unallocatable) -> Self {
        Violation::new(&RULE, refusal.path, refusal.message)
    }
}

macro_rules! sentences {
    ($($name:ident = $id:literal, $en:literal, $ru:literal;)*) => {
        $(static $name: MessageDef = MessageDef { id: $id, en: $en, ru: $ru };)*
        /// Every sentence of this module, for catalogues and tests.
        pub const MESSAGES: &[&MessageDef] = &[$(&$name),*];
    };
}

sentences! {
    NOT_EXACT = "cart-allocation",
        "{ $amount } for { $quantity } of line \"{ $position }\" cannot be written as a price of one unit in whole kopecks, or what stays of the line could not be. Choose another amount or quantity, or refund the line's pieces one by one.",
        "{ $amount } за { $quantity } по позиции «{ $position }» нельзя записать ценой за единицу в целых копейках, или так нельзя будет записать остаток позиции. Выберите другую сумму или количество либо верните позицию по частям.";
    NO_ORDER = "cart-allocation-no-order",
        "Lines cannot be made: the order's lines are not known. Give the shop's own (order_file).",
        "Позиции не из чего составить: состав заказа неизвестен. Дайте корзину магазина (order_file).";
    ORDER_LINE = "cart-allocation-order-line",
        "The order's line \"{ $position }\" tells no quantity above zero with a price or an amount; add them to the order.",
        "У позиции заказа «{ $position }» нет количества больше нуля с ценой или суммой: добавьте их в заказ.";
    ORDER_TWICE = "cart-allocation-order-twice",
        "The position \"{ $position }\" stands in the order twice; give each line a position of its own.",
        "Позиция «{ $position }» указана в заказе дважды: дайте каждой строке свой номер.";
    TOO_LARGE = "cart-allocation-too-large",
        "The order's total is too large to be counted; correct the amounts in the order.",
        "Сумма заказа слишком велика, её не сосчитать: исправьте суммы в заказе.";
    OTHER_CURRENCY = "cart-allocation-currency",
        "{ $given } stands where the order is in { $expected }; use one currency.",
        "Здесь { $given }, а заказ в { $expected }: укажите одну валюту.";
    NOT_POSITIVE = "cart-allocation-not-positive",
        "{ $asked } asked; ask for more than zero.",
        "Запрошено { $asked }: укажите сумму больше нуля.";
    OVER_LEFT = "cart-allocation-over-left",
        "{ $asked } asked, the order's lines have { $left } left to give back. Ask for less, or name the lines yourself.",
        "Запрошено { $asked }, а в позициях заказа осталось { $left }. Уменьшите сумму или укажите позиции сами.";
    OVER_LEFT_KEPT = "cart-allocation-over-left-kept",
        "{ $asked } asked, the order's lines have { $left } left to give back, the kept ones ({ $kept }) not counted. Ask for less, or return those, too.",
        "Запрошено { $asked }, а в позициях заказа без удержанных ({ $kept }) осталось { $left }. Уменьшите сумму или верните и удержанные.";
    WHOLE_ORDER_OVER = "cart-allocation-delivery-over",
        "{ $asked } asked, and the lines that go back whole ({ $lines }) are { $returned }. Ask for at least that, or keep them.",
        "Запрошено { $asked }, а позиции, которые возвращаются целиком ({ $lines }), стоят { $returned }. Запросите не меньше или удержите их.";
    NO_SUCH_OBJECT = "cart-allocation-delivery-object",
        "No further line of the order has the settlement object \"{ $object }\"; name the lines by position.",
        "В заказе больше нет позиций с признаком предмета расчёта «{ $object }»: укажите номера позиций.";
    KEPT_FROM_FULL = "cart-allocation-kept-from-full",
        "Everything that is left is { $remaining }, and { $kept } of it is kept (lines { $lines }). Ask for { $less } instead, or return those lines.",
        "Всё, что осталось, — { $remaining }, и из них { $kept } удерживается (позиции { $lines }). Запросите { $less } или верните и эти позиции.";
    UNKNOWN_LINE = "cart-allocation-unknown-line",
        "The order has no line \"{ $position }\"; name one of the order's positions.",
        "В заказе нет позиции «{ $position }»: укажите номер из заказа.";
    LINE_TWICE = "cart-allocation-line-twice",
        "Line \"{ $position }\" is named twice; add the quantities up.",
        "Позиция «{ $position }» указана дважды: сложите количества.";
    NOTHING_NAMED = "cart-allocation-nothing-named",
        "No line is named; say which lines come back and how much of each.",
        "Не указано ни одной позиции: напишите, что и сколько возвращается.";
    QUANTITY_OVER = "cart-allocation-quantity",
        "{ $asked } of line \"{ $position }\" asked, { $left } left; ask for more than zero and not more than that.",
        "По позиции «{ $position }» запрошено { $asked }, осталось { $left }: укажите больше нуля и не больше остатка.";
    LINE_OVER_LEFT = "cart-allocation-line-over",
        "{ $asked } for line \"{ $position }\" asked, { $left } left of its money; ask for not more than that.",
        "За позицию «{ $position }» запрошено { $asked }, осталось { $left }: укажите не больше.";
    WORTH_NOTHING = "cart-allocation-worth-nothing",
        "No money is left of line \"{ $position }\", and a line of 0.00 is not taken; leave it out.",
        "За позицию «{ $position }» возвращать уже нечего, а позиция на 0.00 не принимается: не указывайте её.";
    TOO_SMALL = "cart-allocation-too-small",
        "{ $quantity } of line \"{ $position }\" is worth less than the smallest coin; ask for more of it, or for all of it.",
        "{ $quantity } по позиции «{ $position }» стоит меньше копейки: верните больше или всю позицию.";
    CONCESSION_LEAVES = "cart-allocation-concession",
        "{ $amount } and { $quantity } of line \"{ $position }\": { $left } and { $left_quantity } are left, and money and quantity are used up together or not at all. Give back both, or leave some of both.",
        "{ $amount } и { $quantity } по позиции «{ $position }»: осталось { $left } и { $left_quantity }, а деньги и количество кончаются только вместе. Верните и то и другое или оставьте и того и другого.";
    STUCK = "cart-allocation-stuck",
        "{ $left } is left of the money of line \"{ $position }\" and nothing of its quantity: earlier refunds used it up, so no line can carry the money. Give it back without this line, or in the gateway's cabinet.",
        "По позиции «{ $position }» осталось { $left }, а её количество прежние возвраты израсходовали: провести эти деньги позицией нельзя. Верните остальное без неё или в личном кабинете шлюза.";
    NOTHING_LEFT = "cart-allocation-nothing-left",
        "No line of the order has anything left to give back; look at the earlier refunds.",
        "Ни в одной позиции заказа возвращать нечего: посмотрите прежние возвраты.";
    UNACCOUNTED = "cart-allocation-unaccounted",
        "{ $remaining } can still be refunded, the order's lines have { $left } left: an earlier refund does not say which lines it took, or the order is another one. Say which lines come back.",
        "Вернуть можно ещё { $remaining }, а в позициях заказа осталось { $left }: прежний возврат не говорит, какие позиции он занял, или заказ не тот. Укажите позиции сами.";
    LINES_GIVEN = "cart-allocation-lines-given",
        "Lines are given and are to be made, too. Leave the lines out, or allocate by lines.",
        "Позиции и указаны, и должны быть составлены. Уберите позиции или распределяйте по позициям.";
    LINES_PRICED = "cart-allocation-lines-priced",
        "Line \"{ $position }\" has a price or an amount, and its money is to be computed. Leave them out, or do not allocate.",
        "У позиции «{ $position }» указана цена или сумма, а её деньги нужно вычислить. Уберите их или не распределяйте.";
}

fn refusal(path: &str, message: Message) -> Unallocatable {
    Unallocatable { path: path.to_owned(), message }
}

/// A message about a position.
fn at(def: &'static MessageDef, position: &str) -> Message {
    Message::new(def).with("position", sanitize(position, 40))
}

pub(super) fn not_exact(quantity: Quantity, amount: Money, position: &str) -> Unallocatable {
    refusal("amount", at(&NOT_EXACT, position).with("amount", amount).with("quantity", quantity))
}

pub(super) fn no_order() -> Unallocatable {
    refusal("order_file", Message::new(&NO_ORDER))
}

pub(super) fn order_line(line: &Line) -> Unallocatable {
    refusal("order_file", at(&ORDER_LINE, &line.position))
}

pub(super) fn order_twice(position: &str) -> Unallocatable {
    refusal("order_file", at(&ORDER_TWICE, position))
}

pub(super) fn too_large() -> Unallocatable {
    refusal("order_file", Message::new(&TOO_LARGE))
}

pub(super) fn other_currency(given: Currency, expected: Currency, path: &str) -> Unallocatable {
    refusal(path, Message::new(&OTHER_CURRENCY).with("given", given).with("expected", expected))
}

pub(super) fn not_positive(asked: Money) -> Unallocatable {
    refusal("amount", Message::new(&NOT_POSITIVE).with("asked", asked))
}

pub(super) fn over_left(asked: Money, left: Money, kept: &[&Left<'_>]) -> Unallocatable {
    let def = if kept.is_empty() { &OVER_LEFT } else { &OVER_LEFT_KEPT };
    let message = Message::new(def).with("asked", asked).with("left", left);
    refusal("amount", if kept.is_empty() { message } else { message.with("kept", positions(kept)) })
}

pub(super) fn whole_order_over(asked: Money, returned: Money, lines: &[&Left<'_>]) -> Unallocatable {
    let message = Message::new(&WHOLE_ORDER_OVER).with("asked", asked).with("returned", returned);
    refusal("amount", message.with("lines", positions(lines)))
}

pub(super) fn no_such_object(object: &str, index: usize) -> Unallocatable {
    let message = Message::new(&NO_SUCH_OBJECT).with("object", sanitize(object, 40));
    refusal(&format!("allocate.delivery_objects[{index}]"), message)
}

pub(super) fn kept_from_full(remaining: Money, kept: Money, less: Money, lines: &[String]) -> Unallocatable {
    let message =
        Message::new(&KEPT_FROM_FULL).with("remaining", remaining).with("kept", kept).with("less", less);
    let lines: Vec<_> = lines.iter().map(|position| sanitize(position, 40)).collect();
    refusal("allocate.delivery", message.with("lines", lines.join(", ")))
}

pub(super) fn unknown_line(position: &str, path: &str) -> Unallocatable {
    refusal(path, at(&UNKNOWN_LINE, position))
}

pub(super) fn line_twice(index: usize, position: &str) -> Unallocatable {
    refusal(&format!("lines[{index}].position"), at(&LINE_TWICE, position))
}

pub(super) fn nothing_named() -> Unallocatable {
    refusal("lines", Message::new(&NOTHING_NAMED))
}

pub(super) fn quantity_over(asked: Quantity, left: Quantity, position: &str, path: &str) -> Unallocatable {
    refusal(path, at(&QUANTITY_OVER, position).with("asked", asked).with("left", left))
}

pub(super) fn line_over_left(asked: Money, left: Money, position: &str) -> Unallocatable {
    refusal("amount", at(&LINE_OVER_LEFT, position).with("asked", asked).with("left", left))
}

pub(super) fn worth_nothing(position: &str, path: &str) -> Unallocatable {
    refusal(path, at(&WORTH_NOTHING, position))
}

pub(super) fn too_small(quantity: Quantity, position: &str, path: &str) -> Unallocatable {
    refusal(path, at(&TOO_SMALL, position).with("quantity", quantity))
}

pub(super) fn concession_leaves(
    quantity: Quantity,
    amount: Money,
    (left_quantity, left): (Quantity, Money),
    position: &str,
) -> Unallocatable {
    let message = at(&CONCESSION_LEAVES, position).with("amount", amount).with("quantity", quantity);
    refusal("allocate.quantity", message.with("left", left).with("left_quantity", left_quantity))
}

pub(super) fn stuck(left: &Left<'_>, currency: Currency) -> Unallocatable {
    refusal("amount", at(&STUCK, &left.sold.position).with("left", Money::new(left.money, currency)))
}

pub(super) fn nothing_left() -> Unallocatable {
    refusal("amount", Message::new(&NOTHING_LEFT))
}

pub(super) fn unaccounted(remaining: Money, left: Money) -> Unallocatable {
    refusal("lines", Message::new(&UNACCOUNTED).with("remaining", remaining).with("left", left))
}

pub(super) fn lines_given() -> Unallocatable {
    refusal("lines", Message::new(&LINES_GIVEN))
}

pub(super) fn lines_priced(index: usize, position: &str) -> Unallocatable {
    refusal(&format!("lines[{index}].amount"), at(&LINES_PRICED, position))
}

/// `3, 4`.
fn positions(lines: &[&Left<'_>]) -> String {
    let names: Vec<_> = lines.iter().map(|left| sanitize(&left.sold.position, 40)).collect();
    names.join(", ")
}
