//! refund.do: the whole exchange as bytes.
//!
//! The reply holds a code and words, and no id of the refund, in any dialect of any document (CONFIRMED by absence).
//! It must not know what a code means for a refund.

pub use super::{
    form::{Amount, JsonParams, JsonParamsError, Language, RefundForm},
    items::{RefundItem, RefundItems},
    ofd::{OfdParams, OfdParamsError},
    reply::{Answer, Refusal, Unusable},
};

/// The method's file name under the base URL.
pub const METHOD: &str = "refund.do";

/// Reads the reply.
///
/// # Errors
/// [`Unusable`]: the refund may or may not have happened.
pub fn decode(http_status: u16, body: &[u8]) -> Result<Answer<()>, Unusable> {
    super::reply::read(http_status, body)
}
