package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

// The size of a frame. Slack ignores answers of 20 KB and more, and those that come in several frames, which is how
// gorilla sends what is larger than its buffer.
const (
	maxAck      = 20 << 10
	writeBuffer = 32 << 10
	maxFrame    = 8 << 20 // of Slack's
)

// ack acknowledges an envelope, with the answer to it.
// https://docs.slack.dev/apis/events-api/using-socket-mode#acknowledge
func (c *connection) ack(ctx context.Context, envelope string, answer []byte) {
	err := c.gone()
	if err == nil {
		err = c.write(ackFrame(envelope, answer))
	}
	if err != nil {
		c.log.WarnContext(ctx, "slack: not acknowledged", "envelope", envelope, "error", err)
	}
}

// gone returns why nothing can be sent any more: writing alone would not find out that Slack is not there.
func (c *connection) gone() error {
	select {
	case <-c.ended:
	default:
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped { // by us, and Slack still listens
		return nil
	}
	return c.lost
}

func (c *connection) write(frame []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(callWithin)) // writing fails if this does
	return c.ws.WriteMessage(websocket.TextMessage, frame)
}

// ackFrame returns what acknowledges an envelope.
func ackFrame(envelope string, answer []byte) []byte {
	var r socketmode.Response
	r.EnvelopeID = envelope
	if len(answer) > 0 {
		r.Payload = json.RawMessage(answer)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(r) // an ID and JSON
	return b.Bytes()
}
