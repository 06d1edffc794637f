package deploy_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync"
	"testing"
	"time"
)

// balancer spreads requests over replicas, one after the other: no session sticks. It leaves out those that are not ready,
// as load balancers do: a moment late.
type balancer struct {
	*httptest.Server
	client *http.Client

	mu    sync.Mutex
	to    map[int]string // where each replica listens
	ready map[int]bool
	next  int
	took  map[int]int // requests, by replica
}

const (
	probeEvery = 250 * time.Millisecond
	probeWait  = time.Second
)

func startBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{client: &http.Client{Timeout: probeWait}, to: map[int]string{}, ready: map[int]bool{}, took: map[int]int{}}
	proxy := &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.Out.URL.Scheme = "http" },
		Transport:    roundTripper(b.send),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	b.Server = httptest.NewServer(proxy)
	ctx, stop := context.WithCancel(context.Background())
	var probing sync.WaitGroup
	probing.Go(func() {
		for pause(ctx, probeEvery) {
			b.probe()
		}
	})
	t.Cleanup(func() { stop(); probing.Wait(); b.CloseClientConnections(); b.Close() })
	return b
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// send gives a request to the next replica, and to another one only if that one can't be reached: what may have been heard
// is not said twice.
func (b *balancer) send(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	for range 3 {
		r.Body, r.URL.Host = io.NopCloser(bytes.NewReader(body)), b.pick()
		var answer *http.Response
		answer, err = http.DefaultTransport.RoundTrip(r)
		if dial, ok := err.(*net.OpError); !ok || dial.Op != "dial" {
			return answer, err
		}
	}
	return nil, err
}

// pick returns where the next replica listens.
func (b *balancer) pick() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range len(b.to) {
		b.next = (b.next + 1) % len(b.to)
		if b.ready[b.next] {
			b.took[b.next]++
			return b.to[b.next]
		}
	}
	return "127.0.0.1:1" // nobody is there
}

// is tells where a replica listens.
func (b *balancer) is(replica int, address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to[replica], b.ready[replica] = address, false
}

// probe asks each replica whether it is ready.
func (b *balancer) probe() {
	b.mu.Lock()
	to := make(map[int]string, len(b.to))
	for i, address := range b.to {
		to[i] = address
	}
	b.mu.Unlock()
	var all sync.WaitGroup
	for i, address := range to {
		all.Go(func() {
			answer, err := b.client.Get("http://" + address + "/readyz")
			ready := err == nil && answer.StatusCode == http.StatusOK
			if err == nil {
				_ = answer.Body.Close()
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			b.ready[i] = ready && b.to[i] == address
		})
	}
	all.Wait()
}
