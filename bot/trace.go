package bot

import (
	"context"
	"net/http"
	"strconv"
)

// RequestHeader names, on every HTTP call that the bot makes for a request by itself, the number of that request: in the
// log of a proxy, or of whoever was called, it leads back to `/communities show`.
const RequestHeader = "Communitybot-Request"

type requestKey struct{}

// ForRequest returns a context for work on a request: HTTP calls that it is given to are marked by Traced.
func ForRequest(ctx context.Context, id int64) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// Trace writes RequestHeader into a header, when ctx is for work on a request.
func Trace(ctx context.Context, h http.Header) {
	if id, ok := ctx.Value(requestKey{}).(int64); ok {
		h.Set(RequestHeader, strconv.FormatInt(id, 10))
	}
}

type aliveKey struct{}

// OnlyWhile returns a context in which Traced sends nothing any more once alive says no. A process that is frozen between
// two steps does not notice when it goes on: what it was about to send, somebody else may have sent by then.
func OnlyWhile(ctx context.Context, alive func() bool) context.Context {
	return context.WithValue(ctx, aliveKey{}, alive)
}

// Traced returns a transport that marks what goes through next, and answers ErrTaken instead where OnlyWhile says so.
func Traced(next http.RoundTripper) http.RoundTripper { return traced{next} }

type traced struct{ next http.RoundTripper }

// RoundTrip sends one request. Whether it still may is looked at last.
func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	marked := r.Clone(r.Context())
	Trace(r.Context(), marked.Header)
	if alive, ok := r.Context().Value(aliveKey{}).(func() bool); ok && !alive() {
		return nil, ErrTaken
	}
	return t.next.RoundTrip(marked)
}
