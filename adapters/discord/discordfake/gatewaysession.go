package discordfake

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strings"

	"github.com/gorilla/websocket"
)

// isToken reports whether that is the bot's token. Discord takes it with and without "Bot " before it.
func (f *Fake) isToken(s string) bool { return strings.TrimPrefix(s, "Bot ") == f.options.BotToken }

// identify begins a session.
//
// https://docs.discord.com/developers/events/gateway-events#identify
func (f *Fake) identify(x *socket, data json.RawMessage) {
	var who struct {
		Token      string             `json:"token"`
		Intents    *int64             `json:"intents"`
		Properties *map[string]string `json:"properties"`
		Shard      []int              `json:"shard"`
	}
	undecodable := json.Unmarshal(data, &who) != nil
	g := &f.gateway
	switch {
	case x.session != nil:
		x.close(closeTwice, "Already authenticated.")
	case undecodable || who.Properties == nil:
		x.close(closeUndecodable, "Error while decoding payload.")
	case !f.isToken(who.Token), g.limit.Remaining == 0: // Discord resets the token then
		x.close(closeToken, "Authentication failed.")
	case g.refuse != 0:
		x.close(g.refuse, "Refused.")
	case who.Intents == nil || *who.Intents < 0 || bits.Len64(uint64(*who.Intents)) > biggestIntent:
		x.close(closeIntents, "Invalid intent(s).")
	case *who.Intents&privilegedIntents != 0:
		x.close(closeForbidden, "Disallowed intent(s).")
	case who.Shard != nil && !slices.Equal(who.Shard, []int{0, 1}):
		x.close(closeShard, "Invalid shard.")
	default:
		g.limit.Remaining--
		g.identified++
		s := &session{id: "session" + f.nextID(), on: x}
		x.session = s
		g.sessions = append(g.sessions, s)
		s.dispatch("READY", map[string]any{
			"v": 10, "user": f.bot, "guilds": []any{map[string]any{"id": f.options.GuildID, "unavailable": true}},
			"session_id": s.id, "session_type": "normal", "resume_gateway_url": f.gatewayURL(), "shard": []int{0, 1},
			"application": map[string]any{"id": f.options.ApplicationID, "flags": 0}, "private_channels": []any{}, "relationships": []any{},
		})
		g.change()
	}
}

// resume goes on with a session: what the bot missed comes first.
//
// https://docs.discord.com/developers/events/gateway#resuming
func (f *Fake) resume(x *socket, data json.RawMessage) {
	var who struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	undecodable := json.Unmarshal(data, &who) != nil
	s := f.gateway.session(who.Session)
	switch {
	case x.session != nil:
		x.close(closeTwice, "Already authenticated.")
	case undecodable:
		x.close(closeUndecodable, "Error while decoding payload.")
	case !f.isToken(who.Token):
		x.close(closeToken, "Authentication failed.")
	case s == nil || who.Seq < s.seq-int64(len(s.events)):
		x.send(frame{Op: opInvalid, Data: false})
	case who.Seq > s.seq:
		x.close(closeSeq, "Invalid seq.")
	default:
		if s.on != nil {
			s.on.close(websocket.CloseNormalClosure, "")
		}
		missed := s.events[int64(len(s.events))-(s.seq-who.Seq):]
		for _, e := range missed {
			x.send(e)
		}
		s.on, x.session = x, s
		s.dispatch("RESUMED", map[string]any{})
		f.gateway.resumed++
		f.gateway.change()
	}
}
