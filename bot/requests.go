package bot

import (
	"context"
	"errors"
)

// ErrHeld says that another request, open or finished, has the handle already.
var ErrHeld = errors.New("another request has this handle")

// Requests keeps requests, together with the work they want and their history. What a call returns without an error is
// on disk. A request that does not exist is a NotFound *Error.
type Requests interface {
	// Add keeps a new request and returns it with its ID. When the event behind it was seen before, it returns the
	// request as it is now. ErrHeld when another one holds the handle.
	Add(ctx context.Context, r Request) (Request, error)
	// Request returns a request.
	Request(ctx context.Context, id int64) (Request, error)
	// Change runs fn on the request while nobody else can, and keeps what fn made of it; when fn fails nothing is
	// kept and its error is returned. When the event (empty: none) was seen before, fn does not run. ErrHeld as in Add.
	Change(ctx context.Context, id int64, event string, fn func(*Request) error) (Request, error)
}

// Lookup finds things in what is kept.
type Lookup interface {
	// History returns the entries of a request with a Seq above after, in order.
	History(ctx context.Context, id int64, after int) ([]Entry, error)
	// Held returns those of the handles that a request holds.
	Held(ctx context.Context, handles []string) ([]string, error)
	// List returns the newest requests of a kind.
	List(ctx context.Context, f Filter) ([]Request, error)
}

// Filter is a kind of requests. With both By and In, it is those of either.
type Filter struct {
	By      *User  // asked for by this person
	In      *Place // decided on there, by its Platform and Tenant
	Waiting bool   // only those that wait for people to agree
	Before  int64  // with a lower ID; 0: from the newest on
	Limit   int
}

// Store keeps everything.
type Store interface {
	Requests
	Lookup
}
