package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// topic is a part of the sandbox that changes by itself.
type topic struct {
	name    string
	changed func() <-chan struct{}
}

// bell rings for whoever waits for the next change.
type bell struct {
	mu   sync.Mutex
	next chan struct{}
}

func (b *bell) changed() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// breath is how long changes are gathered before a page is told of them.
const breath = 20 * time.Millisecond

// serveEvents tells a page what has changed, by the name of the part, until the page or the sandbox is closed. At first
// everything has. https://html.spec.whatwg.org/multipage/server-sent-events.html
func (s *Sandbox) serveEvents(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // a server without time-outs has none to lift
	_ = out.SetWriteDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	ctx, cancel := context.WithCancel(r.Context())
	rung := make(chan string, len(s.topics))
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	for _, t := range s.topics {
		watching.Go(func() { watch(ctx, t, rung) })
	}
	for {
		select {
		case name := <-rung:
			if _, err := fmt.Fprintf(w, "event: %s\ndata: \n\n", name); err != nil {
				return
			}
			if err := out.Flush(); err != nil {
				return
			}
		case <-ctx.Done():
			return
		case <-s.over:
			return
		}
	}
}

// watch rings for a topic at first and after each change, until ctx ends.
func watch(ctx context.Context, t topic, rung chan<- string) {
	for {
		changed := t.changed()
		select {
		case rung <- t.name:
		case <-ctx.Done():
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(breath):
		case <-ctx.Done():
			return
		}
	}
}
