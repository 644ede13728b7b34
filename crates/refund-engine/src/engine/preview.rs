//! What a refund would come to: checked the way a run would, with no trace.

use super::{Engine, NewRefund};
use crate::{driver::Halt, lineage::lineage_key, prior::prior};
use refund_core::{CheckedRefund, LookupError, Payment, Prepared, Violations, rules};

/// What a refund would come to, with nothing planned, reserved or sent.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The payment as the gateway knows it.
    pub payment: Payment,
    /// The refund the rules accepted.
    pub checked: CheckedRefund,
    /// The request that would be sent, without credentials.
    pub prepared: Prepared,
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// The payment could not be looked up.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// Rules refuse the refund.
    #[error("{0}")]
    Rules(#[from] Violations),
    /// The journal or the configuration.
    #[error(transparent)]
    Halt(#[from] Halt),
}

impl Engine {
    /// Checks a refund the way a run would, without planning, reserving or sending anything.
    ///
    /// # Errors
    /// [`PreviewError`].
    pub async fn preview(&self, new: &NewRefund) -> Result<Preview, PreviewError> {
        let provider = self.provider(&new.command.payment)?;
        let intent = self.intent_of(new);
        let payment = provider.lookup(&new.command.payment).await?;
        let currency = payment.captured.currency();
        let prior =
            prior(&*self.journal, &new.command.payment, currency, intent).await.map_err(Halt::from)?;
        let checked = rules::check(&new.command, &payment, &prior, &provider.describe().cart)?;
        let key = lineage_key(&new.command.payment, intent, 1);
        let prepared = provider.prepare(&checked, &payment, &key)?;
        Ok(Preview { payment, checked, prepared })
    }
}
