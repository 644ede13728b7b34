//! `register.do` and `registerPreAuth.do`: an order appears that somebody may pay.
//!
//! An order does not expire here, although a real one does after twenty minutes (CONFIRMED): the
//! sandbox's clock moves for other reasons.

use serde::Serialize;

use super::bundle::{BUNDLE, Bundle};
use super::cart;
use super::refusal::Refusal;
use super::reply::{self, Done, Head};
use super::request::{JSON_PARAMS, LANGUAGE, PASSWORD, Request, SUM, USER, Unreadable};
use super::schema::{Class, Member, Shape, may, must};
use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ids;
use crate::ledger::{Direction, Gateway, Payment, Phase, Scheme, What};
use crate::world::World;

/// CONFIRMED, ecomtest; the type of `sessionTimeoutSecs` and the limits of `features`, `email` and `phone`
/// are a GUESS.
static SCHEMA: &[Member] = &[
    USER,
    PASSWORD,
    must("orderNumber", Shape::Text(1, 36, Class::Txt)),
    must("amount", SUM),
    // A number is refused (REPORTED, third-party issue thread).
    may("currency", Shape::Text(3, 3, Class::Digits)),
    must("returnUrl", Shape::Text(12, 2_048, Class::Ascii)),
    may("failUrl", Shape::Text(12, 2_048, Class::Ascii)),
    may("description", Shape::Text(1, 598, Class::Txt)),
    LANGUAGE,
    may("clientId", Shape::Text(1, 255, Class::Txt)),
    may("merchantLogin", Shape::Text(1, 255, Class::Ascii)),
    JSON_PARAMS,
    may("sessionTimeoutSecs", Shape::Integer(0, 999_999_999)),
    may("expirationDate", Shape::Text(19, 19, Class::Ascii)),
    may("features", Shape::Text(1, 255, Class::Ascii)),
    may("email", Shape::Text(3, 64, Class::Ascii)),
    may("phone", Shape::Text(1, 19, Class::Phone)),
    may("orderBundle", BUNDLE),
];

/// The name of the loyalty points an order is paid with; an integer (CONFIRMED).
const BONUS: &str = "sbrf_spasibo:amount_bonus";
const LARGEST_BONUS: u64 = 4_294_967_200;

/// `register.do`: paying takes the money.
pub(crate) fn register(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, Scheme::OneStage)
}

/// `registerPreAuth.do`: paying holds it.
pub(crate) fn register_pre_auth(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, Scheme::TwoStage)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registered {
    #[serde(flatten)]
    head: Head,
    order_id: String,
    form_url: String,
    external_params: ExternalParams,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalParams {
    sbol_deep_link: String,
}

fn answer(world: &mut World, call: &Call, twist: &Twist, scheme: Scheme) -> Reply {
    let refused =
        |refusal: &Refusal| reply::at(axum::http::StatusCode::OK, &Head::refusal(refusal).twisted(twist));
    let request = match Request::open(call, SCHEMA, &world.switches.sber.ecom) {
        Ok(request) => request,
        Err(Unreadable::Plain(reply)) => return reply,
        Err(Unreadable::Refused(refusal)) => return refused(&refusal),
    };
    match enter(world, &request, scheme) {
        Ok(id) => reply::json(&Registered {
            head: Head::success(Done::Now).twisted(twist),
            form_url: format!("https://ecomtest.sberbank.ru/pay?orderId={id}"),
            external_params: ExternalParams { sbol_deep_link: format!("sberpay://invoicing/v2?id={id}") },
            order_id: id,
        }),
        Err(refusal) => refused(&refusal),
    }
}

fn enter(world: &mut World, request: &Request<'_>, scheme: Scheme) -> Result<String, Refusal> {
    let switches = &world.switches.sber.ecom;
    let number = request.text("orderNumber").ok_or_else(|| Refusal::mandatory("orderNumber"))?;
    let amount = request.integer("amount").filter(|amount| *amount > 0).ok_or_else(Refusal::wrong_amount)?;
    if !world.ledger.numbered(Gateway::SberEcom, &number).is_empty() {
        return Err(Refusal::number_taken());
    }
    let points = points(request, amount)?;
    let currency = request.text("currency").unwrap_or_else(|| "643".to_owned());
    if points > 0 && currency != "643" {
        return Err(Refusal::cart_currency());
    }
    let bundle =
        request.raw("orderBundle").map(|text| Bundle::read(text, switches.tax_type_max)).transpose()?;
    if let Some(bundle) = &bundle {
        cart::consistent(bundle, amount, &currency, switches)?;
        if bundle.receipt == Some(Direction::SellRefund) {
            return Err(Refusal::cart_format("orderBundle.receiptType: a registration sells"));
        }
        // One of them is mandatory for a receipt (CONFIRMED).
        if bundle.receipt.is_some() && request.raw("email").or(request.raw("phone")).is_none() {
            return Err(Refusal::mandatory("email or phone: missing"));
        }
    }
    let id = ids::uuid().to_string();
    let money = amount - points;
    let order = Payment {
        registered: money,
        captured: 0,
        credited: 0,
        points,
        currency,
        phase: Phase::Created,
        scheme,
        cart: bundle.iter().flat_map(|bundle| bundle.items.iter().map(|item| item.raw.clone())).collect(),
        bundle: bundle.map(|bundle| bundle.raw),
        ..Payment::paid(Gateway::SberEcom, id.clone(), number, money, world.clock.now())
    };
    world.ledger.enter(order);
    world.ledger.change(Gateway::SberEcom, &id, Some(What::Created), |_| ());
    Ok(id)
}

/// An order is never paid with points alone (CONFIRMED).
fn points(request: &Request<'_>, amount: u64) -> Result<u64, Refusal> {
    let Some(token) = request.param(BONUS) else { return Ok(0) };
    let integer = token.bytes().all(|byte| byte.is_ascii_digit());
    let points = token.parse::<u64>().ok().filter(|points| integer && *points <= LARGEST_BONUS);
    let points = points.ok_or_else(|| Refusal::invalid(format!("jsonParams.{BONUS}: not an integer")))?;
    if points < amount { Ok(points) } else { Err(Refusal::wrong_amount()) }
}
