//! Changes a user's two-factor (TFA) method on an ONLYOFFICE DocSpace portal.
