//! Every row of the tables, once.
