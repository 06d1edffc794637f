package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"communitybot/bot"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
)

// beside changes a Postgres database beside whoever works on it.
func beside(t *testing.T, url, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// one reads one value of a Postgres database.
func one[T any](t *testing.T, url, query string) (v T) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), query).Scan(&v); err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatal(err)
	}
	return v
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(30 * time.Second); !so(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

// works has a replica do work until the test ends.
func works(t *testing.T, s *store.Store, worker store.Worker) *store.Queue {
	t.Helper()
	q, err := s.Work(t.Context(), worker)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return q
}

func idle(context.Context, bot.Job) error { return bot.ErrNoTask }

var ben = bot.User{Platform: "slack", ID: "U2"}

func TestTenReplicasStartAtOnceOnAnEmptyDatabase(t *testing.T) {
	url := pgtest.Empty(t)
	replicas := make([]*store.Store, 10)
	var all sync.WaitGroup
	for i := range replicas {
		all.Go(func() { replicas[i] = openPostgres(t, url, time.Now) })
	}
	all.Wait()
	if t.Failed() {
		return
	}
	var mu sync.Mutex
	did := map[int64]int{}
	for _, s := range replicas {
		works(t, s, func(ctx context.Context, j bot.Job) error {
			_, err := s.Change(ctx, j.Request, "", func(r *bot.Request) error {
				if _, err := r.Begin(j.Work, s.Owner(), time.Now(), time.Minute); err != nil {
					return err
				}
				r.Finish(j.Work)
				return nil
			})
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				did[j.Request]++
			}
			return err
		})
	}
	const requests = 50
	for i := range requests {
		r := bot.Request{Community: bot.Community{Handle: fmt.Sprint("acme-", i)}, Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: time.Now(), Seq: 1}}}
		if _, err := replicas[i%len(replicas)].Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "all is done", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(did) == requests
	})
	mu.Lock()
	defer mu.Unlock()
	for id, times := range did {
		if times != 1 {
			t.Errorf("request %d was done %d times", id, times)
		}
	}
	if n := one[int](t, url, `SELECT count(*) FROM replicas`); n != len(replicas) {
		t.Errorf("%d replicas are known, want %d", n, len(replicas))
	}
}

// TestTheSameEventReachesTwoReplicasAtOnce sends each event to both, several times at once. It counts once, and all are
// told the same.
func TestTheSameEventReachesTwoReplicasAtOnce(t *testing.T) {
	url := pgtest.URL(t)
	replicas := []*store.Store{openPostgres(t, url, time.Now), openPostgres(t, url, time.Now)}
	both := func(do func(*store.Store) (bot.Request, error)) bot.Request {
		t.Helper()
		var got [8]bot.Request
		var errs [8]error
		var all sync.WaitGroup
		for i := range got {
			all.Go(func() { got[i], errs[i] = do(replicas[i%2]) })
		}
		all.Wait()
		for i := range got {
			if errs[i] != nil || got[i].ID != got[0].ID || got[i].State != got[0].State {
				t.Fatalf("one event led to request %d, %s, error %v, and to request %d, %s, error %v",
					got[0].ID, got[0].State, errs[0], got[i].ID, got[i].State, errs[i])
			}
		}
		return got[0]
	}
	for i := range 30 {
		ask := bot.Event{ID: fmt.Sprint("ask", i), By: bot.User{Platform: "slack", ID: "U1"}}
		added := both(func(s *store.Store) (bot.Request, error) {
			return s.Add(context.Background(), bot.NewRequest(ask, bot.Community{Handle: fmt.Sprint("acme-", i)}, "", bot.Policy{Required: 2}, time.Now()))
		})
		agree := bot.Event{ID: fmt.Sprint("agree", i), By: ben}
		gone := both(func(s *store.Store) (bot.Request, error) {
			return s.Change(context.Background(), added.ID, agree.ID, func(r *bot.Request) error {
				return r.Withdraw(bot.Event{ID: agree.ID, By: ask.By}, r.Version, time.Now())
			})
		})
		if gone.State != bot.IsWithdrawn {
			t.Fatalf("it is %s", gone.State)
		}
	}
	if n := one[int](t, url, `SELECT count(*) FROM history`); n != 60 {
		t.Errorf("%d entries of what happened, want 60", n)
	}
}

