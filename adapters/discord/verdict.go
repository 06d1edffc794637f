package discord

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"communitybot/bot"

	"github.com/gorilla/websocket"
)

var (
	errReconnect = errors.New("discord: the gateway asks to connect again")
	errSilent    = errors.New("discord: the gateway did not answer a heartbeat")
	errPanic     = errors.New("discord: a panic")
)

// invalidSession says that Discord does not go on with the session, or not on this connection.
type invalidSession struct{ resumable bool }

func (e *invalidSession) Error() string { return "discord: the gateway's session is invalid" }

// usedUp says that no session can be begun for a while.
type usedUp struct{ wait time.Duration }

func (e *usedUp) Error() string {
	return fmt.Sprintf("discord: the bot began all the gateway sessions that it may in a day; the next one in %s", e.wait)
}

// refusals are the close codes after which Discord takes nobody back, with what an operator can do.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
var refusals = map[int]string{
	4004: "DISCORD_BOT_TOKEN is not accepted: copy it anew from the Developer Portal, under Bot",
	4010: "the shard is not one of this bot's",
	4011: "the bot is in more servers than one connection serves: use HTTP, by setting DISCORD_PUBLIC_KEY",
	4012: "this version of the gateway is no longer served: update the bot",
	4013: "the intents are not valid: update the bot",
	4014: "the intents are not allowed: update the bot",
}

// verdict is what follows from the end of a connection.
type verdict struct {
	err   error         // for the log and for readiness
	final bool          // trying again won't mend it
	fresh bool          // the session is over
	wait  time.Duration // at least, before the next try
}

// judge decides what follows from the end of a connection.
func (a *Adapter) judge(err error) verdict {
	v := verdict{err: err}
	var (
		closed  *websocket.CloseError
		invalid *invalidSession
		spent   *usedUp
		away    *goElsewhere
		refused *bot.Error
	)
	switch {
	case errors.As(err, &closed):
		v.err = fmt.Errorf("discord: the gateway closed the connection with %d %s", closed.Code, closed.Text)
		if why := refusals[closed.Code]; why != "" {
			v.err, v.final = fmt.Errorf("discord: %s (close code %d)", why, closed.Code), true
		}
		switch closed.Code {
		case 4003, 4005, 4007, 4009: // not or already identified, a wrong sequence, too long away
			v.fresh = true
		}
	case errors.As(err, &invalid):
		v.fresh = !invalid.resumable
		v.wait = a.pace.invalid + rand.N(4*a.pace.invalid)
	case errors.As(err, &spent):
		v.wait = spent.wait
	case errors.As(err, &away):
		v.final = true
	case errors.As(err, &refused):
		v.wait = refused.RetryAfter
		if refused.Code == bot.Forbidden {
			v.err, v.final = fmt.Errorf("discord: %s", refusals[4004]), true
		}
	case errors.Is(err, websocket.ErrReadLimit), errors.Is(err, errPanic): // it would come again
		v.fresh = true
	}
	return v
}
