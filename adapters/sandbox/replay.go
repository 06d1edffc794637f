package sandbox

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Which request a step belongs to is not guessed from what it says: people can say anything, and two can say the same. It
// is known
//   - of a call that the bot makes for a request by itself, from the header in which it names that;
//   - of what somebody did, from the bot's own history, which has the ID of the event behind each entry;
//   - of a click on a message, from what drew the message.
//
// All else of a story leads there: what was answered to the same turn, and what had drawn the message that was clicked on.

// getReplay answers GET /api/replay/{request}: the same as its page, as data.
func (s *Sandbox) getReplay(r *http.Request) (any, error) {
	n, err := strconv.Atoi(r.PathValue("request"))
	if err != nil {
		return nil, noNumber
	}
	story, err := s.replay(r.Context(), n)
	return append([]step{}, story...), err
}

// noNumber is the answer to who asks for the story of something else.
var noNumber = notFound("Requests have numbers, such as 1. Press Replay on a card to see the story of its request.")

// replay returns what went over the wires because of one request, from the command to the last reply.
func (s *Sandbox) replay(ctx context.Context, request int) ([]step, error) {
	events, err := s.running().Events(ctx)
	if err != nil {
		return nil, err
	}
	drawn := make(map[string]int)
	for _, c := range s.chats {
		maps.Copy(drawn, c.cards()) // their IDs are not alike
	}
	return newLog(s.steps(), events, drawn).story(request), nil
}

// log is all that went over the wires, in order, with what is known of whose it is.
type log struct {
	steps []step
	own   []int          // by step: the request that it belongs to and no other; 0: none, or it is not known
	cards map[string]int // by message: the request that the bot drew it for, or 0
	turns map[string][]int
}

// newLog takes requests by their events, and by the messages that were drawn for them.
func newLog(steps []step, events map[string]int64, cards map[string]int) log {
	history := make(map[string]int) // by the platform's own ID, with which that of an event ends
	for id, request := range events {
		history[id[strings.LastIndex(id, ":")+1:]] = int(request)
	}
	l := log{steps: steps, own: make([]int, len(steps)), cards: cards, turns: make(map[string][]int)}
	for i, t := range steps {
		for _, id := range t.joins.turns {
			l.turns[id] = append(l.turns[id], i)
		}
		l.own[i] = t.marked
		for _, id := range t.joins.turns {
			if l.own[i] == 0 {
				l.own[i] = history[id]
			}
		}
	}
	l.addNotes()
	return l
}

// addNotes adds to the cards what somebody alone saw because of what they did for a request.
func (l log) addNotes() {
	first := make(map[string]int) // by message: whose step drew it first; a list of several is nobody's
	for i, t := range l.steps {
		for _, id := range t.joins.draws {
			if _, known := first[id]; !known {
				first[id] = l.own[i]
			}
		}
	}
	for id, request := range first {
		if l.cards[id] == 0 {
			l.cards[id] = request
		}
	}
}

// cards returns, by message, the request that the bot drew it for.
func (c *chat) cards() map[string]int {
	found := make(map[string]int)
	for _, x := range c.Wire() {
		for _, id := range x.Draws {
			if n := marked(x.Header); x.FromBot && n != 0 {
				found[id] = n
			}
		}
	}
	return found
}

// story returns the steps of one request.
func (l log) story(request int) (story []step) {
	in := make([]bool, len(l.steps))
	var open []int // taken in, and not followed yet
	take := func(i int) {
		if !in[i] && (l.own[i] == 0 || l.own[i] == request) {
			in[i] = true
			open = append(open, i)
		}
	}
	for i, t := range l.steps {
		if l.own[i] == request || l.cards[t.joins.uses] == request {
			take(i)
		}
	}
	for len(open) > 0 {
		i := open[0]
		open = open[1:]
		if l.steps[i].marked != 0 { // by itself: if it used somebody's turn for that, then only as a way to them
			continue
		}
		for _, id := range l.steps[i].joins.turns {
			for _, other := range l.turns[id] {
				take(other)
			}
		}
		if drawn := l.drawn(i); drawn >= 0 {
			take(drawn)
		}
	}
	for i, t := range l.steps {
		if in[i] {
			story = append(story, t)
		}
	}
	return story
}

// drawn returns the step that had drawn the message that a click was on, when it is no request's: a private one, or a
// list of several. -1: there is none.
func (l log) drawn(click int) int {
	message := l.steps[click].joins.uses
	if message == "" || l.cards[message] != 0 {
		return -1
	}
	for i, t := range slices.Backward(l.steps[:click]) {
		if slices.Contains(t.joins.draws, message) && (l.own[i] == 0 || l.own[i] == l.own[click]) {
			return i
		}
	}
	return -1
}
