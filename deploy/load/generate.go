package main

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// numbers gives each request its own number, from 1.
type numbers struct{ last atomic.Int64 }

func (n *numbers) next() int { return int(n.last.Add(1)) }

// sample is what was measured of one kind of request at one server.
type sample struct {
	perSecond      float64
	p50, p99, p999 time.Duration
	cpu            time.Duration // of the server, for 1,000 requests
}

// times collects how long answers took.
type times struct {
	mu  sync.Mutex
	all []time.Duration
}

func (t *times) add(took []time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, took...)
}

// sample sums up what was collected in a while.
func (t *times) sample(in, cpu time.Duration) sample {
	slices.Sort(t.all)
	at := func(q float64) time.Duration {
		if len(t.all) == 0 {
			return 0
		}
		return t.all[min(len(t.all)-1, int(q*float64(len(t.all))))]
	}
	s := sample{perSecond: float64(len(t.all)) / in.Seconds(), p50: at(.5), p99: at(.99), p999: at(.999)}
	if len(t.all) > 0 {
		s.cpu = cpu * 1000 / time.Duration(len(t.all))
	}
	return s
}

// closedLoop keeps the server busy: each connection sends its next request when it has the answer to the last. What is
// answered in the first quarter, the warm-up, does not count. It ends early after most requests; 0: no end.
func (b *bench) closedLoop(s *server, k kind, n *numbers, most int) (sample, error) {
	var all times
	var cpuBefore time.Duration
	began := time.Now()
	warm, end := began.Add(b.each/4), began.Add(b.each)
	measured := sync.OnceFunc(func() { cpuBefore = s.cpu() })
	var group errgroup.Group
	for range b.connections {
		group.Go(func() error {
			c, err := dial(s.address)
			if err != nil {
				return err
			}
			defer c.Close()
			var request []byte
			var took []time.Duration
			defer func() { all.add(took) }()
			for {
				number := n.next()
				sent := time.Now()
				if sent.After(end) || most > 0 && number > most {
					return nil
				}
				if sent.After(warm) {
					measured()
				}
				request = k.signed(request, number)
				sent = time.Now()
				status, body, err := c.ask(request)
				if err == nil {
					err = k.check(status, body)
				}
				if err != nil {
					return err
				}
				if sent.After(warm) {
					took = append(took, time.Since(sent))
				}
			}
		})
	}
	err := group.Wait()
	return all.sample(time.Since(warm), s.cpu()-cpuBefore), err
}

// due is a request and when it is to be sent.
type due struct {
	at      time.Time
	request []byte
}

// openLoop sends requests at a rate, whatever becomes of those before. A latency counts from when a request was to be
// sent: one that had to wait for its turn waited for the server.
func (b *bench) openLoop(ctx context.Context, s *server, k kind, n *numbers, rate int, d time.Duration) (sample, error) {
	var all times
	count := int(d.Seconds() * float64(rate))
	dues := make(chan due, count)
	group, ctx := errgroup.WithContext(ctx)
	for range b.connections {
		group.Go(func() error {
			c, err := dial(s.address)
			if err != nil {
				return err
			}
			defer c.Close()
			var took []time.Duration
			defer func() { all.add(took) }()
			for next := range dues {
				status, body, err := c.ask(next.request)
				if err == nil {
					err = k.check(status, body)
				}
				if err != nil {
					return err
				}
				took = append(took, time.Since(next.at))
			}
			return nil
		})
	}
	began, cpuBefore := time.Now().Add(50*time.Millisecond), s.cpu()
	group.Go(func() error {
		defer close(dues)
		runtime.LockOSThread() // a timer of Go's is a millisecond late
		defer runtime.UnlockOSThread()
		for i := range count {
			next := due{began.Add(time.Duration(i) * time.Second / time.Duration(rate)), k.signed(nil, n.next())}
			for wait := time.Until(next.at); wait > 0; wait = time.Until(next.at) {
				rest := syscall.NsecToTimespec(int64(wait))
				_ = syscall.Nanosleep(&rest, nil) // a signal ends it early: hence the loop
			}
			if ctx.Err() != nil {
				return nil
			}
			dues <- next
		}
		return nil
	})
	err := group.Wait()
	return all.sample(time.Since(began), s.cpu()-cpuBefore), err
}
