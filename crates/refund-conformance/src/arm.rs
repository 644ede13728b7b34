//! The kit's own way to a permit: a record in memory, written as the engine writes it.
//!
//! It must not let a test make a permit without a record.

use async_trait::async_trait;
use refund_core::{
    ArmError, ArmLog, ArmRecord, At, Clock, Digest, IntentId, Journaled, Opened, permit::FIRE_WITHIN,
};
use std::sync::{Mutex, PoisonError};

/// An [`ArmLog`] in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryLog(Mutex<Vec<ArmRecord>>);

#[async_trait]
impl ArmLog for MemoryLog {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(*record);
        Ok(())
    }
}

impl MemoryLog {
    /// Writes the record of one send and makes its permit, which dies after [`FIRE_WITHIN`].
    pub(crate) async fn journal(
        &self,
        opened: Box<dyn Opened>,
        digest: Digest,
        clock: &dyn Clock,
    ) -> Result<Journaled, ArmError> {
        let seq = self.0.lock().unwrap_or_else(PoisonError::into_inner).len() as u64;
        let at = At { intent: IntentId(1), fence: 1, seq };
        let fire_by = clock.now().after(FIRE_WITHIN);
        let record = ArmRecord { at, lineage: 1, attempt: 1, digest, fire_by };
        Journaled::arm(opened, &record, self).await
    }
}
