package discord

import (
	"context"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"

	"github.com/gorilla/websocket"
)

// typedOverGateway is a typed command as the gateway brings it.
const typedOverGateway = `{"id":"77","token":"tok","type":2,"channel_id":"5","user":{"id":"9"},"data":{"name":"hello"}}`

func TestWhatWasReadIsAnsweredInTheEnd(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	in := newIntake(w.a, bot.HandlerFunc(w.handle))
	for range maxAnswering {
		in.slots <- struct{}{}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	taken := make(chan struct{})
	go func() {
		defer close(taken)
		in.take(over, []byte(typedOverGateway))
	}()
	<-in.slots // somebody is done
	<-taken
	in.drain()
	if n := len(w.seen(bot.Open)); n != 1 || !in.seen["77"] {
		t.Errorf("it was answered %d times, remembered: %t", n, in.seen["77"])
	}
}

func TestAnEventThatWasReadIsHandledWhenTheConnectionEnds(t *testing.T) {
	w, a := newOddGateway(t, func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":0,"s":7,"t":"INTERACTION_CREATE","d":`+typedOverGateway+`}`))
		_, _, _ = c.ReadMessage()
	})
	conn, err := a.dial(t.Context(), new(session), time.Now().Add(10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	l := &lease{Adapter: a}
	l.lasts(time.Now().Add(time.Minute))
	x := &wire{Adapter: a, conn: conn, session: new(session), lease: l, intake: newIntake(a, bot.HandlerFunc(w.handle)), due: time.Now().Add(10 * time.Second)}
	if err := x.next(over); err != nil {
		t.Error(err)
	}
	x.intake.drain()
	if n := len(w.seen(bot.Open)); n != 1 || x.session.seq.Load() != 7 {
		t.Errorf("%d events, sequence %d", n, x.session.seq.Load())
	}
}

func TestWhatFoundNoRoomIsNotRemembered(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.a.pace.answer = 10 * time.Millisecond
	in := newIntake(w.a, bot.HandlerFunc(w.handle))
	for range maxAnswering {
		in.slots <- struct{}{}
	}
	body := []byte(typedOverGateway)
	in.take(t.Context(), body)
	if len(w.seen(bot.Open)) != 0 || w.log.count("too many are being answered") != 1 {
		t.Errorf("the log:\n%s", w.log)
	}
	<-in.slots
	w.a.pace.answer = patience
	in.take(t.Context(), body)
	in.drain()
	if n := len(w.seen(bot.Open)); n != 1 {
		t.Errorf("sent again, it was answered %d times", n)
	}
}
