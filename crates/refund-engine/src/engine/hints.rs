//! News that comes by itself: of receipts, and hints that an acknowledged refund may have moved.
//!
//! Neither decides about money. It must not know a gateway.

use super::Engine;
use crate::{
    codec::Note,
    driver::{Halt, Patience, Report},
    journal::ListQuery,
    machine::{Event, ReceiptTrack},
};
use refund_core::{AccountId, Callback, IntentId, NotifyError, ProviderId};

/// Why a callback was no hint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HintError {
    /// No gateway of this account, or one that sends no callbacks about refunds.
    #[error("no callbacks are expected for this account")]
    NoCallbacks,
    /// It is not genuine, or about something else.
    #[error(transparent)]
    Refused(#[from] NotifyError),
    /// The journal.
    #[error(transparent)]
    Halt(#[from] Halt),
}

impl Engine {
    /// Writes news of the receipt down, in whatever phase the refund is. It never changes the phase, nor what is done
    /// about the money.
    ///
    /// # Errors
    /// [`Halt`].
    pub async fn receipt_news(
        &self,
        intent: IntentId,
        receipt: ReceiptTrack,
        note: Note,
    ) -> Result<Report, Halt> {
        self.event(intent, Event::ReceiptNews(receipt), Patience::None, Some(note)).await
    }

    /// Somebody says that there may be news: an acknowledged refund's status is asked for, whatever was said. Where there
    /// is nothing to ask for nothing is done; above all nothing is sent.
    ///
    /// # Errors
    /// [`Halt`].
    pub async fn hint(&self, intent: IntentId) -> Result<Report, Halt> {
        self.event(intent, Event::Hint, Patience::None, None).await
    }

    /// Takes a callback of a gateway: a genuine one is a hint about the refunds of its payment, any other is refused and
    /// nobody is asked anything.
    ///
    /// # Errors
    /// [`HintError`]; each refund's own end is in the list.
    pub async fn notified(
        &self,
        provider: &ProviderId,
        account: &AccountId,
        callback: &Callback,
    ) -> Result<Vec<(IntentId, Result<Report, Halt>)>, HintError> {
        let key = (provider.clone(), account.clone());
        let account = self.accounts.get(&key).ok_or(HintError::NoCallbacks)?;
        let notifications = account.provider.notifications().ok_or(HintError::NoCallbacks)?;
        let notice = notifications.verify(callback)?;
        // What it is about is believed only as far as it is this account's.
        if (&notice.payment.provider, &notice.payment.account) != (&key.0, &key.1) {
            return Err(NotifyError::Irrelevant.into());
        }
        let query = ListQuery { payment: Some(notice.payment), ..ListQuery::default() };
        let mut ends = Vec::new();
        for listed in self.journal.list(&query).await.map_err(Halt::from)? {
            if listed.state.may_be_asked_for() {
                ends.push((listed.intent, self.hint(listed.intent).await));
            }
        }
        Ok(ends)
    }
}
