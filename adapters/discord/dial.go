package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/gorilla/websocket"
)

// dial opens the WebSocket until due: where the session is kept, or where Discord says that new ones are.
func (a *Adapter) dial(ctx context.Context, s *session, due time.Time) (*websocket.Conn, error) {
	ctx, cancel := context.WithDeadline(ctx, due)
	defer cancel()
	where := s.url
	if where == "" {
		var err error
		if where, err = a.gateway(ctx, s.id == ""); err != nil {
			return nil, err
		}
	}
	at, err := url.Parse(where)
	if err != nil || (at.Scheme != "ws" && at.Scheme != "wss") {
		return nil, errors.New("discord: the gateway's address is not one of a WebSocket")
	}
	at.RawQuery = "v=10&encoding=json"
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment}
	conn, res, err := dialer.DialContext(ctx, at.String(), http.Header{"User-Agent": {a.rest.session.UserAgent}})
	if res != nil {
		_ = res.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("discord: connecting to the gateway: %w", err)
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// day is for how long sessions may be used up: each day has its own. A number that is wrong must not keep the bot away for ever.
const day = 24 * time.Hour

// gateway asks where the gateway is. To begin a session, there must be one left for today.
// https://discord.com/developers/docs/events/gateway#get-gateway-bot
func (a *Adapter) gateway(ctx context.Context, fresh bool) (string, error) {
	var at struct {
		URL   string `json:"url"`
		Limit *struct {
			Remaining int   `json:"remaining"`
			Reset     int64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	if _, err := a.call(ctx, http.MethodGet, "/gateway/bot", nil, &at); err != nil {
		return "", err
	}
	if !fresh {
		return at.URL, nil
	}
	if at.Limit != nil && at.Limit.Remaining <= 0 {
		return "", &usedUp{time.Duration(min(at.Limit.Reset, day.Milliseconds())) * time.Millisecond}
	}
	return at.URL, a.comeHere(ctx)
}

// goElsewhere says that Discord sends interactions to an Interactions Endpoint URL, so that none comes over the gateway.
type goElsewhere struct{ url string }

func (e *goElsewhere) Error() string { return fmt.Sprintf("discord: %s (%s)", elsewhere, e.url) }

// comeHere returns a goElsewhere error when interactions go elsewhere. When Discord does not say, they are expected here.
func (a *Adapter) comeHere(ctx context.Context) error {
	if app, err := a.me(ctx); err == nil && app.Endpoint != "" {
		return &goElsewhere{app.Endpoint}
	}
	return nil
}

// watch looks from time to time whether interactions go elsewhere by now, and closes the connection when they do.
func (x *wire) watch(ctx context.Context) {
	for {
		sleep(ctx, x.pace.look)
		if ctx.Err() != nil {
			return
		}
		if err := x.comeHere(ctx); err != nil {
			x.shut(err, closeAndResume)
			return
		}
	}
}

// greet reads Discord's hello and says who we are.
func (x *wire) greet() error {
	f, err := x.read()
	if err != nil {
		return err
	}
	var hello struct {
		Interval float64 `json:"heartbeat_interval"` // milliseconds
	}
	least, most := float64(x.pace.fastest.Milliseconds()), float64(x.pace.slowest.Milliseconds())
	if f.Op != opHello || json.Unmarshal(f.Data, &hello) != nil || hello.Interval < least || hello.Interval > most {
		return errors.New("discord: the gateway did not say hello")
	}
	x.every = time.Duration(hello.Interval * float64(time.Millisecond))
	if x.session.id != "" {
		return x.write(opResume, map[string]any{"token": x.rest.token, "session_id": x.session.id, "seq": x.session.seq.Load()})
	}
	return x.write(opIdentify, map[string]any{
		"token": x.rest.token, "intents": 0, // interactions need none
		"properties": map[string]string{"os": runtime.GOOS, "browser": "communitybot", "device": "communitybot"},
	})
}
