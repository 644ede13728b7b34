//! The rule book from outside: its table, its precedence, its bindings, and what it does with whatever it is given.

mod bad_input;
mod binding;
mod case;
mod outside;
mod precedence;
mod several;
mod suggestions;
mod table;
mod values;