// TestWhatADeadReplicaWasAtIsTakenOver has one die in the middle of a call: its row stays, and does not beat.
func TestWhatADeadReplicaWasAtIsTakenOver(t *testing.T) {
	url := pgtest.URL(t)
	s := openPostgres(t, url, time.Now)
	lost := make(chan bot.Request, 10)
	works(t, s, func(ctx context.Context, j bot.Job) error {
		if j.Work != bot.Make {
			return bot.ErrNoTask
		}
		r, err := s.Change(ctx, j.Request, "", func(r *bot.Request) error { return r.Call(s.Owner(), time.Now(), time.Hour) })
		if err == nil {
			lost <- r
		}
		return err
	})
	beside(t, url, `INSERT INTO replicas (id, beat) VALUES ('dead', (extract(epoch FROM clock_timestamp()) * 1000)::bigint)`)
	beside(t, url, `INSERT INTO leases (name, owner, until) VALUES ('gateway', 'dead', 9000000000000)`)
	r := bot.NewRequest(bot.Event{ID: "ask", By: ben}, bot.Community{Handle: "acme"}, "", bot.Policy{}, time.Now())
	if err := r.Call("dead", time.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}
	r, err := s.Add(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-lost:
		if got.ID != r.ID || !got.Calls.Lost {
			t.Errorf("request %d, lost %v; want %d, and that its call may have arrived", got.ID, got.Calls.Lost, r.ID)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nobody took the work over")
	}
	eventually(t, "the dead one is forgotten", func() bool {
		return one[int](t, url, `SELECT (SELECT count(*) FROM replicas WHERE id = 'dead') + (SELECT count(*) FROM leases WHERE owner = 'dead')`) == 0
	})
}

// TestAReplicaThatCountsAsDeadKnows also has it come back, once others are done with what it had.
func TestAReplicaThatCountsAsDeadKnows(t *testing.T) {
	url := pgtest.URL(t)
	s, other := openPostgres(t, url, time.Now), openPostgres(t, url, time.Now)
	if s.Alive() {
		t.Error("it may act before it is at work")
	}
	works(t, s, idle)
	if !s.Alive() {
		t.Fatal("it may not act on what it has")
	}
	acting, end := s.While(t.Context())
	defer end()
	r := bot.NewRequest(bot.Event{ID: "ask", By: ben}, bot.Community{Handle: "acme"}, "", bot.Policy{}, time.Now())
	if err := r.Call(s.Owner(), time.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	beside(t, url, `UPDATE replicas SET taken = 9000000000000`)
	eventually(t, "it may not act any more", func() bool { return !s.Alive() && acting.Err() != nil })
	beside(t, url, `UPDATE replicas SET taken = 0`)
	works(t, other, idle)
	eventually(t, "it is back", s.Alive)
	got, err := s.Request(t.Context(), 1)
	if err != nil || got.Tasks[bot.Make].Owner != "" || !got.Tasks[bot.Make].Dropped {
		t.Errorf("the task is %+v, error %v; want it dropped", got.Tasks[bot.Make], err)
	}
}

func TestOneReplicaLeadsAndAnotherFollows(t *testing.T) {
	url := pgtest.URL(t)
	first, second := openPostgres(t, url, time.Now), openPostgres(t, url, time.Now)
	leader := func() string { return one[string](t, url, `SELECT owner FROM leases WHERE name = 'periodic work'`) }
	q, err := first.Work(t.Context(), idle)
	if err != nil {
		t.Fatal(err)
	}
	q.Look(t.Context())
	works(t, second, idle).Look(t.Context())
	if got := leader(); got != first.Owner() {
		t.Errorf("%q leads, want the first, %q", got, first.Owner())
	}
	if err := errors.Join(q.Stop(t.Context()), first.Close()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second leads", func() bool { return leader() == second.Owner() })
}

// TestAReplicaWhoseClockIsOffLeavesItToOthers also has it do what nobody else does.
func TestAReplicaWhoseClockIsOffLeavesItToOthers(t *testing.T) {
	url := pgtest.URL(t)
	off, right := openPostgres(t, url, time.Now), openPostgres(t, url, time.Now)
	leads := func(s *store.Store) bool {
		t.Helper()
		leads, err := s.Leads(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return leads
	}
	if err := off.Ready(t.Context()); err != nil || !leads(off) {
		t.Fatalf("it does not lead before its clock is off; ready: %v", err)
	}
	off.ClockIsOff(-time.Minute)
	if err := off.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "1m0s ahead of the database's") {
		t.Errorf("ready: %v, want that the clock is ahead", err)
	}
	if leads(off) {
		t.Error("it goes on leading")
	}
	beside(t, url, `UPDATE leases SET until = until - 12000`)
	if leads(off) || !leads(right) {
		t.Error("the other one does not lead")
	}
	beside(t, url, `UPDATE leases SET until = until - 60000`)
	if !leads(off) {
		t.Error("nobody leads")
	}
}

// TestTablesOfALaterRelease opens a database to which a later release only added: this one works with it, as while it is
// being replaced. Where the later release says that it can't be, it does not start.
func TestTablesOfALaterRelease(t *testing.T) {
	url := pgtest.URL(t)
	running := openPostgres(t, url, time.Now)
	beside(t, url, `ALTER TABLE requests ADD COLUMN later TEXT NOT NULL DEFAULT 'x'`)
	beside(t, url, `ALTER TABLE history ADD COLUMN later TEXT`)
	beside(t, url, `CREATE TABLE later (id BIGINT)`)
	beside(t, url, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, TRUE)`)
	for i, s := range []*store.Store{running, openPostgres(t, url, time.Now)} {
		works(t, s, idle)
		ask := bot.Event{ID: fmt.Sprint("ask", i), By: ben}
		r, err := s.Add(t.Context(), bot.NewRequest(ask, bot.Community{Handle: fmt.Sprint("acme-", i)}, "", bot.Policy{Required: 1}, time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Change(t.Context(), r.ID, "no"+ask.ID, func(r *bot.Request) error {
			return r.Withdraw(bot.Event{ID: "no" + ask.ID, By: ben}, r.Version, time.Now())
		}); err != nil {
			t.Error(err)
		}
		if list, err := s.List(t.Context(), bot.Filter{By: &ben, Limit: 10}); err != nil || len(list) != i+1 {
			t.Errorf("listed %d, error %v", len(list), err)
		}
		if h, err := s.History(t.Context(), r.ID, 0); err != nil || len(h) != 2 {
			t.Errorf("%d entries, error %v", len(h), err)
		}
	}
	if f := store.Check(t.Context(), url); f.Err != nil {
		t.Errorf("doctor says %v", f.Err)
	}

	beside(t, url, `UPDATE tables SET works_with = 99`)
	_, err := store.Open(t.Context(), store.Options{URL: url, Now: time.Now})
	if err == nil || !strings.Contains(err.Error(), "made by a newer communitybot") || !strings.Contains(err.Error(), "Start the newer one") {
		t.Errorf("error %v, want one that says what to do", err)
	}
	if f := store.Check(t.Context(), url); f.Err == nil || !strings.Contains(f.Err.Error(), "newer") {
		t.Errorf("doctor says %+v", f)
	}
}
