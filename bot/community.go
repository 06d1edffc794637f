package bot

import (
	"context"
	"time"
)

// Community is what is asked of Genuin: every field of its Create Community API but `actions`, which the
// configuration holds.
type Community struct {
	Name        string   `json:"name"`
	Handle      string   `json:"handle"`
	Description string   `json:"description,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Type        string   `json:"type,omitempty"`           // a value of GENUIN_COMMUNITY_TYPES
	Categories  []int64  `json:"categories,omitempty"`     // IDs of existing ones
	Proposed    []string `json:"new_categories,omitempty"` // names of new ones
	Picture     string   `json:"picture,omitempty"`        // file name of the profile picture
	Banner      string   `json:"banner,omitempty"`         // file name
	Members     []string `json:"members,omitempty"`        // Genuin user IDs

	AI        bool `json:"ai,omitempty"`         // made by AI
	AIPicture bool `json:"ai_picture,omitempty"` // Genuin is to make the picture
	AIBanner  bool `json:"ai_banner,omitempty"`  // Genuin is to make the banner
}

// Made is a community that exists on Genuin. Everything but ID may be empty. The leader's phone number, which Genuin
// sends too, is not here on purpose.
type Made struct {
	ID     string `json:"id,omitempty"`
	URL    string `json:"url,omitempty"` // share_url
	Image  string `json:"image,omitempty"`
	Banner string `json:"banner,omitempty"`
	Color  string `json:"color,omitempty"` // "#A4E6DA"
}

// Genuin makes communities. The error of a call that did not make one is always a *Refusal.
type Genuin interface {
	Create(ctx context.Context, c Community) (Made, error)
}

// Reason is why Genuin did not make a community, as far as it decides what happens next.
type Reason string

// The reasons.
const (
	HandleTaken     Reason = "handle_taken"     // 5216
	CategoryUnknown Reason = "category_unknown" // 5220
	BadRequest      Reason = "bad_request"      // 400
	Unauthorized    Reason = "unauthorized"     // the token is refused, a new one too; or none is to be had
	Misuse          Reason = "misuse"           // 5166
	RateLimited     Reason = "rate_limited"     // 429: not made, wait RetryAfter
	Unreachable     Reason = "unreachable"      // never sent: no name, no connection, no TLS
	NoAnswer        Reason = "no_answer"        // sent, and the answer lost or unreadable: it may have been made
	Broken          Reason = "broken"           // Genuin answered that it failed
	NobodyAsked     Reason = "nobody_asked"     // the approvers can't be reached; Genuin was not called
)

// Refusal is a call to Genuin that made no community, or none that we know of.
type Refusal struct {
	Reason     Reason
	Status     int    // HTTP; 0 without an answer
	Code       string // Genuin's, e.g. "5216"
	Message    string // Genuin's words for people, out of their XXXX-[…]; may be empty
	RetryAfter time.Duration
	Uncalled   bool  // Genuin was not even called, to leave it alone
	Err        error // the cause, for the log; holds no secret
}

// Error returns the form for logs.
func (r *Refusal) Error() string {
	s := "genuin: " + string(r.Reason)
	if r.Code != "" {
		s += " (" + r.Code + ")"
	}
	if r.Message != "" {
		s += ": " + r.Message
	}
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// MayHaveLanded reports whether the community may exist although the call failed.
func (r *Refusal) MayHaveLanded() bool { return r.Reason == NoAnswer }

// MayHaveFailedAfter reports whether Genuin may have made the community and failed only then. A page that says that there
// is nothing here, or that it is elsewhere, shows that nobody looked at what was asked for.
func (r *Refusal) MayHaveFailedAfter() bool {
	return r.Reason == Broken && r.Status/100 != 3 && r.Status/100 != 4
}

// SaysNothing reports whether the refusal leaves open what became of calls before it.
func (r *Refusal) SaysNothing() bool {
	switch r.Reason {
	case Broken, Unreachable, RateLimited, HandleTaken:
		return true
	}
	return false
}
