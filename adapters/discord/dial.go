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

// dial opens the WebSocket: where the session is kept, or where Discord says that new ones are.
func (a *Adapter) dial(ctx context.Context, s *session) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, a.pace.handshake)
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
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: a.pace.handshake}
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
		return "", &usedUp{time.Duration(at.Limit.Reset) * time.Millisecond}
	}
	if app, err := a.me(ctx); err == nil && app.Endpoint != "" {
		a.log.ErrorContext(ctx, "discord: "+elsewhere, "url", app.Endpoint)
	}
	return at.URL, nil
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
	if f.Op != opHello || json.Unmarshal(f.Data, &hello) != nil || hello.Interval <= 0 {
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
