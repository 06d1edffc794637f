package slackfake

import (
	"net/http"
	"slices"

	"communitybot/adapters/person"
)

// webSocket is the method of what goes by WebSocket.
const webSocket = "WEBSOCKET"

// received is a request of the bot's, for the log. For GET, what was sent is the query.
func received(method, sent string, r *http.Request) logged {
	return logged{Request: Request{Method: method, Body: sent, Header: r.Header}, verb: r.Method, path: r.URL.RequestURI()}
}

// Wire returns every exchange so far as it went over the wire, in the order in which they began, with secrets masked. In
// Socket Mode a body is the envelope, the answer what acknowledged it, and the status of that is 200.
func (f *Fake) Wire() []person.Exchange {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]person.Exchange, len(f.log))
	for i, x := range f.log {
		all[i] = x.exchange()
	}
	return all
}

func (x *logged) exchange() person.Exchange {
	e := person.Exchange{
		At: x.At, Took: x.Took, FromBot: !x.Delivery, What: x.Method, Method: x.verb, Path: x.path,
		Header: x.Header, Body: x.Body, Status: x.Status, Answer: x.Response,
		Turns: slices.Clone(x.turns), Uses: x.uses, Draws: slices.Clone(x.draws),
	}
	switch x.verb {
	case http.MethodGet: // the arguments are in the path
		e.Body = ""
	case webSocket:
		e.Body, e.Answer = x.frame, x.ack
	}
	return e
}
