package discordfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// apiError is an error as Discord's API answers it.
//
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
type apiError struct {
	status  int
	Code    int            `json:"code"`
	Message string         `json:"message"`
	Errors  map[string]any `json:"errors,omitempty"`
}

// Error returns the JSON.
func (e *apiError) Error() string { return string(marshal(e)) }

var (
	errUnauthorized     = &apiError{status: http.StatusUnauthorized, Message: "401: Unauthorized"}
	errNotFound         = &apiError{status: http.StatusNotFound, Message: "404: Not Found"}
	errMethod           = &apiError{status: http.StatusMethodNotAllowed, Message: "405: Method Not Allowed"}
	errTooLarge         = &apiError{status: http.StatusRequestEntityTooLarge, Code: 40005, Message: "Request entity too large"}
	errUnknownApp       = &apiError{status: http.StatusNotFound, Code: 10002, Message: "Unknown Application"}
	errUnknownChannel   = &apiError{status: http.StatusNotFound, Code: 10003, Message: "Unknown Channel"}
	errUnknownGuild     = &apiError{status: http.StatusNotFound, Code: 10004, Message: "Unknown Guild"}
	errUnknownMessage   = &apiError{status: http.StatusNotFound, Code: 10008, Message: "Unknown Message"}
	errUnknownPerson    = &apiError{status: http.StatusNotFound, Code: 10013, Message: "Unknown User"}
	errUnknownUser      = &apiError{status: http.StatusBadRequest, Code: 50033, Message: "Invalid Recipient(s)"}
	errUnknownWebhook   = &apiError{status: http.StatusNotFound, Code: 10015, Message: "Unknown Webhook"}
	errUnknownInter     = &apiError{status: http.StatusNotFound, Code: 10062, Message: "Unknown interaction"}
	errAcknowledged     = &apiError{status: http.StatusBadRequest, Code: 40060, Message: "Interaction has already been acknowledged."}
	errMissingAccess    = &apiError{status: http.StatusForbidden, Code: 50001, Message: "Missing Access"}
	errNotAuthor        = &apiError{status: http.StatusForbidden, Code: 50005, Message: "Cannot edit a message authored by another user"}
	errEmptyMessage     = &apiError{status: http.StatusBadRequest, Code: 50006, Message: "Cannot send an empty message"}
	errMissingPerms     = &apiError{status: http.StatusForbidden, Code: 50013, Message: "Missing Permissions"}
	errChannelType      = &apiError{status: http.StatusBadRequest, Code: 50024, Message: "Cannot execute action on this channel type"}
	errWebhookToken     = &apiError{status: http.StatusUnauthorized, Code: 50027, Message: "Invalid Webhook Token"}
	errArchived         = &apiError{status: http.StatusBadRequest, Code: 50083, Message: "Thread is archived"}
	errBadJSON          = &apiError{status: http.StatusBadRequest, Code: 50109, Message: "The request body contains invalid JSON."}
	errReplyHistory     = &apiError{status: http.StatusForbidden, Code: 160002, Message: "Cannot reply without permission to read message history"}
	errThreadExists     = &apiError{status: http.StatusBadRequest, Code: 160004, Message: "A thread has already been created for this message"}
	errThreadLocked     = &apiError{status: http.StatusBadRequest, Code: 160005, Message: "Thread is locked"}
	errContentTypeWrong = invalid("", "CONTENT_TYPE_INVALID", `Expected "Content-Type" header to be one of {'application/json'}.`)
)

// checker collects what is wrong with a body, under the path of each field: "embeds.0.title".
type checker struct{ found map[string]any }

// fail notes one error. The first error of a field stands.
func (c *checker) fail(path, code, format string, args ...any) {
	if c.found == nil {
		c.found = make(map[string]any)
	}
	at := c.found
	for part := range strings.SplitSeq(path, ".") {
		if part == "" {
			continue
		}
		below, ok := at[part].(map[string]any)
		if !ok {
			below = make(map[string]any)
			at[part] = below
		}
		at = below
	}
	if _, taken := at["_errors"]; !taken {
		at["_errors"] = []any{map[string]any{"code": code, "message": fmt.Sprintf(format, args...)}}
	}
}

// err returns what was found as Discord answers it, or nil.
func (c *checker) err() *apiError {
	if c.found == nil {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, Code: 50035, Message: "Invalid Form Body", Errors: c.found}
}

func invalid(path, code, format string, args ...any) *apiError {
	var c checker
	c.fail(path, code, format, args...)
	return c.err()
}

// atMost checks the length of s, in code points as Discord counts.
func (c *checker) atMost(path, s string, limit int) {
	if utf8.RuneCountInString(s) > limit {
		c.fail(path, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", limit)
	}
}

// between checks the length of s, or that it is there at all.
func (c *checker) between(path, s string, low, high int) {
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && low > 0:
		c.required(path)
	case n < low || n > high:
		c.fail(path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", low, high)
	}
}

func (c *checker) count(path string, n, low, high int) {
	if n < low || n > high {
		c.fail(path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", low, high)
	}
}

func (c *checker) required(path string) {
	c.fail(path, "BASE_TYPE_REQUIRED", "This field is required")
}

// number checks n, when it is there.
func (c *checker) number(path string, n *int, low, high int) {
	switch {
	case n == nil:
	case *n < low:
		c.fail(path, "NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", low)
	case *n > high:
		c.fail(path, "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", high)
	}
}

// url checks s, when it is there.
func (c *checker) url(path string, s *string, limit int) {
	if s == nil {
		return
	}
	scheme, _, found := strings.Cut(*s, ":")
	if !found {
		scheme = *s
	}
	u, err := url.Parse(*s)
	switch {
	case scheme != "http" && scheme != "https":
		c.fail(path, "URL_TYPE_INVALID_SCHEME", `Scheme "%s" is not supported. Scheme must be one of ('http', 'https').`, scheme)
	case err != nil || u.Hostname() == "":
		c.fail(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	default:
		c.atMost(path, *s, limit)
	}
}

// decode reads JSON into v. Values of a wrong type are an Invalid Form Body at their field.
func decode(body []byte, v any) *apiError {
	err := json.Unmarshal(body, v)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return invalid(wrong.Field, "BASE_TYPE_INVALID", "Could not interpret %q as %s.", wrong.Value, wrong.Type)
	default:
		return errBadJSON
	}
}

// marshal encodes v, which is always one of this package's own types.
func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("discordfake: " + err.Error())
	}
	return b
}

func (c *checker) atLeast(path, s string, limit int) {
	if utf8.RuneCountInString(s) < limit {
		c.fail(path, "BASE_TYPE_MIN_LENGTH", "Must be %d or more in length.", limit)
	}
}
