package bot

import (
	"context"
	"time"
)

// Draft is a form that is filled in over several steps, on a platform that can't show it whole.
type Draft struct {
	ID      string
	Owner   User
	Call    Call
	Values  Values
	Updated time.Time
}

// Drafts keeps drafts for some days. Draft answers a NotFound *Error when there is none (any more).
type Drafts interface {
	SaveDraft(ctx context.Context, d Draft) error
	Draft(ctx context.Context, id string) (Draft, error)
}
