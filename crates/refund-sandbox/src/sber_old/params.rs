//! Where the parameters of a call are: in the form of a POST, in the query of a GET.
//!
//! Knows encodings, no meaning.

use axum::http::{Method, StatusCode};

use crate::call::{Call, Reply};
use crate::switches::Duplicates;
use crate::text::form::Form;

/// The parameters, or an answer below the level of error codes.
///
/// A POST whose `Content-Type` is not the form's has no parameters, as in a Java servlet: the call
/// then fails for want of credentials with code 5 and HTTP 200 (GUESS). GET works on the platform too
/// (REPORTED), though the document asks for a form (CONFIRMED). A POST's query string is not read.
pub(super) fn read(call: &Call, duplicates: Duplicates) -> Result<Form, Reply> {
    let form = call.is_media_type("application/x-www-form-urlencoded");
    let text: &[u8] = match (&call.method, form) {
        (method, _) if *method == Method::GET => call.query(),
        (_, true) => &call.body,
        (_, false) => b"",
    };
    let form = Form::parse(text).map_err(|_| unreadable("a parameter is badly encoded"))?;
    if duplicates == Duplicates::Refuse && form.has_duplicates() {
        return Err(unreadable("a parameter is given twice"));
    }
    Ok(form)
}

/// HTTP 400 and a text of the sandbox's own: nothing is attested for such a request.
fn unreadable(why: &str) -> Reply {
    Reply::new(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", format!("sandbox: {why}\n"))
}
