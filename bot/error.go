package bot

import (
	"errors"
	"time"
)

// Code is the kind of an Error: what the edge logs, counts and answers by.
type Code string

// The codes.
const (
	Invalid   Code = "invalid"   // what was sent can't be used; Fields say where
	NotFound  Code = "not_found" // there is no such thing (any more)
	Conflict  Code = "conflict"  // it has changed in the meantime
	Forbidden Code = "forbidden" // this person may not
	NoAccess  Code = "no_access" // the bot may not post there
	Gone      Code = "gone"      // the message was deleted
	Busy      Code = "busy"      // wait RetryAfter, then try again
	Internal  Code = "internal"  // our fault
)

// LongestWait is how long a platform may ask to wait. No limit of theirs lasts longer, and a number that is wrong must not
// hold up a channel, or park news, for ever.
const LongestWait = time.Hour

// Error is a failure. Message and Fields are words for people, in their language; without any, package words has some for
// the code. Err is for the log and never shown.
type Error struct {
	Code       Code
	Message    string
	Fields     map[string]string // by field name
	RetryAfter time.Duration     // of Busy; LongestWait at most
	Err        error
}

// Error returns the code, the message and the cause: the form for logs.
func (e *Error) Error() string {
	s := string(e.Code)
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of err: Internal for an error that is not an *Error, "" for nil.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	default:
		return Internal
	}
}
