"""Judges whether what is said lasts: wishes about answers, likings and states of more than one message or moment."""
