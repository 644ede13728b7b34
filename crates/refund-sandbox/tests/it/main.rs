//! The sandbox over real HTTP, checked against the documents.
//!
//! Expected values are written by hand from the documents, never computed by the code under test. No
//! test sleeps or asks the time.

mod callbacks;
mod chaos;
mod control;
mod ecom;
mod ecom_order;
mod ecom_receipts;
mod ecom_refund;
mod faults;
mod hostile;
mod readme;
mod robokassa_refund;
mod robokassa_status;
mod sber_cart;
mod sber_loyalty;
mod sber_refund;
mod sber_status;
mod support;
