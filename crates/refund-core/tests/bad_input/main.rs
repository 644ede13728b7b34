//! Refunds nobody should send: empty, doubled, negative, enormous, hostile. The answer is a verdict, never a panic and
//! never a hang; what a person is shown holds nothing that could deceive the eye or a terminal.

mod numbers;
mod shapes;
mod size;
mod support;
mod texts;
