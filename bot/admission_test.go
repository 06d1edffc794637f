package bot_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/bottest"
)

func TestATokenThatIsRefused(t *testing.T) {
	var log bytes.Buffer
	clock := bottest.NewClock(start)
	a := bot.Admission{Platform: "slack", Log: slog.New(slog.NewTextHandler(&log, nil)), Now: clock.Now}
	if a.Err() != nil || !a.Ask() || a.Ask() {
		t.Errorf("at first: %v", a.Err())
	}
	a.Granted("token")
	clock.Move(time.Hour)
	if a.Ask() {
		t.Error("it asks although it is let in")
	}
	for range 3 {
		a.Refused("token", errors.New("token_revoked"))
	}
	if err := a.Err(); bot.CodeOf(err) != bot.Forbidden || !strings.Contains(err.Error(), "token_revoked") {
		t.Errorf("ready with %v", err)
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
		t.Errorf("it is said %d times: %s", n, &log)
	}
	a.Granted("posting")
	if a.Err() == nil || a.Ask() {
		t.Error("something else that works says that the token does")
	}
	clock.Move(time.Minute)
	if !a.Ask() || a.Ask() || a.Err() == nil {
		t.Error("it does not ask once a minute")
	}
	clock.Move(4*time.Minute - 1)
	if a.Err() == nil {
		t.Error("forgotten too early")
	}
	clock.Move(1)
	if err := a.Err(); err != nil {
		t.Errorf("a bot that gets no requests would never be ready again: %v", err)
	}
	a.Refused("token", errors.New("token_revoked"))
	a.Granted("token")
	if err := a.Err(); err != nil || !strings.Contains(log.String(), "lets the bot in again") {
		t.Errorf("let in again: %v", err)
	}
}
