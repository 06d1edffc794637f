package bottest

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"

	"communitybot/bot"
)

// Store is a bot.Store in memory, which keeps requests as the real one does: as documents. The zero value is ready.
type Store struct {
	// Between is called before and after each commit, outside the store's lock: a test can die there.
	Between func()

	mu       sync.Mutex
	requests []kept
	events   map[string]int64
	history  []bot.Entry
}

// kept is a stored request.
type kept struct {
	doc   []byte
	state bot.State
}

func (s *Store) between() {
	if s.Between != nil {
		s.Between()
	}
}

// Add keeps a new request; see bot.Requests.
func (s *Store) Add(_ context.Context, r bot.Request) (bot.Request, error) {
	s.between()
	defer s.between()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range r.News() {
		if id := s.events[e.Event]; id > 0 {
			return s.load(id)
		}
	}
	s.requests = append(s.requests, kept{})
	r.ID = int64(len(s.requests))
	if err := s.save(&r); err != nil {
		s.requests = s.requests[:r.ID-1]
		return r, err
	}
	return r, nil
}

// Request returns a request; see bot.Requests.
func (s *Store) Request(_ context.Context, id int64) (bot.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(id)
}

// Change changes a request; see bot.Requests.
func (s *Store) Change(_ context.Context, id int64, event string, fn func(*bot.Request) error) (bot.Request, error) {
	s.between()
	defer s.between()
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen := s.events[event]; event != "" && seen > 0 {
		return s.load(seen)
	}
	r, err := s.load(id)
	if err != nil {
		return r, err
	}
	if err := fn(&r); err != nil {
		return r, err
	}
	return r, s.save(&r)
}

func (s *Store) load(id int64) (r bot.Request, err error) {
	if id < 1 || id > int64(len(s.requests)) {
		return r, &bot.Error{Code: bot.NotFound}
	}
	k := s.requests[id-1]
	err = json.Unmarshal(k.doc, &r)
	r.ID, r.State = id, k.state
	return r, err
}

func (s *Store) save(r *bot.Request) error {
	for i := range s.requests {
		other, err := s.load(int64(i + 1))
		if err == nil && other.ID != r.ID && other.State.Holds() && r.State.Holds() && other.Community.Handle == r.Community.Handle {
			return bot.ErrHeld
		}
	}
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	s.requests[r.ID-1] = kept{doc, r.State}
	if s.events == nil {
		s.events = make(map[string]int64)
	}
	for _, e := range r.News() {
		s.history = append(s.history, e)
		if e.Event != "" {
			s.events[e.Event] = r.ID
		}
	}
	return nil
}

// History returns what happened to a request; see bot.Lookup.
func (s *Store) History(_ context.Context, id int64, after int) ([]bot.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(s.history), func(e bot.Entry) bool { return e.Request != id || e.Seq <= after })
	slices.SortFunc(all, func(a, b bot.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return all, nil
}

// Held returns the handles that requests hold; see bot.Lookup.
func (s *Store) Held(_ context.Context, handles []string) (held []string, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.requests {
		if r, err := s.load(int64(i + 1)); err == nil && r.State.Holds() && slices.Contains(handles, r.Community.Handle) {
			held = append(held, r.Community.Handle)
		}
	}
	return held, nil
}

// List returns requests of a kind; see bot.Lookup.
func (s *Store) List(_ context.Context, f bot.Filter) (list []bot.Request, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := int64(len(s.requests)); id > 0 && len(list) < f.Limit; id-- {
		r, err := s.load(id)
		if err != nil {
			return nil, err
		}
		in, decided := r.DecidedIn()
		of := f.By == nil && f.In == nil || f.By != nil && r.Mine(*f.By) || f.In != nil && decided && in == *f.In
		if of && (f.Before == 0 || id < f.Before) && (!f.Waiting || r.State == bot.Pending) {
			list = append(list, r)
		}
	}
	return list, nil
}
