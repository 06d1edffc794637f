package sandbox

import (
	"sync/atomic"
	"time"
)

// clock is the time in the sandbox, for the bot and both chats: it can be ahead of the real one.
type clock struct{ ahead atomic.Int64 }

// Now returns the time.
func (c *clock) Now() time.Time { return time.Now().Add(c.Ahead()) }

// Ahead returns how far it was moved.
func (c *clock) Ahead() time.Duration { return time.Duration(c.ahead.Load()) }

func (c *clock) move(d time.Duration) { c.ahead.Add(int64(d)) }
