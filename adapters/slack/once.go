package slack

import (
	"context"
	"maps"
	"sync"
	"time"
)

// How long something is remembered that is over in a moment, and how many of its kind.
const (
	recentLast = time.Minute
	maxRecent  = 1000
)

// recent keeps values for a minute after they were last wanted. It is safe for concurrent use.
type recent[V any] struct {
	now func() time.Time

	mu   sync.Mutex
	held map[string]*kept[V]
}

type kept[V any] struct {
	value V
	until time.Time
}

func newRecent[V any](now func() time.Time) *recent[V] {
	return &recent[V]{now: now, held: map[string]*kept[V]{}}
}

// at returns what is kept by key, and keeps a new value when that is nothing.
func (r *recent[V]) at(key string, fresh func() V) (value V, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if k := r.held[key]; k != nil && now.Before(k.until) {
		k.until = now.Add(recentLast)
		return k.value, true
	}
	maps.DeleteFunc(r.held, func(_ string, k *kept[V]) bool { return !now.Before(k.until) })
	if len(r.held) >= maxRecent {
		r.dropOldest()
	}
	value = fresh()
	r.held[key] = &kept[V]{value, now.Add(recentLast)}
	return value, false
}

func (r *recent[V]) dropOldest() {
	oldest := ""
	for key, k := range r.held {
		if first := r.held[oldest]; first == nil || k.until.Before(first.until) {
			oldest = key
		}
	}
	delete(r.held, oldest)
}

// deed is what was done by a trigger.
type deed struct {
	over    chan struct{} // closed when it was done
	problem string        // with it, in words for the person
}

func newDeed() *deed { return &deed{over: make(chan struct{})} }

// once has act done for a trigger, the first time that Slack delivers it; act returns words for the person when it fails.
// When Slack delivers it again, those are what is returned.
func (a *Adapter) once(ctx context.Context, trigger string, act func() string) (problem string) {
	d, known := a.forms.at(trigger, newDeed)
	if !known {
		defer close(d.over)
		d.problem = act()
		return d.problem
	}
	select {
	case <-d.over:
		return d.problem
	case <-ctx.Done():
		return ""
	}
}

// tell has what answers a trigger told, later, the first time that Slack delivers it.
func (a *Adapter) tell(ctx context.Context, trigger string, act func(context.Context)) {
	if _, known := a.told.at(trigger, func() struct{} { return struct{}{} }); !known {
		a.later(ctx, act)
	}
}
